// Rules that call the same host use one connection after the other: an error is of the rule whose request it follows.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { goOn, type Heard, type Policy, refuse, runBodies } from './test-bodies.ts';

const base = await testBase();
after(() => base.close());

const passes = 'callback(null, user, context);';
const fails = 'nosuch.thing;';
const slowToFail: Policy = { ...goOn, deadlineMs: 5000 };
const get = (options: string, done: string) =>
  `require('https').get('https://one.test/', ${options}, (r) => { r.resume().on('end', () => { ${done} }); });`;

for (const [what, calls] of [
  ['https', (done: string) => get('{}', done)],
  [
    'an agent of its own',
    (done: string) =>
      `global.kept ||= new (require('https').Agent)({ keepAlive: true }); ${get('{ agent: kept }', done)}`,
  ],
  ['axios', (done: string) => `require('axios').get('https://one.test/').then(() => { ${done} });`],
  ['request', (done: string) => `require('request')('https://one.test/', () => { ${done} });`],
  [
    'request, for ever',
    (done: string) => `require('request')({ url: 'https://one.test/', forever: true }, () => { ${done} });`,
  ],
] as const) {
  test(`an error behind an answer fails the rule that asked, at once, whoever asked before: ${what}`, async () => {
    const heard: Heard = { calls: 0, printed: [] };
    const passing = [calls(passes), refuse] as const;
    for (const before of [[], [passing], [passing, passing]]) {
      for (const policy of [refuse, slowToFail]) {
        const began = performance.now();
        const { outcome } = await runBodies(base, heard, ...before, [calls(fails), policy], [passes, refuse]);
        assert.equal(outcome.runs[before.length]?.error?.message, 'nosuch is not defined');
        assert.equal(outcome.refused?.rule, policy === refuse ? `rul_${before.length}` : undefined);
        assert.ok(performance.now() - began < 4000, `after ${performance.now() - began} ms`);
        assert.deepEqual(heard.printed, []);
      }
    }
  });
}

test('a request that waits for the connection of another rule is still of the rule that made it', async () => {
  const heard: Heard = { calls: 0, printed: [] };
  const waits = (done: string) =>
    `global.one ||= new (require('https').Agent)({ keepAlive: true, maxSockets: 1 }); ${get('{ agent: one }', done)}`;
  const { outcome, over } = await runBodies(
    base,
    heard,
    [`${waits('')} ${passes}`, refuse],
    [waits(fails), slowToFail],
    [`${waits(fails)} ${passes}`, refuse],
    [waits(passes), refuse],
  );
  await over;
  assert.equal(outcome.runs[1]?.error?.message, 'nosuch is not defined');
  assert.equal(outcome.refused, undefined);
  assert.deepEqual(heard.printed, [
    'rul_2 It failed when it had called back, which changes nothing: nosuch is not defined',
  ]);
});
