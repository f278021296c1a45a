import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { echo, inNode, listen, openTest } from './test-both.ts';

const { url, host, server } = await listen(echo);
const { sandbox, inSandbox } = openTest(() => [host, '127.0.0.1:1']);
after(async () => {
  await sandbox.close();
  server.close();
  server.closeAllConnections();
});

/** The same in both: results, errors and the order of things. */
function same(name: string, script: string): void {
  test(name, async () => {
    const [there, here] = [await inNode(script, url), await inSandbox(script, url)];
    assert.equal(here, there);
  });
}

same(
  'Buffer: texts in all encodings, there and back',
  `const texts = ['', 'a', 'héllo', '€uro', '😀 pair', 'lone \\ud800 and \\udc00', '\\u0000\\uffff', 'x'.repeat(5000) + 'é'];
   const out = [];
   for (const text of texts) for (const encoding of ['utf8', 'utf16le', 'latin1', 'ascii', 'base64', 'base64url', 'hex', 'ucs2', 'binary']) {
     const bytes = Buffer.from(text, encoding);
     out.push([bytes.length, bytes.toString('hex').slice(0, 200), bytes.toString(encoding).slice(0, 200), Buffer.byteLength(text, encoding)]);
   }
   for (const odd of ['YQ', 'YQ==', 'Y Q = =', '_-8', 'a=bcd', 'ab!c', '===']) out.push(Buffer.from(odd, 'base64').toString('hex'), Buffer.from(odd, 'hex').length);
   for (const hex of ['c3', 'e282', 'f09f98', 'eda080', 'c080', 'f4908080', 'ff', '61ff62', 'e28261', 'f0808080', 'edbfbf']) out.push(Buffer.from(hex, 'hex').toString());
   return out;`,
);

same(
  'Buffer: numbers, searching, filling, comparing, slices and what is refused',
  `const out = [];
   const b = Buffer.alloc(16);
   b.writeInt32BE(-5, 0); b.writeDoubleLE(1.5, 4); b.writeUIntBE(0x123456, 12, 3); b.writeBigUInt64LE(12345678901234567890n, 4);
   out.push(b, b.readInt32BE(0), b.readUInt16LE(1), b.readBigInt64LE(4), b.readFloatBE(2), b.toJSON());
   const text = Buffer.from('the cat and the hat €');
   for (const [v, o, e] of [['the'], ['the', 1], ['the', -5], ['zzz'], [''], ['', 99], [116], [Buffer.from('hat')], ['€'], ['aGF0', 0, 'base64'], ['the', undefined, 'latin1']]) {
     out.push(text.indexOf(v, o, e), text.lastIndexOf(v, o, e), text.includes(v, o, e));
   }
   const wide = Buffer.from('abab', 'utf16le'); out.push(wide.indexOf('b', 0, 'utf16le'), wide.lastIndexOf('a', undefined, 'utf16le'));
   out.push(Buffer.alloc(7, 'ab'), Buffer.alloc(5, 'YQ==', 'base64'), Buffer.alloc(4).fill('é'), Buffer.from([1, 2, 3]).fill(0, 1, 2));
   out.push(Buffer.compare(Buffer.from('a'), Buffer.from('b')), text.equals(Buffer.from(text)), text.compare(Buffer.from('cat'), 0, 3, 4, 7));
   const part = text.subarray(4, 7); part[0] = 98; out.push(text.toString(), part.toString(), Buffer.concat([part, Buffer.from('!')], 6));
   out.push(Buffer.from([1, 2, 3, 4]).swap16(), Buffer.from([1, 2, 3, 4]).swap32(), Buffer.from('12345678').swap64(), Buffer.isBuffer(part), Buffer.isEncoding('UTF-8'));
   out.push(b.copy(Buffer.alloc(3), 1, 2), text.write('dog', 4), text.toString(), atob('aGk='), btoa('hi'), text.length);
   for (const fault of [() => Buffer.alloc(-1), () => Buffer.from(5), () => b.readInt8(99), () => b.writeInt8(300, 0), () => Buffer.from('a', 'nope'), () => b.readInt32LE(1.5), () => b.swap16.call(Buffer.alloc(3)), () => atob('*'), () => btoa('€'), () => Buffer.concat('x'), () => b.fill('a', 0, 99), () => new Buffer.from('a')]) {
     try { out.push(fault()); } catch (error) { out.push([error.name, error.code, error.message]); }
   }
   return out;`,
);

