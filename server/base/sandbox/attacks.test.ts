import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { deflateRawSync } from 'node:zlib';
import { foreign, hostile, loops, publicEscapes } from './test-attacks.ts';
import { failureOf, openTestSandbox, outputOf, type TestSandbox, until } from './test-sandbox.ts';

// Ways to something of Node's, as an expression: each must give nothing. Those of security row 10 that have a number of
// their own are `publicEscapes`; of the two that leave no sandbox, CVE-2026-25227 stands at the route that tries rules, and
// CVE-2024-29892 at the claims of tokens.
const escapes = {
  'the globals of Node':
    '[typeof process, typeof require, typeof module, typeof Buffer, typeof setTimeout].join() === "undefined,undefined,undefined,undefined,undefined" ? null : "found"',
  'constructor of the globals': 'globalThis.constructor.constructor("return typeof process")()',
  'constructor of this': 'Function("return this")().constructor.constructor("return typeof process")()',
  'constructor of what we hand in': 'host.call.constructor("return typeof process")()',
  'constructor of its prototype': 'Object.getPrototypeOf(host.log).constructor("return typeof process")()',
  'constructor of an answer': '(await host.call("a", "1")).constructor.constructor("return typeof process")()',
  'constructor of a promise of ours': 'host.wait(1).constructor.constructor("return typeof process")()',
  'constructor of a refusal':
    'await host.call("refused", "1").catch((error) => error.constructor.constructor("return typeof process")())',
  'cause of a refusal': 'await host.call("refused", "1").catch((error) => typeof error.cause)',
  'prototype of a refusal':
    'await host.call("refused", "1").catch((error) => Object.getPrototypeOf(error) === Error.prototype ? null : "found")',
  'an error at the edge of the stack, from a call of ours':
    '(() => { let seen = null; const deep = () => { try { host.log("info", "x") } catch (error) { seen = error.constructor.constructor("return typeof process")(); return } deep() }; try { deep() } catch {} return seen })()',
  'call sites of our own functions':
    'await (async () => { const seen = []; Error.prepareStackTrace = (_, sites) => { for (const site of sites) if (site.getFileName() === "regulars:inside") seen.push(typeof site.getThis(), typeof site.getFunction()) }; await host.call({ toString() { return typeof new Error().stack } }, "1"); Error.prepareStackTrace = undefined; return seen.length > 0 && seen.every((type) => type === "undefined") ? null : "found " + seen })()',
  'call sites of a refusal':
    'await (async () => { let seen = null; Error.prepareStackTrace = (error, sites) => { seen = sites.map((site) => site.getThis()?.process ?? site.getFunction()?.constructor("return typeof process")()).find((one) => one && one !== "undefined") ?? null; return "" }; await host.call("refused", "1").catch((error) => error.stack); Error.prepareStackTrace = undefined; return seen })()',
  'a promise with another species':
    'await (async () => { class Own extends Promise { static get [Symbol.species]() { return function (executor) { executor((value) => { globalThis.caught = value }, () => {}) } } } const own = host.wait(1); own.constructor = Own; own.then(() => {}); await host.wait(5); return typeof globalThis.caught?.constructor?.constructor("return process")?.pid })().catch(() => null)',
  'return of an async generator':
    'await (async () => { async function* own() {} const seen = []; await own().return({ get then() { seen.push(this.constructor.constructor("return typeof process")()); return undefined } }); return seen.find((one) => one !== "undefined") ?? null })()',
  'the caller of what we call':
    'await (async () => { let caller; await host.call({ toString: function own() { caller = own.caller; return "a" } }, "1"); return caller })()',
  'the caller of a getter that we look at':
    '(() => { const { map } = Array.prototype; let [caller, looks] = [null, 0]; Object.defineProperty(Array.prototype, "map", { configurable: true, get: function own() { caller ??= own.caller; looks += 1; return map } }); host.mend(); return looks > 0 ? caller : "nobody looked" })()',
  'a getter on what is sent':
    'await (async () => { const seen = []; await host.call({ toString() { seen.push(typeof this.process, new Error().stack.includes("node:")); return "a" } }, "1"); return seen.includes(true) || seen.includes("object") ? "found" : null })()',
  'import of a module': 'await import("node:fs").then(() => "found", () => null)',
  'import of a module by a text':
    'await Function("return import(\\"node:child_process\\")")().then(() => "found", () => null)',
  'a worker': 'typeof Worker',
  WebAssembly: 'typeof WebAssembly',
  'memory that is shared': 'typeof SharedArrayBuffer',
  'ways to hold a thread': 'typeof Atomics',
  'what isolated-vm has':
    '[typeof ivm, typeof Isolate, typeof Reference, typeof ExternalCopy].every((type) => type === "undefined") ? null : "found"',
  'what was handed to our first file': '[typeof $0, typeof $1].every((type) => type === "undefined") ? null : "found"',
  'symbols of ours among the globals':
    'Object.getOwnPropertySymbols(globalThis).length + Object.getOwnPropertyNames(globalThis).filter((name) => /^[$_]|host|main/.test(name)).length || null',
} as const;

