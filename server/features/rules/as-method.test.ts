import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { methodIn, withMethod } from './as-method.ts';

function asMethod(script: string): string {
  const found = methodIn(script);
  return found ? withMethod(script, found) : script;
}

const run = (script: string): unknown => new Script(`(${asMethod(script)}\n)`).runInThisContext();

for (const script of [
  'function (user) { return user; }',
  'function greet(user) { return greet.length === 1 ? user : 0; }',
  '/* a ( */ function /* b ( */ greet /* ( */ (user) { return user; } // end',
  '(function(user){return user})',
  'function\n// (\n  (user) { return user; }',
  'function (user = (1)) { return user; }',
  'function let(user) { return user; }',
  '(function (user) { return arguments[0] === user && this === globalThis ? user : 0; })',
  'function (user) { held = user; return held; }',
]) {
  test(`as a method it does what it did, and tells nobody its arguments: ${JSON.stringify(script)}`, () => {
    const [before, made] = [new Script(`(${script}\n)`).runInThisContext(), run(script)];
    assert.ok(typeof before === 'function' && typeof made === 'function');
    assert.equal(made(7), 7);
    assert.ok(Object.hasOwn(before, 'arguments'));
    assert.ok(!Object.hasOwn(made, 'arguments'));
    assert.equal(asMethod(script).split('\n').length, script.split('\n').length);
  });
}

for (const script of ['async function (a) {}', '(a) => a', 'async (a) => a', 'function (a, a) {}', 'function (', '']) {
  test(`of another kind, it stays as it is: ${JSON.stringify(script)}`, () => assert.equal(asMethod(script), script));
}