same(
  'URL, URLSearchParams and the older url module',
  `const out = [];
   for (const [text, base] of [['http://User:p%40ss@EXAMPLE.com:80/a/../b?x=1#f'], ['https://münchen.de/ü?ü#ü'], ['mailto:a@b.c?subject=x'], ['file:///C:/a b'], ['//host/path', 'https://a.b'], ['?q', 'http://a/b#c'], ['http://[::1]:3000/'], ['http://0x7f.1/'], ['data:text/plain,hi'], ['http://a/?'], ['http://a/#'], ['blob:https://a.b/x'], ['http://a.b:65535/'], ['web+demo:/.//not-a-host/'], ['http://user@h/']]) {
     const u = new URL(text, base);
     out.push(u, u.origin, u.toJSON(), require('url').urlToHttpOptions(u).path);
   }
   for (const bad of ['', 'x', 'http://', 'http://a b/', 'http://a:99999/', '//x', 'http://[::1']) {
     try { out.push(new URL(bad)); } catch (error) { out.push([error.name, error.code, error.message, error.input]); }
     out.push(URL.canParse(bad), URL.parse(bad));
   }
   const u = new URL('https://a.b/c?d=e');
   u.protocol = 'http'; u.host = 'x.y:81'; u.port = '0'; u.pathname = 'ä b'; u.search = 'q= 1'; u.hash = 'h h'; u.username = 'me@'; u.password = 'p:w'; u.hostname = 'bad host'; u.port = 'x';
   out.push(u.href, u.searchParams.get('q')); u.searchParams.append('z', 'ü&='); u.searchParams.delete('q'); u.searchParams.sort(); out.push(u.href);
   try { u.href = 'nope'; } catch (error) { out.push([error.code, error.message]); }
   const p = new URLSearchParams([['a', '1'], ['b', '2'], ['a', '3']]); out.push(p, p.getAll('a'), [...p.keys()], p.has('b', '2'), p.size, String(p), new URLSearchParams({ x: 'y z' }).toString());
   const old = require('url');
   for (const text of ['http://user:pass@host.com:8080/p/a/t/h?query=string#hash', '/relative?x=1', 'HTTP://EXAMPLE.com', 'javascript:alert(1)', 'http://a.com/\\\\b', '//x/y']) out.push(old.parse(text, true), old.parse(text, false, true).pathname);
   out.push(old.resolve('http://a.com/b/c', '../d'), old.format({ protocol: 'https', host: 'a.b', pathname: '/x', query: { y: [1, 2] } }), old.format(new URL('http://ü.de/'), { unicode: true }), old.domainToASCII('ü.de'), old.domainToUnicode('xn--tda.de'), old.fileURLToPath('file:///a%20b'), old.pathToFileURL('/a b#').href);
   return out;`,
);

test('security row 10: a URL of more than 1 MB is none', async () => {
  const script = `const long = 'http://' + '@'.repeat(2 ** 20) + 'a/'; const out = [URL.canParse(long), URL.parse(long)];
   for (const parse of [() => new URL(long), () => { new URL('http://a/').href = long; }, () => new URL('x', long), () => new URL('?')]) try { out.push(parse()); } catch (error) { out.push([error.name, error.code, error.message, error.input.length]); }
   const kept = new URL('http://a/b'); kept.pathname = long; out.push(kept.href, require('url').domainToASCII(long), 'http://'.length + 2 ** 20 + 2);
   return out;`;
  const size = 2 ** 20 + 9;
  const fault = (length: number) => `[ 'TypeError', 'ERR_INVALID_URL', 'Invalid URL', ${length} ]`;
  const faults = [size, size, 1, 1].map(fault).join(',');
  const told = await inSandbox(script, '');
  assert.equal(told.replace(/\s+/g, ''), `[false, null, ${faults}, 'http://a/b', '', ${size} ]`.replace(/\s+/g, ''));
});

same(
  'querystring, path, punycode, string_decoder, os.EOL',
  `const q = require('querystring'); const path = require('path'); const { StringDecoder } = require('string_decoder');
   const out = [q.parse('a=1&b=2&a=3&c=%20x+y&=e&f'), q.stringify({ a: [1, 'ü'], b: true, c: null, d: 1n }), q.escape('ü /'), q.unescape('%41%zz'), q.parse('a:1;b:2', ';', ':'), q.parse('x=1&y=2', null, null, { maxKeys: 1 })];
   out.push(path.join('/a', '..', 'b', './c'), path.resolve('/a', 'b', '../c'), path.basename('/x/y.js', '.js'), path.extname('a.b.c'), path.parse('/srv/u/f.txt'), path.relative('/a/b', '/a/c/d'), path.win32.join('a', 'b'), path.normalize('//a/./b//c/..'));
   for (const encoding of ['utf8', 'utf16le', 'base64', 'hex', 'latin1']) {
     const decoder = new StringDecoder(encoding); const bytes = Buffer.from('€😀é');
     const pieces = []; for (const byte of bytes) pieces.push(decoder.write(Buffer.from([byte])));
     out.push(pieces, decoder.end(), new StringDecoder(encoding).end(bytes.subarray(0, 5)));
   }
   out.push(require('os').EOL, require('punycode').toASCII('mañana.com'));
   return out;`,
);

