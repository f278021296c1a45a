import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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

test('security row 10: what one run changes of the parts of Node is seen by no later run', async () => {
  const changes = [
    'Buffer.prototype.own = 1; Buffer.from = () => 7;',
    'require("crypto").randomBytes(1).__proto__.own = 1;',
    'URL.prototype.own = 1; Object.defineProperty(URL.prototype, "href", { get: () => "own", configurable: true });',
    'Object.getPrototypeOf(new URL("http://a.b/?c").searchParams).own = 1;',
    'Headers.prototype.get = () => "own"; Response.prototype.json = async () => 7;',
    'AbortSignal.prototype.own = 1; AbortSignal.timeout = () => 7; Event.prototype.own = 1;',
    'process.stdout.write = () => 7; process.nextTick = () => 7;',
    'require("crypto").createHash = () => 7;',
    'crypto.getRandomValues = () => 7; crypto.subtle.own = 1;',
    'require("http").STATUS_CODES[200] = "own"; require("os").constants.own = 1;',
    'require("events").prototype.emit = () => 7; require("http").IncomingMessage.prototype.own = 1;',
    'TextEncoder.prototype.encode = () => 7; setTimeout(() => {}).constructor.prototype.ref = () => 7;',
    'globalThis.fetch = () => 7; crypto.subtle.constructor.prototype.own = 1; console.log = () => 7;',
    'require("net").isIP = () => 7;',
    'require("querystring").parse = () => 7;',
    'Map.prototype.own = 1; require("xtend"); require("util").format = () => 7;',
    'require("url").parse = () => 7; require("xtend");',
  ];
  const look = `[
    Buffer.prototype.own, String(Buffer.from('a')), URL.prototype.own, new URL('http://a.b/').href,
    new URLSearchParams('a=b').own, new Headers({ a: 'b' }).get('a'), await Response.json({}).json(),
    AbortSignal.prototype.own, AbortSignal.timeout === undefined, typeof AbortSignal.timeout(9), new Event('x').own,
    String(process.stdout.write).length, String(process.nextTick).length,
    require('crypto').createHash('md5').update('').digest('hex'), require('http').STATUS_CODES[200],
    require('os').constants.own, crypto.getRandomValues(new Uint8Array(3)).length,
    new (require('events'))().emit('x'), require('http').IncomingMessage.prototype.own,
    new TextEncoder().encode('a').length, typeof setTimeout(() => {}).ref(), typeof fetch, fetch.length,
    crypto.subtle.own, String(console.log).length, require('net').isIP('1.1.1.1'), require('querystring').parse('a=b').a,
    require('util').format('a'), typeof require('url').parse('http://a.b/'), Map.prototype.own,
  ]`;
  const program = await programOf(`
    const change = [${changes.map((change) => `() => { ${change} }`).join(', ')}][url];
    const seen = JSON.stringify(${look}, (key, value) => value === undefined ? 'none' : value);
    if (change) change();
    return seen;`);
  const run = async (url: string) => {
    const ended = await sandbox.run({ program, input: { url }, deadlineMs: 10_000, host: async () => null });
    assert.ok('output' in ended, JSON.stringify(ended));
    // It is looked at after every run, though not within a few milliseconds.
    await sleep(150);
    return String(ended.output);
  };
  const before = await run('none');
  assert.match(before, /"http:.*"d41d8cd98f00b204e9800998ecf8427e"/);
  for (const [place, change] of changes.entries()) {
    assert.equal(await run(String(place)), before, change);
    assert.equal(await run('none'), before, change);
  }
});

test('an isolate serves on after all that Node has was loaded and used, and packages that change what is shared', async () => {
  const parts =
    'assert buffer console crypto events http https os path process punycode querystring stream stream/promises stream/web';
  const more = 'string_decoder timers url util zlib';
  const program = await programOf(`
    global.runs = (global.runs || 0) + 1;
    for (const name of '${parts} ${more}'.split(' ')) {
      const part = require(name);
      for (const key of Object.keys(part)) try { part[key]; } catch {}
    }
    for (const name of Object.getOwnPropertyNames(globalThis)) globalThis[name];
    await crypto.subtle.digest('SHA-256', new Uint8Array(3));
    await new Blob(['x']).text();
    new EventTarget().dispatchEvent(new Event('x'));
    await new Response('a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData();
    await require('stream').Readable.from(['a']).map((text) => text).toArray();
    await require('timers/promises').setTimeout(1);
    require('http').get('http://never.example/').on('error', () => {});
    await fetch('http://never.example/').catch(() => {});
    // It marks errors by a property of Error.
    await require('bluebird').delay(1);
    return global.runs;`);
  const served: number[] = [];
  for (let at = 0; at < 6; at += 1) {
    const ended = await sandbox.run({ program, input: { url: '' }, deadlineMs: 10_000, host: async () => null });
    served.push('output' in ended ? Number(ended.output) : Number.NaN);
    await sleep(150);
  }
  // The pool may take another isolate.
  assert.ok(Math.max(...served) > 2, served.join());
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
