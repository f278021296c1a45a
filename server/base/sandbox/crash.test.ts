import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { failureOf, openTestSandbox, outputOf, type TestSandbox, until } from './test-sandbox.ts';

const fatal = 'const deep = () => { try { return deep() } catch { return Function("return 1")() } }; return deep();';

/** Kills the processes that run something. */
function killBusy(sandbox: TestSandbox, busy: readonly number[]): void {
  for (const pid of busy) process.kill(pid, 'SIGKILL');
  assert.ok(sandbox.work().processes.some((pid) => busy.includes(pid)));
}

test('a process killed from outside: runs that called nobody are run again, others end as crash', async () => {
  await using sandbox = openTestSandbox();
  const keys: string[] = [];
  const gate = Promise.withResolvers<void>();
  const called = sandbox.code('await host.call("pay", "1"); await host.wait(60000);', {
    host: async (_, __, { key }) => {
      keys.push(key);
      gate.resolve();
    },
  });
  const quiet = Array.from({ length: 5 }, (_, at) =>
    sandbox.code('await host.wait(400); return input;', { input: at }),
  );
  await gate.promise;
  const [first = 0] = sandbox.work().processes;
  killBusy(sandbox, [first]);
  assert.equal(failureOf(await called), 'crash');
  assert.deepEqual((await Promise.all(quiet)).map(outputOf), [0, 1, 2, 3, 4]);
  assert.equal(keys.length, 1);
});

test('a process stands ready for the one that is killed', async () => {
  await using sandbox = openTestSandbox();
  outputOf(await sandbox.code('return 1;'));
  await until(() => sandbox.work().processes.length === 2);
  const [first = 0, spare = 0] = sandbox.work().processes;
  for (const busy of [first, spare]) {
    const called = Promise.withResolvers<void>();
    const running = sandbox.code('await host.call("wait", "1");', {
      host: () => {
        called.resolve();
        return new Promise(() => {});
      },
    });
    await called.promise;
    killBusy(sandbox, [busy]);
    // It was this process that had the run: the second time no other was waited for.
    assert.equal(failureOf(await running), 'crash');
  }
});

test('a run that brings its process down ends as crash, others are run again', async () => {
  await using sandbox = openTestSandbox();
  outputOf(await sandbox.code('return 1;'));
  const good = Array.from({ length: 4 }, () => sandbox.code('await host.wait(300); return 1;'));
  const bad = await sandbox.code(fatal);
  assert.ok('failure' in bad && bad.failure.kind === 'crash', JSON.stringify(bad));
  assert.deepEqual((await Promise.all(good)).map(outputOf), [1, 1, 1, 1]);
});

test('what a run had come to at its last call is told when its process dies', async () => {
  await using sandbox = openTestSandbox();
  const gate = Promise.withResolvers<void>();
  const running = sandbox.code('host.checkpoint("7"); await host.call("a", "1"); await host.wait(60000);', {
    host: async () => gate.resolve(),
  });
  await gate.promise;
  killBusy(sandbox, sandbox.work().processes.slice(0, 1));
  const ended = await running;
  assert.equal(failureOf(ended), 'crash');
  assert.equal(ended.checkpoint, 7);
});

const unending = '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);';

test('a process with a thread that cannot be ended is replaced, when its runs that have called are done', async () => {
  await using sandbox = openTestSandbox();
  outputOf(await sandbox.code('return 1;'));
  const [first = 0] = sandbox.work().processes;
  const other = sandbox.code('await host.call("a", "1"); await host.wait(2000); return 1;');
  const ended = await sandbox.code(unending, { deadlineMs: 300 });
  assert.equal(failureOf(ended), 'deadline');
  assert.equal(outputOf(await other), 1);
  await until(() => !sandbox.work().processes.includes(first));
  assert.equal(outputOf(await sandbox.code('return 2;')), 2);
});

test('runs that have called nobody do not stay in a process with a thread that cannot be ended', async () => {
  await using sandbox = openTestSandbox();
  outputOf(await sandbox.code('return 1;'));
  const [first = 0] = sandbox.work().processes;
  let isOver = false;
  const other = sandbox.code('await host.wait(4000); return 1;').finally(() => {
    isOver = true;
  });
  assert.equal(failureOf(await sandbox.code(unending, { deadlineMs: 300 })), 'deadline');
  await until(() => !sandbox.work().processes.includes(first));
  assert.equal(isOver, false);
  assert.equal(outputOf(await other), 1);
});

test('a process that answers nothing is ended, and what it ran is run again', async () => {
  await using sandbox = openTestSandbox();
  outputOf(await sandbox.code('return 1;'));
  const [first = 0] = sandbox.work().processes;
  process.kill(first, 'SIGSTOP');
  assert.equal(outputOf(await sandbox.code('return input;', { input: 2 })), 2);
  await until(() => !sandbox.work().processes.includes(first));
});

test('killed at any moment, no run is lost and none calls twice under another key', async () => {
  await using sandbox = openTestSandbox();
  const keys = new Map<number, Set<string>>();
  const runs = Array.from({ length: 60 }, async (_, at) => {
    await sleep(at * 20);
    return sandbox.code('await host.wait(20); const own = await host.call("a", String(input)); return [input, own];', {
      input: at,
      host: async (__, argument, { key }) => {
        keys.set(at, (keys.get(at) ?? new Set()).add(key));
        return argument;
      },
    });
  });
  for (let kill = 0; kill < 5; kill += 1) {
    await sleep(200);
    for (const pid of sandbox.work().processes.slice(0, 1)) process.kill(pid, 'SIGKILL');
  }
  for (const [at, ended] of (await Promise.all(runs)).entries()) {
    if ('failure' in ended) assert.equal(ended.failure.kind, 'crash');
    else assert.deepEqual(ended.output, [at, String(at)]);
    assert.ok((keys.get(at)?.size ?? 0) <= 1);
  }
});

test('no run is told that it took too much because those before it have left much', async () => {
  await using sandbox = openTestSandbox();
  const busy = (ms: number) => `{ const end = Date.now() + ${ms}; while (Date.now() < end); }`;
  for (let at = 0; at < 60; at += 1) {
    const body = `${busy(140)} globalThis.kept = new Uint8Array(2e7).fill(${at}); ${busy(60)} return ${at};`;
    assert.equal(outputOf(await sandbox.code(body)), at);
  }
});

test('who closes goes on behind it, though what a process said last is still to be read', async () => {
  const script = `
    import { setImmediate } from 'node:timers/promises';
    import { openTestSandbox } from '${new URL('./test-sandbox.ts', import.meta.url)}';
    const stand = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    const sandbox = openTestSandbox();
    const called = Promise.withResolvers();
    const much = 'for (let at = 0; at < 900; at += 1) host.call("tell", JSON.stringify("x".repeat(5000)));';
    void sandbox.code(much + 'await host.wait(60000);', { host: async () => called.resolve() });
    await called.promise;
    await setImmediate();
    stand();
    const closing = sandbox.close();
    stand();
    await closing;
    console.log('closed');`;
  const flags = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: 20_000 });
  assert.equal(stdout, 'closed\n');
});