same(
  'util: inspect, format, promisify, inherits, types, isDeepStrictEqual, TextEncoder and TextDecoder',
  `const util = require('util'); const out = [];
   class Person { constructor() { this.name = 'x'; } get age() { return 1; } static make() {} }
   class Named extends Map {}
   const circle = { a: 1 }; circle.self = circle;
   const values = [1, -0, 'it\\'s', 10n, true, null, undefined, Symbol('s'), new Date(0), new Date(NaN), /x/gi, [1, , 3], [[[[1]]]], new Map([[{ a: 1 }, new Set([1])]]), new Person(), Person, new Named([[1, 2]]), circle, Object.create(null), { [Symbol('k')]: 1 }, function f() {}, async () => {}, function* g() {}, new Error('bad').message, Buffer.from('abc'), new Uint8Array(3), new ArrayBuffer(2), new Proxy({}, {}) && 1, new WeakMap(), { get a() { return 1; }, set b(v) {} }, 'a'.repeat(300), Array(200).fill(1), Object(1), Object('x'), new (class extends Array {})(3), { a: { b: { c: { d: 1 } } } }, [undefined, null], { 'a-b': 1, 2: 3 }, new Set('abc').values().toArray(), globalThis === global, JSON, Math, Reflect];
   for (const value of values) out.push(util.inspect(value), util.inspect(value, { compact: false, depth: 0, showHidden: true }), util.format('%s|%d|%i|%f|%j|%o|%O', value === circle ? 'c' : value, '5', '6.7', '1.5', 1, [1], { a: 1 }));
   out.push(util.format('%% %s', 'a', 'b', { c: 1 }), util.format(1, 2), util.inspect('x', { colors: true }));
   out.push(await util.promisify((a, cb) => cb(null, a + 1))(1), await util.promisify((cb) => cb(new Error('no')))().catch((e) => e.message));
   out.push(await new Promise((ok) => util.callbackify(async (x) => x)(7, (e, v) => ok(v))));
   function Old() {} function Base() {} Base.prototype.hi = () => 1; util.inherits(Old, Base); out.push(new Old().hi(), Old.super_ === Base);
   out.push(util.isDeepStrictEqual({ a: [1, new Map([[1, { b: 2 }]])] }, { a: [1, new Map([[1, { b: 2 }]])] }), util.isDeepStrictEqual([0], [-0]));
   for (const kind of ['isDate', 'isRegExp', 'isPromise', 'isMap', 'isSet', 'isTypedArray', 'isUint8Array', 'isArrayBuffer', 'isGeneratorFunction', 'isAsyncFunction', 'isNativeError', 'isBoxedPrimitive', 'isWeakMap', 'isArgumentsObject', 'isMapIterator'])
     out.push(values.concat(Promise.resolve(), new TypeError(), (function () { return arguments; })(), new Map().keys(), { [Symbol.toStringTag]: 'Date' }).filter((v) => util.types[kind](v)).length);
   out.push(new TextEncoder().encode('ü€😀\\ud800'), new TextEncoder().encodeInto('a€b', new Uint8Array(3)), new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff)), new TextDecoder('latin1').decode(Uint8Array.of(0x80, 0xe9)));
   const d = new TextDecoder(); out.push(d.decode(Uint8Array.of(0xe2, 0x82), { stream: true }) + d.decode(Uint8Array.of(0xac)));
   try { new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff)); } catch (e) { out.push([e.name, e.code, e.message]); }
   try { util.promisify(1); } catch (e) { out.push([e.code, e.message]); }
   out.push(util.stripVTControlCharacters('\\u001b[31mx\\u001b[0m'), util.toUSVString('\\ud800'), util.parseArgs({ args: ['-f', '--bar', 'b'], options: { f: { type: 'boolean', short: 'f' }, bar: { type: 'string' } } }).values, util.styleText('red', 'x', { validateStream: false }));
   return out;`,
);