describe('attacks by code in the sandbox', () => {
  let sandbox: TestSandbox;
  before(() => {
    sandbox = openTestSandbox();
  });
  after(() => sandbox.close());

  for (const [what, expression] of Object.entries(escapes)) {
    test(`security row 10: no way out by ${what}`, async () => {
      const ended = await sandbox.code(`return ${expression};`, {
        host: async (name) => {
          if (name === 'refused') throw new Error('refused', { cause: process });
          return { name };
        },
      });
      const output = outputOf(ended);
      assert.ok(output === null || output === 'undefined', JSON.stringify(output));
    });
  }

  test('what looks for a way out finds one where there is one', () => {
    assert.equal(runInNewContext(`(${foreign})(outside)`, { outside: {} }), 'found');
    assert.equal(runInNewContext(`(${foreign})({})`), null);
  });

  for (const [what, expression] of Object.entries(publicEscapes)) {
    test(`security row 10: no way out by ${what}`, async () => {
      const ended = await sandbox.code(`const foreign = ${foreign}; return ${expression};`, {
        host: async (name) => {
          if (name === 'refused') throw new Error('refused', { cause: process });
          return { name };
        },
      });
      assert.equal(outputOf(ended), null);
    });
  }

  for (const [what, body] of Object.entries(loops)) {
    test(`security row 10: ${what} ends at the deadline, and others are not held up`, async () => {
      const began = performance.now();
      const [ended, other] = await Promise.all([
        sandbox.code(body, { deadlineMs: 500 }),
        sandbox.code('return await host.call("a", "1");'),
      ]);
      assert.ok(['deadline', 'cpu'].includes(failureOf(ended)), failureOf(ended));
      assert.ok(performance.now() - began < 5000);
      assert.equal(outputOf(other), 'null');
    });
  }

  test('security row 10: more than 2 s of processor time are not had, however long the deadline', async () => {
    const ended = await sandbox.code('while (true);', { deadlineMs: 60_000 });
    assert.equal(failureOf(ended), 'cpu');
  });

  test('security row 10: a loop that begins when memory is given back ends, too', async () => {
    // So small that what waits gives it back, and large enough for two processes.
    await using own = openTestSandbox(100);
    const body = `
      globalThis.own = new FinalizationRegistry(() => { for (;;); });
      (() => globalThis.own.register({}, 1))();
      await host.call('never', '1');`;
    const ended = await own.code(body, { deadlineMs: 30_000, host: () => new Promise(() => {}) });
    assert.equal(failureOf(ended), 'cpu');
  });

  for (const [what, body] of Object.entries(hostile)) {
    test(`security row 10: ${what} cost only the run`, async () => {
      const [ended, other] = await Promise.all([
        sandbox.code(body, { deadlineMs: 8000 }),
        sandbox.code('await host.wait(200); return 1;'),
      ]);
      assert.ok('failure' in ended, JSON.stringify(ended));
      assert.equal(outputOf(other), 1);
      await until(() => sandbox.work().memory < 600 * 2 ** 20);
    });
  }

  for (const make of [
    'new ArrayBuffer(8, { maxByteLength: 16 })',
    'new (class extends ArrayBuffer {})(8, { maxByteLength: 16 })',
    'new (new Uint8Array(1).buffer.constructor)(8, { maxByteLength: 16 })',
    'Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }], Object)',
    'structuredClone(new ArrayBuffer(8, { maxByteLength: 16 }))',
  ]) {
    test(`security row 10: no buffer grows: ${make}`, async () => {
      const ended = await sandbox.code(`try { ${make}; return 'made' } catch (error) { return error.name }`);
      assert.match(String(outputOf(ended)), /^(Range|Reference)Error$/);
    });
  }

  for (const [what, body] of Object.entries({
    ...hostile,
    'buffers, one at a time': 'const all = []; for (;;) { all.push(new Uint8Array(1e6).fill(1)); await null; }',
  }).filter(([name]) => /^(unbounded|buffers, one)/.test(name))) {
    test(`security row 10: a run has 32 MB, and takes hardly more before it is ended: ${what}`, async () => {
      await using own = openTestSandbox();
      outputOf(await own.code('return 1;'));
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, own.work().memory);
      }, 5);
      const ended = await own.code(body, { deadlineMs: 30_000 }).finally(() => clearInterval(watch));
      assert.match('failure' in ended ? ended.failure.message : '', /more than 32 MB|allocation failed/);
      assert.ok(most < 250 * 2 ** 20, `${most / 2 ** 20} MB`);
    });
  }

  test('security row 10: runs that have the process take what V8 does not count are ended by the process', async () => {
    const unpacks = deflateRawSync(Buffer.alloc(16 * 2 ** 20 - 1)).toString('latin1');
    // Each stays well below its processor time, and together they take twice what the process may have.
    const ended = await Promise.all(
      Array.from({ length: 4 }, () =>
        sandbox.code(
          `const bytes = Uint8Array.from(input, (one) => one.charCodeAt(0));
           await Promise.all(Array.from({ length: 16 }, () => host.later('zlib', ['inflateRaw', bytes, {}])));
           await host.wait(4000);
           return 'held';`,
          { input: unpacks, deadlineMs: 25_000 },
        ),
      ),
    );
    const kinds = ended.map(failureOf);
    assert.ok(kinds.includes('memory'), kinds.join(', '));
    assert.ok(!kinds.includes('cpu'), kinds.join(', '));
  });

  test('security row 10: what is put into Object.prototype is seen by no later run, nor by later code that asks first', async () => {
    const body = `
      if (input === 'spoil') {
        JSON.parse('{"isAdmin":true}', function (key, value) { Object.prototype[key || 'other'] = value; return value; });
        String.prototype.trim = () => 'spoilt';
        delete Array.prototype.map;
        Function.prototype.own = 1;
        const before = [({}).isAdmin, ' a '.trim(), typeof [].map];
        return [before, host.mend().sort(), ({}).isAdmin ?? null, ' a '.trim(), typeof [].map];
      }
      if (input === 'leave') { Object.prototype.isAdmin = true; Map.prototype.get = () => 7; globalThis.JSON.own = 1; return 1; }
      return [({}).isAdmin ?? null, new Map([[1, 2]]).get(1), typeof JSON.own];`;
    assert.deepEqual(outputOf(await sandbox.code(body, { input: 'spoil' })), [
      [true, 'spoilt', 'undefined'],
      [
        'Array.prototype.map',
        'Function.prototype.own',
        'Object.prototype.isAdmin',
        'Object.prototype.other',
        'String.prototype.trim',
      ],
      null,
      'a',
      'function',
    ]);
    for (let at = 0; at < 5; at += 1) {
      assert.equal(outputOf(await sandbox.code(body, { input: 'leave' })), 1);
      assert.deepEqual(outputOf(await sandbox.code(body, { input: 'look' })), [null, 2, 'undefined']);
    }
  });

  test('security row 10: what foreign code does to intrinsics does not reach our own code inside', async () => {
    const body = `
      const spoil = () => { throw new Error('spoilt') };
      const names = ['push', 'map', 'forEach', 'slice', 'concat', 'join', Symbol.iterator];
      for (const name of names) Array.prototype[name] = spoil;
      Object.defineProperty(Object.prototype, 'get', { get: spoil, set: spoil, configurable: true });
      Object.defineProperty(Object.prototype, 'id', { get: spoil, set: spoil, configurable: true });
      Promise.prototype.then = spoil;
      Function.prototype.call = Function.prototype.apply = Function.prototype.bind = spoil;
      Map.prototype.get = Map.prototype.set = Map.prototype.delete = spoil;
      Set.prototype.has = Set.prototype.add = spoil;
      String.prototype.slice = spoil;
      Reflect.apply = Reflect.ownKeys = Object.getOwnPropertyDescriptor = Object.defineProperty = spoil;
      globalThis.String = globalThis.Number = globalThis.Promise = globalThis.Error = globalThis.Reflect = spoil;
      host.log('info', 'printed');
      return await host.call('a', '1');`;
    const ended = await sandbox.code(body);
    assert.equal(outputOf(ended), 'null');
    assert.deepEqual(ended.console, [{ level: 'info', text: 'printed' }]);
  });

  test('security row 10: whose promise the end of a run makes is not for the code to say', async () => {
    const source = `globalThis.main = async () => {
      function Own() { globalThis.stolen = true; throw new Error('own'); }
      Promise.prototype.constructor = { [Symbol.species]: Own };
      return String(globalThis.stolen === undefined);
    };`;
    const run = { program: { version: source, files: [{ name: 'm.js', source }] }, input: 1, deadlineMs: 10_000 };
    assert.equal(outputOf(await sandbox.run({ ...run, host: async () => null })), true);
  });

  test('security row 10: what stands where descriptors are looked up does not keep changes from being put back', async () => {
    const body = `
      const own = () => 'own';
      Object.prototype.get = Object.prototype.set = own;
      Object.prototype.value = Object.prototype.writable = own;
      Object.prototype.toString = own;
      Array.prototype.map = own;
      const names = host.mend();
      return [names.sort(), String({}), typeof [].map.call, ({}).get ?? null];`;
    const names = ['get', 'set', 'toString', 'value', 'writable'].map((name) => `Object.prototype.${name}`);
    const told = [['Array.prototype.map', ...names], '[object Object]', 'function', null];
    assert.deepEqual(outputOf(await sandbox.code(body)), told);
  });

  test('security row 10: a getter that fails when it is compared is not handed to the next run', async () => {
    const body = `
      const fails = { configurable: true, get() { throw new Error('own'); } };
      if (input) Object.defineProperty(Array.prototype, 'map', fails);
      return Object.getOwnPropertyDescriptor(Array.prototype, 'map').get === undefined;`;
    for (let at = 0; at < 5; at += 1) {
      assert.equal(outputOf(await sandbox.code(body)), true);
      assert.equal(outputOf(await sandbox.code(body, { input: true })), false);
    }
    assert.equal(outputOf(await sandbox.code(body)), true);
  });

  test('security row 10: frozen or sealed intrinsics are not handed to the next run', async () => {
    const body = `
      if (input) { Object.freeze(Object.prototype); Object.freeze(Array.prototype); return 1; }
      return Object.isFrozen(Object.prototype);`;
    outputOf(await sandbox.code(body, { input: true }));
    assert.equal(outputOf(await sandbox.code(body)), false);
  });

  test('security row 10: 200 hostile runs in a row leave others unharmed and the memory it had', async () => {
    await using own = openTestSandbox();
    const good = () => own.code('return input.a + 1;', { input: { a: 1 } });
    for (let at = 0; at < 5; at += 1) assert.equal(outputOf(await good()), 2);
    const own0 = process.memoryUsage.rss();
    const bodies = [...Object.values(loops).slice(0, 3), ...Object.values(hostile).slice(0, 5)];
    for (let at = 0; at < 200; at += 4) {
      const runs = [0, 1, 2, 3].map((more) => own.code(bodies[(at + more) % bodies.length] ?? '', { deadlineMs: 150 }));
      const [fine, ...ended] = await Promise.all([good(), ...runs]);
      assert.equal(outputOf(fine), 2);
      for (const one of ended) assert.ok('failure' in one);
    }
    await until(() => own.work().memory < 300 * 2 ** 20);
    assert.ok(process.memoryUsage.rss() - own0 < 64 * 2 ** 20);
  });
});
