import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestSandbox, outputOf, until } from './test-sandbox.ts';

test('the process that stands ready is kept as long as anything runs, and no longer', async () => {
  await using sandbox = openTestSandbox();
  const run = async () => assert.equal(outputOf(await sandbox.code('return 1;')), 1);
  await run();
  const { processes } = sandbox.work();
  assert.equal(processes.length, 2);
  for (const began = performance.now(); performance.now() - began < 25_000; await sleep(100)) await run();
  assert.deepEqual(sandbox.work().processes, processes);
  await until(() => sandbox.work().processes.length === 1, 25_000);
});