same(
  'events, streams and their errors, piece by piece',
  `const { EventEmitter, once, on } = require('events'); const stream = require('stream'); const { pipeline } = require('stream/promises'); const out = [];
   const e = new EventEmitter(); e.on('a', (v) => out.push(['on', v])); e.prependListener('a', () => out.push('first')); e.once('a', () => out.push('once')); e.emit('a', 1); e.emit('a', 2); out.push(e.listenerCount('a'), e.eventNames());
   try { e.emit('error', new Error('nobody')); } catch (error) { out.push(error.message); } try { e.emit('error', 5); } catch (error) { out.push(error.message, error.code); } try { e.on('x', 5); } catch (error) { out.push(error.code, error.message); }
   setTimeout(() => e.emit('later', 42), 1); out.push(await once(e, 'later'));
   const upper = new stream.Transform({ transform(c, _e, cb) { cb(null, String(c).toUpperCase()); } });
   const got = []; await pipeline(stream.Readable.from(['a', 'b', 'c']), upper, new stream.Writable({ write(c, _e, cb) { got.push(String(c)); cb(); } })); out.push(got);
   out.push(await pipeline(stream.Readable.from(['a']), new stream.Transform({ transform(c, e, cb) { cb(new Error('broken')); } }), new stream.PassThrough()).catch((error) => error.message));
   const r = new stream.Readable({ read() {} }); r.push('one'); r.push('two'); r.push(null); r.setEncoding('utf8'); const chunks = []; for await (const c of r) chunks.push(c); out.push(chunks);
   const w = new stream.Writable({ highWaterMark: 2, write(c, _e, cb) { setImmediate(cb); } }); out.push(w.write('abc'), w.writableLength, w.writableNeedDrain); await once(w, 'drain'); w.end(); await once(w, 'finish'); w.on('error', (error) => out.push(error.code)); w.write('x'); await new Promise((ok) => setTimeout(ok, 5));
   const d = new stream.Duplex({ read() { this.push('r'); this.push(null); }, write(c, _e, cb) { cb(); } }); d.end('x'); out.push((await d.toArray()).map(String));
   out.push(await stream.Readable.from([1, 2, 3]).map((x) => x * 2).toArray(), await stream.Readable.from([3, 4]).reduce((a, b) => a + b), stream.isReadable(new stream.PassThrough()));
   const dead = new stream.Readable({ read() {} }); dead.destroy(new Error('killed')); out.push(await once(dead, 'x').catch((error) => error.message), dead.destroyed);
   return out;`,
);

same(
  'the order of timers, ticks, microtasks and immediates',
  `const out = []; const note = (what) => () => out.push(what);
   await new Promise((done) => setTimeout(() => {
     setTimeout(note('timeout 2'), 25); setTimeout(note('timeout 1'), 1); setImmediate(note('immediate')); queueMicrotask(note('microtask'));
     Promise.resolve().then(note('promise')).then(note('promise 2')); process.nextTick(note('tick'), 1); process.nextTick(() => { out.push('tick 2'); Promise.resolve().then(note('promise of tick')); });
     out.push('now'); setTimeout(done, 60);
   }, 1));
   const interval = []; await new Promise((done) => { const t = setInterval(() => { interval.push(1); if (interval.length === 3) { clearInterval(t); done(); } }, 1); });
   const never = setTimeout(() => out.push('never'), 5); clearTimeout(never); const t = setTimeout(() => {}, 1000); out.push(interval, typeof t, t.hasRef(), t.unref() === t, t.hasRef(), typeof t[Symbol.toPrimitive]()); clearTimeout(+t); t.refresh; clearTimeout(t);
   const im = setImmediate(() => out.push('never')); clearImmediate(im); await new Promise((ok) => setTimeout(ok, 10, 'arg')).then((v) => out.push(v));
   out.push(await require('timers/promises').setTimeout(1, 'value'), await require('util').promisify(setTimeout)(1, 'v'));
   try { setTimeout('x'); } catch (error) { out.push(error.code, error.message); }
   return out;`,
);

