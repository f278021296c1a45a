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

test('url.pathToFileURL: what would end the path is escaped', async () => {
  const script = String.raw`const { pathToFileURL, fileURLToPath } = require('url'); const out = [];
    for (const path of ['/a#c?', '/a b#', '/%41\\x', '/n\n\r\t', '/"<>|é^~[]{}', '/a/', '/a/../b', '/a:b@c']) out.push(pathToFileURL(path).href, fileURLToPath(pathToFileURL(path)) === path);
    return out;`;
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
});
