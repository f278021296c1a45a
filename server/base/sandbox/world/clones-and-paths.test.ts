import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inNode, openTest } from './test-both.ts';

const { sandbox, inSandbox } = openTest(() => []);
after(() => sandbox.close());

test('structuredClone: what cannot be copied, what is handed over, and how it is asked for', async () => {
  const script = `const out = []; const told = (act) => { try { out.push(act()); } catch (error) { out.push([error.name, error.message, error.code, error instanceof DOMException]); } };
    const [buffer, gone] = [new ArrayBuffer(4), new ArrayBuffer(4)]; gone.transfer();
    for (const value of [() => {}, { a: Symbol('x') }, { f() {} }, new WeakMap(), Promise.resolve(), gone, { get x() { throw new TypeError('own'); } }, { get x() { throw new RangeError('own'); } }]) told(() => structuredClone(value));
    for (const options of [5, null, undefined, {}, { transfer: 5 }, { transfer: [1] }, { transfer: [{}] }, { transfer: [gone] }, { transfer: [buffer, buffer] }, { transfer: new Set() }]) told(() => structuredClone(1, options));
    told(() => structuredClone()); told(() => structuredClone(() => {}, { transfer: [buffer] })); out.push(buffer.byteLength);
    told(() => { const { own, view } = structuredClone({ own: buffer, view: new Uint8Array(buffer) }, { transfer: [buffer] }); return [own.byteLength, view.buffer === own, buffer.byteLength, buffer.detached]; });
    told(() => { const view = new Uint8Array([1, 2]); const copy = structuredClone(view, { transfer: [view.buffer] }); return [copy, view.length]; });
    out.push(structuredClone.name, structuredClone({ d: new Date(5), m: new Map([[1, 2]]) })); const loop = {}; loop.loop = loop; const copy = structuredClone(loop); out.push(copy.loop === copy);
    return out;`;
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
});

test('structuredClone: every kind of value, what is in two places, and what is read while it is copied', async () => {
  const script = String.raw`const util = require('util'); const out = []; const show = (value) => out.push(util.inspect(value, { depth: 9, showHidden: false, compact: true, breakLength: Infinity }));
    const told = (value) => { try { show(structuredClone(value)); } catch (error) { out.push([error.name, error.message, error.code]); } };
    const list = [1, , 3]; list.more = 'x'; list[7] = undefined; const sparse = []; sparse.length = 5;
    const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false }); const named = JSON.parse('{"__proto__":{"x":1},"a":[]}');
    const view = Buffer.from('abc'); class Own { constructor() { this.x = 1; } get y() { return 2; } method() {} }
    for (const value of [list, sparse, hidden, named, new Own(), Object.create(null), Object.create({ up: 1 }), new Number(-0), new String('s'), new Boolean(false), Object(5n), Object(Symbol('s')), -0, 5n, NaN, null, undefined, 'x', new Date(NaN), /a\/b/giu, new Set([1, {}]), new Map([[{}, new Map()]]), [new Set([[]])]]) told(value);
    for (const Kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array, Float64Array]) told(new Kind(2));
    told(new DataView(new ArrayBuffer(8), 2, 3)); told(view.subarray(1)); told(function named() {}); told(class A {}); told(async () => {}); told([][Symbol.iterator] && new Map().entries()); told(new Set().values()); told((function* () {})()); told(new WeakSet()); told(Object(Symbol.iterator));
    for (const Kind of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) { const copy = structuredClone(new Kind('m', { cause: { a: 1 } })); out.push(copy.name, copy.message, copy instanceof Kind, Object.keys(copy), copy.cause, typeof copy.stack); }
    { const error = new TypeError('t'); error.name = 'Own'; error.more = 1; const copy = structuredClone(error); out.push(copy.name, copy instanceof TypeError, 'more' in copy, Object.hasOwn(copy, 'name'), 'cause' in structuredClone(new Error('x')), copy.stack === error.stack); }
    { const one = { n: 1 }; const buffer = new ArrayBuffer(4); const copy = structuredClone({ a: one, b: [one], c: new Map([[one, one]]), d: new Uint8Array(buffer), e: new Uint16Array(buffer), f: buffer }); out.push(copy.a === copy.b[0], copy.c.get(copy.a) === copy.a, copy.d.buffer === copy.e.buffer, copy.f === copy.d.buffer, copy.f === buffer, Object.getPrototypeOf(copy.d) === Uint8Array.prototype); }
    { const map = new Map([[1, { get x() { map.set(2, 'late'); return 1; } }]]); show(structuredClone(map)); const set = new Set([{ get x() { set.add(2); return 1; } }]); show(structuredClone(set)); }
    { const seen = []; const value = { get a() { seen.push('a'); delete value.c; return 1; }, b: 2, c: 3, get d() { seen.push('d'); return 4; } }; show(structuredClone(value)); out.push(seen); }
    { const loop = [new Map()]; loop[0].set('self', loop); const copy = structuredClone(loop); out.push(copy[0].get('self') === copy); const set = new Set(); set.add(set); const own = structuredClone(set); out.push(own.has(own)); const error = new Error('e'); error.cause = error; out.push(structuredClone(error).cause === error); }
    return out;`;
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
});