same(
  'AbortController, Event, EventTarget, structuredClone, DOMException, Blob, FormData, web streams',
  `const out = []; const c = new AbortController(); c.signal.addEventListener('abort', (e) => out.push(e.type, e.target === c.signal)); c.abort(); out.push(c.signal.aborted, String(c.signal.reason), c.signal.reason.code); try { c.signal.throwIfAborted(); } catch (e) { out.push(e.name); }
   const timeout = AbortSignal.timeout(1); await new Promise((ok) => timeout.addEventListener('abort', ok)); out.push(timeout.reason.name, AbortSignal.any([c.signal]).aborted, AbortSignal.abort('why').reason);
   const t = new EventTarget(); t.addEventListener('x', (e) => { out.push(e.type, e.cancelable); e.preventDefault(); }, { once: true }); out.push(t.dispatchEvent(new Event('x', { cancelable: true })), t.dispatchEvent(new Event('x')));
   const copy = structuredClone({ d: new Date(5), m: new Map([[1, new Set([2])]]), r: /x/g, e: new RangeError('r'), b: new Uint8Array([1]) }); out.push({ ...copy, e: copy.e.message }, copy.e instanceof RangeError, copy.d instanceof Date);
   const x = new DOMException('m', 'AbortError'); out.push(x.name, x.code, x.message, x instanceof Error, Object.prototype.toString.call(x));
   const b = new Blob(['ab', new Uint8Array([99]), new Blob(['d'])], { type: 'Text/Plain' }); out.push(b, b.size, b.type, await b.text(), await b.slice(1, 3).text(), new Uint8Array(await b.arrayBuffer()));
   const f = new FormData(); f.append('a', '1'); f.append('a', new File(['x'], 'n.txt')); out.push([...f.keys()], f.get('a'), f.getAll('a').length);
   const r = new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); } }); const parts = []; for await (const p of r.pipeThrough(new TransformStream({ transform(v, c) { c.enqueue(v + v); } }))) parts.push(p); out.push(parts);
   const h = new Headers([['A', '1'], ['a', '2'], ['set-cookie', 'x'], ['set-cookie', 'y']]); out.push(h, [...h], h.getSetCookie()); try { h.append('bad name', 'x'); } catch (e) { out.push(e.name, e.message); }
   const q = new Request('https://a.b/c', { method: 'post', body: 'x', headers: { y: 'z' } }); out.push(q.method, q.url, await q.text(), q.bodyUsed); try { new Request('/x'); } catch (e) { out.push(e.name, e.message); }
   const s = Response.json({ a: 1 }, { status: 201 }); out.push(s.status, s.headers.get('content-type'), await s.clone().json(), s.ok, Response.error().type); try { await s.text(); await s.text(); } catch (e) { out.push(e.message); }
   return out;`,
);

same(
  'assert and what it says',
  `const assert = require('assert'); const out = [];
   for (const fault of [() => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] }), () => assert.strictEqual('a\\nb', 'a\\nc'), () => assert.equal(1, 2), () => assert(false, 'because'), () => assert.throws(() => {}), () => assert.notDeepEqual([1], [1]), () => assert.match('x', /y/), () => assert.fail(), () => assert.ifError(new Error('e'))]) {
     try { fault(); out.push('fine'); } catch (error) { out.push([error.name, error.code, error.message, error.operator]); }
   }
   for (const fault of [() => assert(false), () => assert.ok(null), () => assert.strict(undefined), () => assert()]) {
     try { fault(); out.push('fine'); } catch (error) { out.push([error.name, error.code, error.operator, error.actual, error.expected, error.generatedMessage]); }
   }
   await assert.rejects(Promise.reject(new TypeError('x')), TypeError); assert.deepEqual({ a: new Map([[1, 2]]) }, { a: new Map([[1, 2]]) });
   return out;`,
);

