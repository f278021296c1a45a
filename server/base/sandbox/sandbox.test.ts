import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../errors.ts';
import { failureOf, openTestSandbox, outputOf, programOf, type TestSandbox, until } from './test-sandbox.ts';

describe('the sandbox', () => {
  let sandbox: TestSandbox;
  before(() => {
    sandbox = openTestSandbox();
  });
  after(() => sandbox.close());

  test('runs code on its input and tells the output', async () => {
    const ended = await sandbox.code('return { twice: input.number * 2, text: "å😀" };', { input: { number: 21 } });
    assert.deepEqual(outputOf(ended), { twice: 42, text: 'å😀' });
    assert.ok(ended.wallMs > 0);
  });

  test('what the code calls is answered by the server, every call under a key of its own', async () => {
    const keys: string[] = [];
    const ended = await sandbox.code('return [await host.call("a", "[1]"), await host.call("b", "{}")];', {
      host: async (name, argument, { key }) => {
        keys.push(key);
        return { name, argument };
      },
    });
    assert.deepEqual(outputOf(ended), ['{"name":"a","argument":[1]}', '{"name":"b","argument":{}}']);
    assert.equal(new Set(keys).size, 2);
  });

  test('a refusal of the server is an error inside, with its code', async () => {
    const ended = await sandbox.code(
      'try { await host.call("a", "1") } catch (error) { return [error instanceof Error, error.message, error.code] }',
      { host: () => Promise.reject(new Problem('not_found', 'not there')) },
    );
    assert.deepEqual(outputOf(ended), [true, 'not there', 'not_found']);
  });

  test('of a fault of the server the code learns nothing', async () => {
    const ended = await sandbox.code('try { await host.call("a", "1") } catch (error) { return error.message }', {
      host: () => Promise.reject(new Error('relation "secrets" does not exist')),
    });
    assert.equal(outputOf(ended), 'The server could not do this.');
  });

  test('an argument that is no JSON reaches nobody', async () => {
    let heard = 0;
    const ended = await sandbox.code('try { await host.call("a", "{") } catch { return "refused" }', {
      host: async () => {
        heard += 1;
      },
    });
    assert.equal(outputOf(ended), 'refused');
    assert.equal(heard, 0);
  });

  test('the signal of a call ends with the run', async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const ended = await sandbox.code('host.call("a", "1"); await host.wait(20); return 1;', {
      host: (_, __, { signal }) => new Promise(() => signal.addEventListener('abort', () => resolve())),
    });
    assert.equal(outputOf(ended), 1);
    await aborted;
  });

  test('200 lines of the console are kept, 1,000 characters of each, and it is told that there were more', async () => {
    const ended = await sandbox.code(
      'for (let i = 0; i < 10000; i += 1) host.log("warn", "x".repeat(2000)); return 1;',
    );
    assert.equal(outputOf(ended), 1);
    assert.equal(ended.console.length, 201);
    assert.deepEqual(ended.console[199], { level: 'warn', text: `${'x'.repeat(999)}…` });
    const text = 'What is printed from here on is not kept: a run may print 200 lines.';
    assert.deepEqual(ended.console[200], { level: 'warn', text });
  });

  test('how far it came is told when it fails, and what it printed', async () => {
    const ended = await sandbox.code(
      'host.log("info", "one"); host.checkpoint("{\\"at\\":1}"); host.checkpoint("{\\"at\\":2}"); throw new Error("no");',
    );
    assert.equal(failureOf(ended), 'error');
    assert.deepEqual(ended.checkpoint, { at: 2 });
    assert.deepEqual(ended.console, [{ level: 'info', text: 'one' }]);
  });

  for (const [what, lengths] of [
    ['short texts', [1, 2, 3]],
    ['a long one last', [1, 3000]],
    ['a short one last', [3000, 1]],
    ['the longest that needs no message, then one more', [2032, 2033]],
  ] as const) {
    test(`of ${what} the last checkpoint is told, wherever the code is when it is ended`, async () => {
      const body = `
        for (const length of input) host.checkpoint(JSON.stringify({ length, text: 'é'.repeat(length) }));
        while (true);`;
      const ended = await sandbox.code(body, { input: lengths, deadlineMs: 300 });
      const length = lengths.at(-1) ?? 0;
      assert.deepEqual(ended.checkpoint, { length, text: 'é'.repeat(length) });
    });
  }

  test('a run is told nothing of how far the one before it in the same isolate had come', async () => {
    const body = `
      globalThis.runs = (globalThis.runs ?? 0) + 1;
      if (input.told) host.checkpoint(input.told);
      if (input.fails) throw new Error(String(globalThis.runs));
      return globalThis.runs;`;
    const run = (input: object) => sandbox.code(body, { input });
    for (const told of ['"short"', JSON.stringify('long'.repeat(1000))]) {
      // Until it is the same isolate; on a busy machine it may be another one.
      let isSame = false;
      for (let turn = 0; !isSame && turn < 20; turn += 1) {
        const runs = Number(outputOf(await run({ told })));
        const { checkpoint, ...ended } = await run({ fails: true });
        assert.equal(checkpoint, undefined);
        isSame = 'failure' in ended && ended.failure.message === String(runs + 1);
      }
      assert.ok(isSame);
    }
  });

  for (const [what, thrown, message] of [
    ['an error', 'new TypeError("no")', 'no'],
    ['null', 'null', 'null'],
    ['nothing', 'undefined', 'undefined'],
    ['a text', '"no"', 'no'],
    ['a symbol', 'Symbol("no")', 'Symbol(no)'],
    ['what has no text', 'Object.create(null)', 'Something was thrown that cannot be shown as text'],
    [
      'what throws when it is read',
      '({ get message() { throw 1 } })',
      'Something was thrown that cannot be shown as text',
    ],
    ['a long text', '"x".repeat(1e6)', 'x'.repeat(1000)],
  ] as const) {
    test(`throwing ${what} is told`, async () => {
      const ended = await sandbox.code(`throw ${thrown};`);
      assert.ok('failure' in ended);
      assert.equal(ended.failure.kind, 'error');
      assert.equal(ended.failure.message, message);
    });
  }

  test('an output that is none, too long or no text fails the run', async () => {
    const files = (main: string) => ({ version: main, files: [{ name: 'm.js', source: `globalThis.main = ${main}` }] });
    const kind = async (main: string) =>
      failureOf(await sandbox.run({ program: files(main), input: 1, deadlineMs: 10_000, host: async () => null }));
    assert.equal(await kind('async () => "{"'), 'output');
    assert.equal(await kind('async () => 7'), 'output');
    assert.equal(await kind('() => {}'), 'output');
    assert.equal(await kind('() => "x".repeat(2 ** 21)'), 'output');
    assert.equal(await kind('() => "1"'), 'output 1');
    assert.equal(await kind('7'), 'error');
  });

  test('a syntax error says where it is', async () => {
    const program = { version: 's', files: [{ name: 'rule.js', source: 'const a = 1;\nconst b = ;' }] };
    const ended = await sandbox.run({ program, input: 1, deadlineMs: 10_000, host: async () => null });
    assert.ok('failure' in ended);
    assert.match(ended.failure.message, /^Unexpected token ';' \[rule\.js:2:11\]$/);
  });

  test('too many calls, timers and too long arguments are errors inside', async () => {
    const tried = await sandbox.code(`
      const seen = [];
      const note = (error) => { seen.push(error.message) };
      await host.call("a", "x".repeat(3e6)).catch(note);
      for (let i = 0; i < 200; i += 1) await host.call("a", "1").catch(note);
      return seen;`);
    assert.deepEqual(outputOf(tried), [
      'More than 2097152 characters sent to the outside',
      'More than 200 calls to the outside',
    ]);
    const timers = await sandbox.code('for (let i = 0; i < 5000; i += 1) host.wait(1e6); await host.wait(1);');
    assert.equal(failureOf(timers), 'error');
  });

  test('global values live on, as in Auth0; a run that waits shares its isolate with nobody', async () => {
    const body = 'globalThis.runs = (globalThis.runs || 0) + 1; await host.call("wait", "1"); return globalThis.runs;';
    assert.equal(outputOf(await sandbox.code(body)), 1);
    await sleep(50);
    const gate = Promise.withResolvers<void>();
    const all = Array.from({ length: 20 }, () => sandbox.code(body, { host: () => gate.promise }));
    await until(() => sandbox.work().running === 20);
    await sleep(300);
    gate.resolve();
    const seen = (await Promise.all(all)).map(outputOf);
    // One of them has the isolate of the first run, the others have their own.
    assert.ok(seen.every((runs) => runs === 1 || runs === 2));
    assert.ok(seen.filter((runs) => runs === 2).length <= 1);
  });

  test('what a run leaves going on does not go on in the next', async () => {
    const body = `
      const { who } = input;
      if (who === 'first') {
        host.wait(30).then(() => { host.log('info', 'late line of ' + who); globalThis.late = true; });
        host.call('slow', '1').then(() => { globalThis.late = true; });
        return null;
      }
      await host.wait(100);
      return globalThis.late === true;`;
    const slow = () => sleep(30);
    outputOf(await sandbox.code(body, { input: { who: 'first' }, host: slow }));
    await sleep(20);
    const next = await sandbox.code(body, { input: { who: 'second' } });
    assert.equal(outputOf(next), false);
    assert.deepEqual(next.console, []);
  });

  test('a run that would wait longer than its deadline for a place is told so', async () => {
    await using small = openTestSandbox(40);
    const gate = Promise.withResolvers<void>();
    const first = small.code('await host.call("wait", "1"); return 1;', { host: () => gate.promise });
    await until(() => small.work().running === 1 && small.work().memory > 20 * 2 ** 20);
    await sleep(1500);
    const others = await Promise.all(
      Array.from({ length: 30 }, () =>
        small.code('await host.call("wait", "1"); return 2;', { host: () => gate.promise, deadlineMs: 300 }),
      ),
    );
    const kinds = new Set(others.map(failureOf));
    assert.ok(kinds.has('busy'), [...kinds].join());
    assert.ok(
      [...kinds].every((kind) => kind === 'busy' || kind === 'deadline'),
      [...kinds].join(),
    );
    gate.resolve();
    assert.equal(outputOf(await first), 1);
  });

  test('who comes while all isolates of its program wait finds one that was made before', async () => {
    const gate = Promise.withResolvers<void>();
    const body = 'if (input.waits) await host.call("wait", "1"); return globalThis.$loadedAt;';
    const loaded = { name: 'loaded.js', source: 'globalThis.$loadedAt = Date.now();' };
    const { version, files } = programOf(body);
    const before = programOf('await host.call("wait", "1"); return 1;', 'replaced');
    const old = sandbox.run({ program: before, input: null, deadlineMs: 10_000, host: () => gate.promise });
    await until(() => sandbox.work().running === 1);
    const run = (waits: boolean) =>
      sandbox.run({
        program: { name: 'replaced', version, files: [loaded, ...files] },
        input: { waits },
        deadlineMs: 10_000,
        host: () => gate.promise,
      });
    const waiting = Array.from({ length: 3 }, () => run(true));
    await until(() => sandbox.work().running === 4);
    await sleep(800);
    const since = Date.now();
    const ended = await run(false);
    gate.resolve();
    assert.ok(Number(outputOf(ended)) < since);
    for (const one of await Promise.all(waiting)) assert.ok(Number(outputOf(one)) < Number(outputOf(ended)));
    assert.equal(outputOf(await old), 1);
  });

  test('what waits for long gives back memory when it is short, and learns nothing of how', async () => {
    await using small = openTestSandbox(250);
    const gate = Promise.withResolvers<void>();
    const body = `
      for (let at = 0; at < 30; at += 1) globalThis.last = new Array(2e5).fill(at);
      globalThis.last = undefined;
      await host.call('wait', '1');
      return typeof gc + typeof globalThis.gc;`;
    const all = Array.from({ length: 14 }, () => small.code(body, { host: () => gate.promise }));
    await until(() => small.work().running === 14);
    gate.resolve();
    for (const ended of await Promise.all(all)) assert.equal(outputOf(ended), 'undefinedundefined');
  });

  test('where idle isolates of others fill the memory, the next program goes on', async () => {
    await using small = openTestSandbox(50);
    for (let number = 0; number < 12; number += 1) {
      assert.equal(outputOf(await small.code(`return ${number};`, { deadlineMs: 5000 })), number);
    }
  });

  test('while a run waits, idle isolates of many programs give way to the next', async () => {
    await using small = openTestSandbox(256);
    const gate = Promise.withResolvers<void>();
    const large = 'globalThis.held ??= Array.from({ length: 14 }, (_, at) => new Array(6e4).fill(at));';
    const waiting = small.code(`${large} await host.call('wait', '1'); return 0;`, {
      host: () => gate.promise,
      deadlineMs: 30_000,
    });
    for (let number = 1; number < 32; number += 1) {
      const ended = await small.code(`${large} return ${number};`, { deadlineMs: 4000 });
      assert.equal(outputOf(ended), number);
    }
    gate.resolve();
    assert.equal(outputOf(await waiting), 0);
  });

  test('while programs wait for others to be loaded, and not for memory, idle isolates stay', async () => {
    await using own = openTestSandbox();
    const again = () => own.code('return globalThis.runs = (globalThis.runs || 0) + 1;');
    assert.equal(outputOf(await again()), 1);
    const slow = { name: 'slow.js', source: 'for (const until = Date.now() + 300; Date.now() < until; );' };
    const runs = Array.from({ length: 4 * availableParallelism() }, (_, number) => {
      const { version, files } = programOf(`return ${number};`);
      const program = { name: `slow ${number}`, version, files: [slow, ...files] };
      return own.run({ program, input: null, deadlineMs: 30_000, host: async () => null });
    });
    for (const [number, ended] of (await Promise.all(runs)).entries()) assert.equal(outputOf(ended), number);
    assert.equal(outputOf(await again()), 2);
  });

  test('runs of one program that wait without end leave places to those of others', async () => {
    await using small = openTestSandbox(250);
    const gate = Promise.withResolvers<void>();
    const other = () => small.code('return globalThis.runs = (globalThis.runs || 0) + 1;', { deadlineMs: 5000 });
    assert.equal(outputOf(await other()), 1);
    const waiting = Array.from({ length: 100 }, () =>
      small.code('await host.call("wait", "1"); return new Array(1e5).length;', { host: () => gate.promise }),
    );
    await until(() => small.work().running > 10);
    for (let seen = -1; seen !== small.work().running; await sleep(500)) seen = small.work().running;
    assert.ok(small.work().waiting > 0, 'all of them had a place');
    // In the isolate that was there, or in another: with the memory full those that nobody has are given up.
    for (let turn = 0; turn < 2; turn += 1) assert.ok(Number(outputOf(await other())) >= 1);
    assert.equal(outputOf(await small.code('return "new";', { deadlineMs: 2000 })), 'new');
    gate.resolve();
    for (const ended of await Promise.all(waiting)) assert.equal(outputOf(ended), 1e5);
  });

  test('50 replaced versions leave no isolate behind, nor what was compiled for each', async () => {
    await using own = openTestSandbox();
    // As the library of Node is: the same file in all versions.
    const members = Array.from({ length: 4000 }, (_, at) => `f${at}: (function (own) { return own.x${at} + ${at}; })`);
    const shared = { name: 'shared.js', source: `globalThis.shared = { ${members.join()} };` };
    async function run(number: number): Promise<void> {
      const { version, files } = programOf(`globalThis.big = new Array(1e5).fill(${number}); return ${number};`);
      const program = { name: 'rules', version, files: [shared, ...files] };
      const ended = await own.run({ program, input: null, deadlineMs: 10_000, host: async () => null });
      assert.equal(outputOf(ended), number);
    }
    for (let number = 0; number < 5; number += 1) await run(number);
    await sleep(300);
    const few = own.work().memory;
    for (let number = 5; number < 55; number += 1) await run(number);
    await sleep(500);
    const grown = (own.work().memory - few) / 2 ** 20;
    assert.ok(grown < 20, `${grown.toFixed(1)} MB more`);
  });

  test('nothing runs after it is closed', async () => {
    const closed = openTestSandbox();
    const running = closed.code('await host.wait(5000);');
    await sleep(200);
    await closed.close();
    assert.equal(failureOf(await running), 'crash');
    assert.equal(failureOf(await closed.code('return 1;')), 'busy');
    assert.deepEqual(closed.work().processes, []);
  });
});
