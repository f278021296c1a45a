import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import { openSandbox } from '../../base/sandbox/sandbox.ts';
import type { RulesOutcome } from './outcome.ts';
import { type PipelineRule, preparePipeline } from './pipeline.ts';
import { runPipeline } from './run-pipeline.ts';

// Whatever rules do one after another, their policies decide what comes of it.

const log = pino({ level: 'silent' });
const sandbox = openSandbox({ log });
after(() => sandbox.close());

const acts = {
  marks: 'user.marks.push(place); callback(null, user, context);',
  marksLater: 'setTimeout(() => { user.marks.push(place); callback(); }, 1);',
  throws: 'user.marks.push(place); throw new Error("broken");',
  errs: 'user.marks.push(place); callback(new Error("broken"));',
  hangs: 'user.marks.push(place);',
  garbage: 'user.marks.push(place); callback(null, 5);',
  refuses: 'user.marks.push(place); callback(new UnauthorizedError("no"));',
} as const;

const rule = fc.record({
  act: fc.constantFrom<keyof typeof acts>('marks', 'marksLater', 'throws', 'errs', 'hangs', 'garbage', 'refuses'),
  onFailure: fc.constantFrom<PipelineRule['onFailure']>('refuse', 'go_on'),
});
type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never;

/** What must come of them: who left a mark, who ran, and who refused. */
function expected(rules: readonly Rule[]): { marks: number[]; ran: number; refused: [number, string] | undefined } {
  const marks: number[] = [];
  for (const [place, { act, onFailure }] of rules.entries()) {
    if (act === 'marks' || act === 'marksLater') marks.push(place);
    else if (act === 'refuses') return { marks, ran: place + 1, refused: [place, 'unauthorized'] };
    else if (onFailure === 'refuse') return { marks, ran: place + 1, refused: [place, 'failed'] };
  }
  return { marks, ran: rules.length, refused: undefined };
}

async function run(rules: readonly Rule[]): Promise<RulesOutcome> {
  const scripted = rules.map(({ act, onFailure }, place) => ({
    rule: {
      id: `${place}`,
      name: `rule ${place}`,
      source: `rule:${place}`,
      isLibrary: false,
      onFailure,
      deadlineMs: 150,
    },
    script: `function (user, context, callback) { const place = ${place}; ${acts[act]} }`,
    configuration: '{}',
  }));
  const { outcome } = await runPipeline({ sandbox, log }, await preparePipeline('property', scripted, 10_000), {
    input: { user: { marks: [] }, context: {} },
    host: async () => null,
    auth0: { accessToken: '', domain: '', baseUrl: '' },
    printed: () => undefined,
  });
  return outcome;
}

test('each rule’s own policy decides, and what failed has left nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 5 }), async (rules) => {
      const { marks, ran, refused } = expected(rules);
      const outcome = await run(rules);
      assert.equal(outcome.runs.length, ran);
      assert.deepEqual(outcome.refused && [Number(outcome.refused.rule), outcome.refused.by], refused);
      assert.deepEqual(outcome.user.marks, marks);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