same(
  'crypto: digests, HMAC, key derivation and ciphers, with what they refuse',
  `const c = require('crypto'); const out = [];
   for (const name of ['md5', 'sha1', 'sha256', 'SHA512', 'sha3-256', 'ripemd160', 'RSA-SHA256']) out.push(c.createHash(name).update('a').update(Buffer.from('é')).update('ff', 'hex').digest('hex'));
   const h = c.createHash('sha256').update('x'); const twin = h.copy(); out.push(h.digest('base64'), twin.update('y').digest('base64url'), c.hash('sha1', 'x'), c.createHash('shake128', { outputLength: 4 }).update('').digest('hex'));
   out.push(c.createHmac('sha256', 'key').update('data').digest('hex'), c.createHmac('sha1', Buffer.from('k')).update('d').digest('latin1'), c.createHmac('sha512', c.createSecretKey(Buffer.from('s'))).update('d').digest().length);
   out.push(c.pbkdf2Sync('p', 's', 1000, 20, 'sha512').toString('hex'), c.scryptSync('p', 's', 20, { N: 1024 }).toString('hex'), Buffer.from(c.hkdfSync('sha256', 'k', 's', 'i', 10)).toString('hex'), await new Promise((ok) => c.pbkdf2('p', 's', 1, 8, 'sha1', (e, k) => ok(k.toString('hex')))));
   out.push(await new Promise((ok) => c.scrypt('p', 's', 20, { N: 1024 }, (e, k) => ok(k.toString('hex')))), await new Promise((ok) => c.checkPrime(7n, (e, is) => ok([e, is]))), await new Promise((ok) => c.generatePrime(32, { bigint: true }, (e, p) => ok([e, p > 2n ** 31n]))));
   out.push(c.randomBytes(5).length, c.randomUUID().length, c.randomInt(5, 6), c.timingSafeEqual(Buffer.from('a'), Buffer.from('a')), (await new Promise((ok) => c.randomBytes(3, (e, b) => ok(b)))).length, c.getHashes().includes('sha256'), c.getCiphers().length > 20, c.getCurves().includes('prime256v1'));
   const key = Buffer.alloc(32, 1); const iv = Buffer.alloc(16, 2);
   for (const name of ['aes-256-cbc', 'aes-256-ctr', 'aes-256-ecb']) { const e = c.createCipheriv(name, key, name.endsWith('ecb') ? null : iv); const text = e.update('some longer text, more than a block', 'utf8', 'hex') + e.final('hex'); const d = c.createDecipheriv(name, key, name.endsWith('ecb') ? null : iv); out.push(text, d.update(text, 'hex', 'utf8') + d.final('utf8')); }
   const g = c.createCipheriv('aes-256-gcm', key, iv); g.setAAD(Buffer.from('aad')); const sealed = g.update('secret', 'utf8', 'base64') + g.final('base64'); const tag = g.getAuthTag(); const o = c.createDecipheriv('aes-256-gcm', key, iv); o.setAAD(Buffer.from('aad')); o.setAuthTag(tag); out.push(sealed, tag.toString('hex'), o.update(sealed, 'base64', 'utf8') + o.final('utf8'));
   const piped = c.createHash('sha1'); piped.end('streamed'); for await (const d of piped) out.push(d.toString('hex'));
   for (const fault of [() => c.createHash('nope'), () => c.createHmac('nope', 'k'), () => c.createHash(5), () => h.update('x'), () => c.createCipheriv('aes-256-cbc', 'short', iv), () => c.createCipheriv('nope', key, iv), () => { const d = c.createDecipheriv('aes-256-cbc', key, iv); d.update('00', 'hex'); d.final(); }, () => { const d = c.createDecipheriv('aes-256-gcm', key, iv); d.setAuthTag(Buffer.alloc(16)); d.update(sealed, 'base64'); d.final(); }, () => c.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')), () => c.pbkdf2Sync('p', 's', -1, 1, 'sha1'), () => c.pbkdf2Sync('p', 's', 1, 1, 'nope'), () => c.randomBytes('x'), () => c.createCipher, () => c.createHash('sha1').update(5), () => c.scryptSync('a', 'b', 8, { N: 3 })]) {
     try { out.push(fault()); } catch (error) { out.push([error.name, error.code, error.message]); }
   }
   return out;`,
);

