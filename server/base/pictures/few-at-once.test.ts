import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fewAtOnce } from './few-at-once.ts';

test('only so many run, only so many wait, and none waits longer than it may', async () => {
  const inTurn = fewAtOnce(2, 3, 200);
  let [running, most] = [0, 0];
  const work = (ms: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(ms);
    running -= 1;
    return ms;
  };
  const many = await Promise.all(Array.from({ length: 8 }, () => inTurn(work(20))));
  assert.deepEqual(many, [20, 20, 20, 20, 20, undefined, undefined, undefined]);
  assert.equal(most, 2);
  const long = [inTurn(work(600)), inTurn(work(600))];
  const begun = performance.now();
  assert.equal(await inTurn(work(1)), undefined);
  assert.ok(performance.now() - begun < 500);
  assert.deepEqual(await Promise.all(long), [600, 600]);
  await assert.rejects(
    inTurn(() => Promise.reject(new Error('planted'))),
    /planted/,
  );
  assert.deepEqual(
    await Promise.all([inTurn(work(1)), inTurn(work(1)), inTurn(work(1))]),
    [1, 1, 1],
    'all are free again',
  );
});
