import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child-process.ts';
import { openTestSandbox, outputOf, programOf, until } from './test-sandbox.ts';

const large = `
  globalThis.large = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => ['key' + at, at]));
  let runs = 0;
  globalThis.main = async (input) => {
    // Nothing that is looked at after every run.
    if (input === '"spoil"') Map.prototype.spoilt = true;
    runs += 1;
    return String(runs);
  };`;

test('a run that comes while the isolate of the one before is looked at waits for it, and has another if it is spoilt', async () => {
  await using own = openTestSandbox();
  for (let version = 0; version < 6; version += 1) {
    // So much is global that to look at it takes longer than the way to the process and back.
    const program = { version: `large ${version}`, files: [{ name: 'large.js', source: large }] };
    const run = async (input: string) =>
      outputOf(await own.run({ program, input, deadlineMs: 10_000, host: async () => null }));
    const isSpoilt = version % 2 === 1;
    assert.equal(await run(isSpoilt ? 'spoil' : ''), 1);
    assert.equal(await run(''), isSpoilt ? 1 : 2);
  }
});

/** A child that says what it comes to; `begun`: runs whose code has called; `ended`: how; `idle`: isolates left by each. */
function startTold(): Record<'begun' | 'idle', Map<number, number>> & { child: Child; ended: Map<number, string> } {
  const begun = new Map<number, number>();
  const ended = new Map<number, string>();
  const idle = new Map<number, number>();
  const child = startChild(
    (message) => {
      if (message.kind === 'call') begun.set(message.id, message.call);
      if (message.kind !== 'ended') return;
      ended.set(message.id, message.failure?.kind ?? 'well');
      idle.set(message.id, message.idle);
    },
    () => {},
  );
  return { child, begun, ended, idle };
}

test('a run that waits since its process is full begins when another has failed', async () => {
  const { child, begun, ended } = startTold();
  try {
    const { version, files } = programOf(`
      const held = new Uint8Array(20e6).fill(1);
      await host.call('held', '1');
      return held.length;`);
    child.teach(version, files);
    const hasBegun = (id: number, withinMs: number) =>
      until(() => begun.has(id), withinMs).then(
        () => true,
        () => false,
      );
    let last = 0;
    do {
      last += 1;
      child.say({ kind: 'run', id: last, version, deadlineMs: 60_000 }, 'null');
    } while (last < 40 && (await hasBegun(last, last === 1 ? 20_000 : 5000)));
    assert.ok(last > 5 && last < 40, `${last} have begun`);
    assert.equal(ended.size, 0);
    for (let id = 1; id <= 4; id += 1) {
      child.say({ kind: 'refusal', id, call: begun.get(id) ?? 0, message: 'no' });
    }
    await until(() => ended.size === 4);
    assert.deepEqual([...ended.values()], ['error', 'error', 'error', 'error']);
    assert.ok(await hasBegun(last, 20_000), 'it still waits');
  } finally {
    child.kill();
  }
});

test('idle isolates beyond four are dropped within seconds', async () => {
  const { child, begun, ended, idle } = startTold();
  try {
    const { version, files } = programOf('return input === "waits" ? await host.call("held", "1") : 1;');
    child.teach(version, files);
    const ids = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const id of ids) child.say({ kind: 'run', id, version, deadlineMs: 30_000 }, '"waits"');
    await until(() => begun.size === ids.length);
    for (const id of ids) child.say({ kind: 'answer', id, call: begun.get(id) ?? 0 }, '1');
    await until(() => ended.size === ids.length);
    for (let id = 9; idle.get(id - 1) !== 4; id += 1) {
      assert.ok(id < 30, `${idle.get(id - 1)} are idle`);
      await sleep(500);
      child.say({ kind: 'run', id, version, deadlineMs: 30_000 }, '""');
      await until(() => ended.has(id));
    }
    assert.ok(Math.max(...idle.values()) > 4);
  } finally {
    child.kill();
  }
});

test('a process holds 64 isolates at most: the next run is in another', async () => {
  await using own = openTestSandbox();
  const gate = Promise.withResolvers<null>();
  let begun = 0;
  const hold = () => {
    begun += 1;
    return gate.promise;
  };
  const runs: ReturnType<typeof own.code>[] = [];
  while (runs.length < 65) {
    runs.push(own.code('await host.call("hold", "1"); return 1;', { deadlineMs: 60_000, host: hold }));
    await until(() => begun === runs.length, 20_000);
  }
  // Beside those that run something one stands ready.
  assert.ok(own.work().processes.length >= 3);
  gate.resolve(null);
  for (const ended of runs) assert.equal(outputOf(await ended), 1);
});