same(
  'crypto: keys, signatures, RSA, curves and WebCrypto',
  `const c = require('crypto'); const out = [];
   const rsa = c.generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
   out.push(rsa.publicKey.split('\\n')[0], rsa.privateKey.split('\\n')[0]);
   const signed = c.createSign('RSA-SHA256').update('text').sign(rsa.privateKey); out.push(signed.length, c.createVerify('sha256').update('text').verify(rsa.publicKey, signed), c.createVerify('sha256').update('other').verify(rsa.publicKey, signed), c.verify('sha256', Buffer.from('text'), rsa.publicKey, signed));
   const pss = c.sign('sha256', Buffer.from('x'), { key: rsa.privateKey, padding: c.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }); out.push(c.verify('sha256', Buffer.from('x'), { key: rsa.publicKey, padding: c.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, pss));
   out.push(c.privateDecrypt(rsa.privateKey, c.publicEncrypt(rsa.publicKey, Buffer.from('hi'))).toString(), c.publicDecrypt(rsa.publicKey, c.privateEncrypt(rsa.privateKey, Buffer.from('ho'))).toString(), c.privateDecrypt({ key: rsa.privateKey, oaepHash: 'sha256' }, c.publicEncrypt({ key: rsa.publicKey, oaepHash: 'sha256' }, Buffer.from('hi'))).toString());
   const key = c.createPublicKey(rsa.privateKey); const jwk = key.export({ format: 'jwk' }); out.push(key.type, key.asymmetricKeyType, key.asymmetricKeyDetails, Object.keys(jwk), jwk.e, c.createPublicKey({ key: jwk, format: 'jwk' }).equals(key), c.createPrivateKey(rsa.privateKey).type);
   const later = await new Promise((ok) => c.generateKeyPair('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }, (e, pub, key) => ok([e, c.verify('sha256', Buffer.from('x'), pub, c.sign('sha256', Buffer.from('x'), key))]))); out.push(later);
   const made = await globalThis.crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify']); out.push(made.publicKey.type, made.privateKey.algorithm.modulusLength);
   const ec = c.generateKeyPairSync('ec', { namedCurve: 'P-256' }); const es = c.sign('sha256', Buffer.from('x'), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }); out.push(es.length, c.verify('sha256', Buffer.from('x'), { key: ec.publicKey, dsaEncoding: 'ieee-p1363' }, es), ec.publicKey.asymmetricKeyDetails, ec.publicKey.export({ format: 'jwk' }).crv);
   const ed = c.generateKeyPairSync('ed25519'); out.push(c.verify(null, Buffer.from('x'), ed.publicKey, c.sign(null, Buffer.from('x'), ed.privateKey)), c.createSecretKey(Buffer.from('abc')).export(), c.createSecretKey(Buffer.from('abc')).symmetricKeySize);
   const alice = c.createECDH('secp256k1'); const bob = c.createECDH('secp256k1'); alice.generateKeys(); bob.generateKeys(); out.push(alice.computeSecret(bob.getPublicKey()).equals(bob.computeSecret(alice.getPublicKey())), alice.getPublicKey('hex', 'compressed').length);
   const secret = c.generateKeySync('hmac', { length: 64 }); out.push(secret.symmetricKeySize, (await new Promise((ok) => c.generateKeyPair('ec', { namedCurve: 'P-384' }, (e, p) => ok(p)))).asymmetricKeyType);
   for (const fault of [() => c.createPublicKey('nope'), () => c.createPrivateKey(rsa.publicKey), () => c.createSign('sha256').update('x').sign('nope'), () => c.createSign('nope'), () => c.createSign('sha256').update('x').sign(), () => c.createSecretKey(5), () => c.privateDecrypt(rsa.privateKey, Buffer.from('x'))]) { try { out.push(fault()); } catch (error) { out.push([error.name, error.code]); } }
   const { subtle } = globalThis.crypto; out.push(Buffer.from(await subtle.digest('SHA-256', Buffer.from('x'))).toString('hex'), globalThis.crypto.getRandomValues(new Uint8Array(4)).length, globalThis.crypto.randomUUID().length);
   const hk = await subtle.importKey('raw', Buffer.from('k'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']); const mac = await subtle.sign('HMAC', hk, Buffer.from('d')); out.push(Buffer.from(mac).toString('hex'), await subtle.verify('HMAC', hk, mac, Buffer.from('d')), hk.algorithm, hk.usages);
   const pair = await subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify']); const s = await subtle.sign('RSASSA-PKCS1-v1_5', pair.privateKey, Buffer.from('x')); out.push(await subtle.verify('RSASSA-PKCS1-v1_5', pair.publicKey, s, Buffer.from('x')), pair.publicKey.type, (await subtle.exportKey('jwk', pair.publicKey)).kty);
   const aes = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']); const iv = new Uint8Array(12); out.push(Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv }, aes, await subtle.encrypt({ name: 'AES-GCM', iv }, aes, Buffer.from('aes')))).toString());
   return out;`,
);

same(
  'zlib: functions, promises of them, streams and faults',
  `const z = require('zlib'); const { promisify } = require('util'); const out = [];
   const text = 'hello '.repeat(100);
   for (const [there, back] of [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['brotliCompress', 'brotliDecompress'], ['gzip', 'unzip']]) out.push(z[back + 'Sync'](z[there + 'Sync'](text)).toString() === text, (await promisify(z[back])(await promisify(z[there])(text))).toString() === text);
   const zipped = await require('stream').Readable.from([Buffer.from('piped')]).pipe(z.createGzip()).pipe(z.createGunzip()).toArray(); out.push(Buffer.concat(zipped).toString());
   try { z.gunzipSync(Buffer.from('not zipped')); } catch (error) { out.push([error.code, error.errno, error.message]); }
   out.push(await promisify(z.inflate)('x').catch((error) => [error.code, error.message]), z.crc32('hello'), z.constants.Z_BEST_COMPRESSION);
   try { z.gzipSync(5); } catch (error) { out.push([error.code, error.message]); }
   const bad = z.createGunzip(); bad.end('nope'); out.push(await require('events').once(bad, 'end').catch((error) => error.code));
   return out;`,
);

