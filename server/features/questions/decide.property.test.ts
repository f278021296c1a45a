import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type QuestionField, questionContent } from '../../../contract/questions.ts';
import { type Case, decide } from './decide.ts';
import type { Live } from './due.ts';
import type { Asked } from './history.ts';

// Whatever questions there are and whatever a customer was asked before: at most one question, nothing that is known,
// nothing in a pause, nothing that they do not want to hear again.

const start = Date.UTC(2026, 10, 1);
const day = 86_400_000;
const paths = ['user_metadata.scents', 'birthdate', 'user_metadata.job', 'locale'];

const fields: fc.Arbitrary<unknown> = fc
  .uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 3 })
  .map((some) => some.map((path, at) => ({ type: 'text', key: `f${at}`, labels: { en: 'x' }, path })));
const variant = (key: string) => fields.map((some) => ({ key, heading: { en: 'x' }, fields: some }));
const places = fc.constantFrom('page' as const, 'page' as const, 'page' as const, 'embedded' as const);
const contents = fc.record({
  place: places,
  variants: fc.oneof(
    variant('a').map((one) => [one]),
    fc.tuple(variant('a'), variant('b')),
  ),
  hold_out: fc.constantFrom(0, 0, 50),
  not_now: fc.record({ unit: fc.constantFrom('sign_ins', 'days'), steps: fc.constant([1, 2, 4, 4]) }),
});
const moment = fc.option(
  fc.integer({ min: -20, max: 20 }).map((days) => new Date(start + days * day)),
  { nil: null },
);
const questions: fc.Arbitrary<Live[]> = fc
  .array(
    fc.record({
      brand: fc.constantFrom(null, 'north', 'south'),
      state: fc.constantFrom('live' as const, 'live' as const, 'draft' as const, 'paused' as const),
      startsAt: moment,
      endsAt: moment,
      content: contents.map((one) => questionContent.parse(one)),
    }),
    { maxLength: 6 },
  )
  .map((all) => all.map((one, number) => ({ id: `q${number}`, ...one })));
const asked: fc.Arbitrary<Asked> = fc.record({
  question: fc.constantFrom('q0', 'q1', 'q2', 'q3', 'q4', 'q5'),
  lastShownAt: fc.integer({ min: -40, max: 0 }).map((days) => new Date(start + days * day)),
  putOff: fc.nat(6),
  lastPutOff: fc.option(
    fc.record({ at: fc.integer({ min: -10, max: 0 }).map((days) => new Date(start + days * day)), signIn: fc.nat(9) }),
    { nil: null },
  ),
  never: fc.boolean(),
  answered: fc.subarray(['f0', 'f1', 'f2']),
});
const cases: fc.Arbitrary<Case & { known: string[]; holding: string[] }> = fc
  .record({
    occasion: fc.record({
      at: fc.constant(new Date(start)),
      brand: fc.constantFrom('north', 'south', null),
      signIn: fc.integer({ min: 1, max: 12 }),
      place: places,
    }),
    customer: fc.uuid(),
    asks: fc.uniqueArray(asked, { maxLength: 4, selector: ({ question }) => question }),
    known: fc.subarray(paths),
    holding: fc.subarray(['q0', 'q1', 'q2', 'q3', 'q4', 'q5']),
    pauseDays: fc.constantFrom(0, 7, 30),
  })
  .map(({ asks, known, ...one }) => ({
    ...one,
    known,
    history: new Map(asks.map((ask) => [ask.question, ask])),
    knowledge: (field: QuestionField) => ('path' in field && known.includes(field.path) ? 'known' : 'unknown'),
  }));

test('at most one question, none known, none in a pause, none that is never to come again', () => {
  let chosenOnes = 0;
  fc.assert(
    fc.property(questions, cases, (all, one) => {
      const { chosen, verdicts } = decide(all, ({ id }) => one.holding.includes(id), one);
      assert.equal(verdicts.size, all.length);
      const due = all.filter(({ id }) => verdicts.get(id) === 'due');
      assert.equal(chosen?.question.id, due[0]?.id);
      if (!chosen) return;
      chosenOnes += 1;
      const { question, fields: left, variant: shown } = chosen;
      const { at, brand, signIn, place } = one.occasion;
      assert.equal(question.content.place, place);
      assert.ok(question.state === 'live' && (question.brand === null || question.brand === brand));
      assert.ok(!question.startsAt || question.startsAt <= at);
      assert.ok(!question.endsAt || question.endsAt > at);
      assert.ok(one.holding.includes(question.id));
      assert.ok(left.length > 0 && left.every((field) => shown.fields.includes(field)));
      for (const field of left) assert.ok('path' in field && !one.known.includes(field.path));
      for (const { lastShownAt } of one.history.values()) {
        assert.ok(at.getTime() - lastShownAt.getTime() >= one.pauseDays * day);
      }
      const before = one.history.get(question.id);
      if (!before) return;
      assert.ok(!before.never);
      assert.ok(left.every(({ key }) => !before.answered.includes(key)));
      if (!before.lastPutOff) return;
      const step = [0, 1, 2, 4, 4, 4, 4][before.putOff] ?? 4;
      const passed =
        question.content.not_now.unit === 'days'
          ? (at.getTime() - before.lastPutOff.at.getTime()) / day >= step
          : signIn - before.lastPutOff.signIn > step;
      assert.ok(passed || before.putOff === 0);
    }),
    { numRuns: 5000 },
  );
  assert.ok(chosenOnes > 60, `${chosenOnes} were asked something`);
});

test('the same customer sees always the same variant, and is held out always or never', () => {
  const content = questionContent.parse({
    variants: ['a', 'b'].map((key) => ({
      key,
      heading: { en: 'x' },
      fields: [{ type: 'text', key: 'f', labels: { en: 'x' }, path: 'user_metadata.job' }],
    })),
    hold_out: 20,
  });
  const question: Live = { id: 'q', brand: null, state: 'live', startsAt: null, endsAt: null, content };
  const seen = Array.from({ length: 4000 }, (_, number) => {
    const ask = (signIn: number) =>
      decide([question], () => true, {
        occasion: { at: new Date(start), brand: null, signIn, place: 'page' },
        customer: `c${number}`,
        history: new Map(),
        knowledge: () => 'unknown',
        pauseDays: 7,
      }).chosen;
    const [first, later] = [ask(1), ask(9)];
    assert.deepEqual([first?.variant.key, first?.arm], [later?.variant.key, later?.arm]);
    return `${first?.variant.key} ${first?.arm}`;
  });
  const share = (which: string) => seen.filter((one) => one === which).length / seen.length;
  assert.ok(Math.abs(share('a asked') - 0.4) < 0.03 && Math.abs(share('b asked') - 0.4) < 0.03);
  assert.ok(Math.abs(share('a held_out') - 0.1) < 0.02 && Math.abs(share('b held_out') - 0.1) < 0.02);
});
