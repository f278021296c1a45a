import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../contract/conditions.ts';
import { conditionOf, draftOf } from './condition-draft.ts';
import { customerFields, type Field } from './condition-fields.ts';
import { sentenceOf } from './condition-sentence.ts';
import { Refused } from './refused.ts';

const fields: readonly Field[] = [
  { attribute: 'sign_in.number', label: 'Sign-in', type: 'number' },
  { attribute: 'lot', label: 'Customer by lot', type: 'percentage' },
  ...customerFields([{ path: 'gender', type: 'text', labels: { en: 'Gender' } }], {}),
];
const third: Condition = { attribute: 'sign_in.number', is: 'at_least', value: 3 };
const lumiere: Condition = { attribute: 'brand', is: 'equals', value: 'lumiere' };
const unknown: Condition = { attribute: 'gender', is: 'exists', value: false };

const kept: readonly Condition[] = [
  { all: [third, { attribute: 'sign_in.number', is: 'every', value: 2 }, unknown] },
  { any: [lumiere, { not: lumiere }, { all: [third, unknown] }] },
  {
    all: [
      { any: [third, lumiere] },
      { not: { any: [lumiere, { attribute: 'tag', is: 'one_of', value: ['a', 'b'] }] } },
    ],
  },
  {
    all: [
      { attribute: 'blocked', is: 'equals', value: false },
      { attribute: 'last_login', is: 'before', value: '2026-01-01' },
    ],
  },
  {
    all: [
      { attribute: 'sign_in.number', is: 'one_of', value: [3, 6] },
      { attribute: 'tag', is: 'contains', value: 'vip' },
    ],
  },
];

test('what the builder shows it writes again as it was', () => {
  for (const condition of kept) {
    const draft = draftOf(condition);
    assert.ok(draft, JSON.stringify(condition));
    assert.deepEqual(conditionOf(draft, fields, 'when'), condition);
  }
});

test('one condition alone is one line; what goes deeper than the builder shows is not taken for something else', () => {
  const alone = draftOf(third);
  assert.ok(alone);
  assert.deepEqual(conditionOf(alone, fields, 'when'), { all: [third] });
  const negated = draftOf({ not: { any: [third, lumiere] } });
  assert.ok(negated);
  assert.deepEqual(conditionOf(negated, fields, 'when'), { all: [{ not: { any: [third, lumiere] } }] });
  assert.equal(draftOf({ all: [{ any: [{ all: [third, lumiere] }, unknown] }] }), undefined);
  assert.equal(draftOf({ all: [{ not: { not: third } }] }), undefined);
});

test('what is not finished is refused with a sentence', () => {
  const refused = [
    { joint: 'all', parts: [{ attribute: 'tag', is: 'equals', text: ' ' }] },
    { joint: 'all', parts: [{ attribute: 'sign_in.number', is: 'at_least', text: 'three' }] },
    { joint: 'all', parts: [{ attribute: 'lot', is: 'less', text: '120' }] },
    { joint: 'all', parts: [{ joint: 'any', lines: [] }] },
  ] as const;
  for (const draft of refused) assert.throws(() => conditionOf(draft, fields, 'when'), Refused);
});

test('a condition reads as a sentence', () => {
  assert.equal(
    sentenceOf({ all: [third, { any: [lumiere, unknown] }] }, fields),
    'Sign-in is at least 3 and (Was at the brand is lumiere or Gender is not known)',
  );
});

test('a percentage is drawn by lot, and reads so', () => {
  const draft = { joint: 'all', parts: [{ attribute: 'lot', is: 'less', text: '20 %' }] } as const;
  const fifth = conditionOf(draft, fields, 'when');
  assert.deepEqual(fifth, { all: [{ attribute: 'lot', is: 'less', value: 20 }] });
  assert.equal(fifth && sentenceOf(fifth, fields), 'Customer by lot is among the first 20 %');
  assert.deepEqual(draftOf(fifth)?.parts, [{ attribute: 'lot', is: 'less', text: '20' }]);
});