same(
  'http: requests as streams, headers, agents, errors, aborts and time-outs',
  `const http = require('http'); const { once } = require('events'); const out = [];
   const call = (options, body) => new Promise((ok, no) => { const r = http.request(options, (res) => { const parts = []; res.on('data', (c) => parts.push(c)); res.on('end', () => ok([res.statusCode, res.statusMessage, res.headers['set-cookie'], res.httpVersion, res.complete, Buffer.concat(parts).toString()])); }); r.on('error', no); r.end(body); });
   out.push(await call(url + '/a?b=c'), await call({ ...require('url').urlToHttpOptions(new URL(url + '/post')), method: 'POST', headers: { 'X-One': '1', 'x-two': ['2', '3'], 'content-type': 'text/plain' } }, 'body ü'), await call(url + '/?status=404'), await call(new URL(url + '/?status=302&location=/next')));
   const w = http.request(url + '/chunks', { method: 'PUT', agent: new http.Agent({ keepAlive: true }) }); w.setHeader('a', 'b'); w.write('one,'); w.write(Buffer.from('two,')); w.end('three'); const [res] = await once(w, 'response'); res.setEncoding('utf8'); let all = ''; for await (const part of res) all += part; out.push(all, w.getHeader('a'), w.path, w.method, res.rawHeaders.length > 2);
   http.get(url + '/get', (r) => r.resume()).on('response', (r) => out.push(r.statusCode)).on('close', () => out.push('closed')); await new Promise((ok) => setTimeout(ok, 300));
   out.push(await call('http://127.0.0.1:1/').catch((error) => [error.name, error.code, error.message, error.syscall, error.address, error.port]));
   for (const fault of [() => http.request('nope'), () => http.request({ host: 5 }), () => http.get(url, { headers: { 'bad name': 'x' } }), () => http.get(url, { method: 'BAD METHOD' }), () => http.request(url, { path: '/ü x' }), () => http.request('ftp://x/')]) { try { fault().on('error', () => {}).destroy(); out.push('made'); } catch (error) { out.push([error.name, error.code, error.message]); } }
   const aborted = http.get(url); aborted.destroy(); out.push(await once(aborted, 'response').catch((error) => [error.code, error.message]), aborted.destroyed);
   const c = new AbortController(); const signalled = http.get(url, { signal: c.signal }); c.abort(); out.push(await once(signalled, 'response').catch((error) => [error.name, error.code]));
   out.push(http.STATUS_CODES[404], http.METHODS.length, http.globalAgent.keepAlive, require('https').globalAgent.defaultPort);
   return out;`,
);

same(
  'fetch: methods, bodies, redirects, errors and aborts',
  `const out = []; const show = async (r) => [r.status, r.ok, r.redirected, r.type, r.headers.get('content-type'), r.headers.getSetCookie(), await r.json()];
   out.push(await show(await fetch(url + '/a?b=ü')), await show(await fetch(url, { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'content-type': 'application/json' } })), await show(await fetch(new URL(url), { method: 'PUT', body: new URLSearchParams({ a: 'b c' }) })), await show(await fetch(new Request(url, { method: 'DELETE' }))));
   const f = new FormData(); f.append('x', '1'); f.append('f', new Blob(['file']), 'f.txt'); out.push(await show(await fetch(url, { method: 'POST', body: f })));
   out.push(await show(await fetch(url + '/?status=302&location=/next')), (await fetch(url + '/?status=302&location=/n', { redirect: 'manual' })).status, await fetch(url + '/?status=302&location=/n', { redirect: 'error' }).catch((e) => [e.name, e.message]));
   out.push(await fetch('http://127.0.0.1:1/').catch((e) => [e.name, e.message]), await fetch('nope').catch((e) => [e.name, e.message]), await fetch(url, { method: 'GET', body: 'x' }).catch((e) => [e.name, e.message]));
   const c = new AbortController(); const p = fetch(url, { signal: c.signal }); c.abort(); out.push(await p.catch((e) => [e.name, e.message]));
   const r = await fetch(url, { method: 'HEAD' }); out.push(r.status, await r.text()); const s = await fetch(url); const reader = s.body.getReader(); out.push((await reader.read()).done, s.bodyUsed);
   return out;`,
);