test('security row 10: what is copied by structuredClone counts as the code’s, however often it stands there', async () => {
  const often = `const text = 'x'.repeat(2 ** 20); const copy = structuredClone(Array(900).fill(text)); return [copy.length, copy[899] === text];`;
  assert.equal(await inSandbox(often, ''), '[ 900, true ]');
});

test('security row 10: whoever changes how lists are taken apart finds no list of ours that others use', async () => {
  const script = `const z = require('zlib'); const own = Array.prototype[Symbol.iterator]; const ours = [];
    Array.prototype[Symbol.iterator] = function () { if (!Object.isFrozen(this)) ours.push(this); return Reflect.apply(own, this, []); };
    z.gzipSync('a', { level: 1 }); try { structuredClone(Symbol('x')); } catch {} structuredClone([new Number(1), new Set([1]), Promise.prototype, { a: new Error('x') }]);
    Array.prototype[Symbol.iterator] = own;
    for (let at = 0; at < ours.length; at += 1) { const list = ours[at]; for (let place = 0; place < list.length; place += 1) list[place] = { toString() { throw new Error('found'); } }; }
    return [z.gunzipSync(z.gzipSync('a', { level: 1 })).toString(), structuredClone([new Number(1), new String('s'), { a: 1 }])];`;
  assert.equal(
    await inSandbox(script, ''),
    await inNode(`return ['a', [new Number(1), new String('s'), { a: 1 }]];`, ''),
  );
});

test('security row 10: of the options of zlib only those that Node reads cross', async () => {
  const script = `const z = require('zlib'); const text = 'x'.repeat(2 ** 20); const often = Array(900).fill(text); const out = [];
    const told = (...values) => { try { out.push(z.gunzipSync(z.gzipSync(...values)).toString()); } catch (error) { out.push([error.name, error.code, error.message.slice(0, 60)]); } };
    told('a', { often, level: 9 }); told('a', { level: 99 }); told('a', { dictionary: Buffer.from('b') }); told('a', { params: { [often.length]: 1 } }); told('a', { level: undefined });
    out.push(z.inflateSync(z.deflateSync('ab', { dictionary: Buffer.from('ab') }), { dictionary: Buffer.from('ab') }).toString());
    out.push(z.brotliCompressSync('a', { params: { [z.constants.BROTLI_PARAM_QUALITY]: 1, [z.constants.BROTLI_PARAM_LARGE_WINDOW]: true } }).length);
    return out;`;
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
});

test('url.pathToFileURL: what would end the path is escaped', async () => {
  const script = String.raw`const { pathToFileURL, fileURLToPath } = require('url'); const out = [];
    for (const path of ['/a#c?', '/a b#', '/%41\\x', '/n\n\r\t', '/"<>|é^~[]{}', '/a/', '/a/../b', '/a:b@c']) out.push(pathToFileURL(path).href, fileURLToPath(pathToFileURL(path)) === path);
    return out;`;
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
});
