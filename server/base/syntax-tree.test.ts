import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOfTexts } from './syntax-tree.ts';

test('the line of a text is that where it first stands between quotes, whichever', () => {
  const lineOf = linesOfTexts('f(a);\nrequire(\'a\');g("b", `c`);\n\n// it\'s\nrequire("a", "d"\n);h(`e\n`,\'f\');');
  const texts = ['a', 'b', 'c', 'd', 'e', 'e\n', 'f', 'require', ''];
  assert.deepEqual(texts.map(lineOf), [2, 2, 2, 5, null, 6, 7, null, null]);
  assert.equal(linesOfTexts('')('a'), null);
  assert.equal(linesOfTexts("\n'a")('a'), null);
});

test('security row 10: however many texts are asked for, code is gone through once', () => {
  const names = Array.from({ length: 12_000 }, (_, place) => `b${place}`);
  const began = performance.now();
  const lineOf = linesOfTexts(names.map((name) => `require('${name}');\n`).join(''));
  for (let round = 0; round < 20; round++) {
    for (const [place, name] of names.entries()) assert.equal(lineOf(name), place + 1);
  }
  const took = performance.now() - began;
  assert.ok(took < 2000, `${took} ms`);
});
