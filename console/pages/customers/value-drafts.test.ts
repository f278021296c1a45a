import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { draftOf, kindOf, readDraft } from './value-drafts.ts';

const types = 'text number boolean date birthday choice choices list country phone email url json'.split(' ');

test('whatever a value is, what is saved unchanged is the same value', () => {
  const text = fc.string({ minLength: 1 }).filter((one) => one.trim() === one);
  const line = text.filter((one) => !/[\r\n]/.test(one));
  const some = fc.oneof(
    line,
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
    fc.boolean(),
    fc.uniqueArray(line, { minLength: 1 }),
    fc
      .jsonValue()
      .filter((one) => one !== null && JSON.stringify(one) === JSON.stringify(JSON.parse(JSON.stringify(one)))),
  );
  // Forms of texts have a test of their own.
  const free = fc.constantFrom(undefined, 'text', 'number', 'boolean', 'choice', 'choices', 'list', 'json');
  fc.assert(
    fc.property(some, free, (value, type) => {
      const kind = kindOf(type ? { type } : undefined, value);
      const draft = draftOf(kind, value);
      if (draft.trim() === '') return;
      assert.deepEqual(readDraft(kind, type, draft), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('what is not of its type is refused at the field, in words', () => {
  const wrong: [string, string][] = [
    ['number', 'many'],
    ['date', '17.5.1990'],
    ['birthday', '05-17'],
    ['country', 'France'],
    ['phone', '06 12'],
    ['email', 'ada'],
    ['url', 'javascript:alert(1)'],
    ['json', '{'],
    ['json', 'null'],
    ...types.map((type): [string, string] => [type, '  ']),
  ];
  for (const [type, text] of wrong) {
    const kind = kindOf({ type }, undefined);
    assert.throws(() => readDraft(kind, type, text), { field: 'text' }, `${type}: ${text}`);
  }
});

test('what is right is kept as its type', () => {
  const right: [string, string, unknown][] = [
    ['number', ' 3.5 ', 3.5],
    ['boolean', 'no', false],
    ['birthday', '--05-17', '--05-17'],
    ['country', 'FR', 'FR'],
    ['list', 'rose\n\n jasmine \nrose', ['rose', 'jasmine']],
    ['json', '{"a":[1]}', { a: [1] }],
  ];
  for (const [type, text, value] of right) {
    assert.deepEqual(readDraft(kindOf({ type }, undefined), type, text), value);
  }
});
