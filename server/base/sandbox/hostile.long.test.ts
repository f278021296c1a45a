import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostile, loops } from './test-attacks.ts';
import { openTestSandbox, outputOf } from './test-sandbox.ts';

test('security row 10: 1,000 hostile runs in a row leave the server with the memory it had', async () => {
  await using sandbox = openTestSandbox();
  const good = async () =>
    assert.equal(outputOf(await sandbox.code('return input + 1;', { input: 1, deadlineMs: 60_000 })), 2);
  const bodies = [...Object.values(loops), ...Object.values(hostile)];
  const hundred = async (first: number) => {
    for (let at = first; at < first + 100; at += 2) {
      const runs = [0, 1].map((more) => sandbox.code(bodies[(at + more) % bodies.length] ?? '', { deadlineMs: 200 }));
      for (const ended of await Promise.all(runs)) assert.ok('failure' in ended);
      await good();
    }
  };
  const memory = async () => {
    await sleep(5000);
    return [process.memoryUsage.rss(), sandbox.work().memory].map((bytes) => bytes / 2 ** 20);
  };
  await hundred(0);
  const [server = 0, processes = 0] = await memory();
  for (let at = 100; at < 1000; at += 100) await hundred(at);
  const [serverAfter = 0, processesAfter = 0] = await memory();
  assert.ok(serverAfter - server < 50, `the server has ${serverAfter - server} MB more`);
  assert.ok(processesAfter - processes < 150, `the processes have ${processesAfter - processes} MB more`);
});
