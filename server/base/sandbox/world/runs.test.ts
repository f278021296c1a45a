import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pino } from 'pino';
import { type HostCall, openSandbox } from '../sandbox.ts';
import { foreign, publicEscapes } from '../test-attacks.ts';
import { programOf } from './test-both.ts';

const sandbox = openSandbox({ log: pino({ level: 'silent' }) });
after(() => sandbox.close());

async function runOften(script: string, host: HostCall = async () => null): Promise<string[]> {
  const program = await programOf(script);
  const outputs: string[] = [];
  // The pool may take another isolate: some run comes to one that was there before.
  for (const url of ['first', 'second', 'first', 'second', 'first', 'second']) {
    const ended = await sandbox.run({ program, input: { url }, deadlineMs: 10_000, host });
    outputs.push(
      'output' in ended ? String(ended.output) : `failed: ${ended.failure.message}`,
      ...ended.console.map(({ text }) => text),
    );
  }
  return outputs;
}

test('what one run leaves waiting does not go on in the next, and does not hold up its timers', async () => {
  const outputs = await runOften(`
    global.runs = (global.runs || 0) + 1;
    if (url === 'first') {
      for (const ms of [1, 5, 20, 60, 5000]) setTimeout(() => console.log('late timer of ' + url), ms);
      setInterval(() => console.log('interval of ' + url), 2);
      setImmediate(() => console.log('immediate of ' + url));
      process.nextTick(() => console.log('tick of ' + url));
      fetch('http://never.example/').then(() => console.log('fetch of ' + url), () => console.log('fetch of ' + url));
      require('http').get('http://never.example/').on('error', () => console.log('http of ' + url));
      return global.runs;
    }
    await new Promise((done) => setTimeout(done, 100));
    await new Promise((done) => setImmediate(done));
    return global.runs;`);
  const lines = outputs.filter((line) => line !== 'tick of first');
  assert.equal(lines.length, 6, lines.join('\n'));
  assert.ok(lines.every((line) => Number(line) >= 1) && lines.some((line) => Number(line) > 1), lines.join('\n'));
});

test('security row 10: nothing of ours, and nothing of the process outside, is within reach of a script', async () => {
  const [told] = await runOften(`
    const names = []; for (let o = globalThis; o; o = Object.getPrototypeOf(o)) names.push(...Object.getOwnPropertyNames(o).filter((n) => n.startsWith('$')));
    const own = [typeof $host, typeof $parts, typeof $inside, typeof main];
    const taken = []; const { apply } = Reflect; const keep = (value) => { taken[taken.length] = value; };
    for (const [holder, name] of [[Promise.prototype, 'then'], [Function.prototype, 'call'], [Function.prototype, 'apply'], [Function.prototype, 'bind'], [Array.prototype, 'push'], [Array.prototype, 'map'], [Array.prototype, Symbol.iterator], [Map.prototype, 'get'], [Set.prototype, 'add'], [WeakMap.prototype, 'set'], [String.prototype, 'replace'], [JSON, 'stringify'], [JSON, 'parse'], [Object, 'assign'], [globalThis, 'Promise']]) {
      const before = holder[name];
      if (name === 'Promise') { globalThis.Promise = class extends before { constructor(run) { keep(run); super(run); } }; continue; }
      holder[name] = function (...given) { keep(this); for (let i = 0; i < given.length; i += 1) keep(given[i]); return apply(before, this, given); };
    }
    for (const key of ['call', 'native', 'log', 'wait', 'checkpoint', 'key', 'bytes']) Object.defineProperty(Object.prototype, key, { configurable: true, set(value) { keep(value); keep(this); }, get() { keep(this); return undefined; } });
    try { setTimeout(() => {}, 1); console.log('x'); fetch('http://a.example/').catch(() => {}); new URL('http://a.b/').href; require('crypto').createHash('md5').update('x').digest('hex'); } catch {}
    for (const key of ['call', 'native', 'log', 'wait', 'checkpoint', 'key', 'bytes']) delete Object.prototype[key];
    const host = taken.filter((value) => value !== null && value !== undefined && typeof value === 'object' && (('native' in value && 'call' in value) || ('checkpoint' in value && 'wait' in value)) && value !== console);
    const fromOutside = taken.filter((value) => typeof value === 'function' && !(value instanceof Function)).length;
    return [names.length, own, host.length, fromOutside, this === undefined ? 0 : typeof require('process').mainModule];`);
  assert.match(told ?? '', /^\[ 0, \[ 'undefined', 'undefined', 'undefined', 'undefined' \], 0, 0, /);
});

test('security row 10: no public escape gets out with the world of Node inside either', async () => {
  const program = await programOf(`
    const host = {
      call: async (name) => (await fetch('http://' + name + '.example/')).json(),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      log: (...given) => console.log(...given),
    };
    const { constructor: AsyncFunction } = async () => {};
    return new AsyncFunction('host', 'foreign', 'require', 'return ' + url)(host, ${foreign}, require);`);
  const answered = { status: 200, statusText: 'OK', headers: [], body: Buffer.from('{}').toString('base64') };
  const host: HostCall = async (_, argument) => {
    const { url } = Object(argument);
    if (url === 'http://refused.example/') throw new Error('refused', { cause: process });
    return { ...answered, url };
  };
  for (const [what, expression] of Object.entries(publicEscapes)) {
    const ended = await sandbox.run({ program, input: { url: expression }, deadlineMs: 10_000, host });
    assert.ok('output' in ended, `${what}: ${JSON.stringify(ended)}`);
    assert.equal(ended.output, 'null', what);
  }
});

test('an error that nobody caught is told to the driver, and the rest goes on', async () => {
  const program = await programOf(
    `const heard = []; globalThis.hear = (error) => heard.push(error.message);
     setTimeout(() => { throw new Error('timer'); }, 1); setImmediate(() => { throw new Error('immediate'); }); process.nextTick(() => { throw new Error('tick'); }); queueMicrotask(() => { throw new Error('microtask'); });
     new (require('events'))().on('x', () => {}); await new Promise((done) => setTimeout(done, 30)); return heard.sort();`,
    'inside.onUncaught((error) => globalThis.hear(error));',
  );
  const ended = await sandbox.run({ program, input: { url: '' }, deadlineMs: 5000, host: async () => null });
  assert.equal('output' in ended && ended.output, "[ 'immediate', 'microtask', 'tick', 'timer' ]");
});
