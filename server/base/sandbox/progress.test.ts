import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as limits from './limits.ts';
import { createProgress } from './progress.ts';

/** Writes as an isolate does. */
function writer(shared: SharedArrayBuffer) {
  const head = new Int32Array(shared, 0, 5);
  const texts = new Uint16Array(shared, head.byteLength);
  return (number: number, text: string, { length = text.length, ms = 0 } = {}) => {
    const slot = number & 1;
    for (let at = 0; at < text.length; at += 1) texts[slot * limits.mostNoted + at] = text.charCodeAt(at);
    [head[1 + 2 * slot], head[2 + 2 * slot]] = [length, ms];
    Atomics.store(head, 0, number);
  };
}

test('the last checkpoint is told, whether it is in the memory or came as a message', () => {
  const progress = createProgress();
  const write = writer(progress.shared);
  assert.equal(progress.latest(), undefined);
  write(1, 'one \u{1f600} \ud800');
  assert.deepEqual(progress.latest(), { number: 1, text: 'one \u{1f600} \ud800', ms: 0 });
  write(2, 'two', { ms: 2000 });
  assert.deepEqual(progress.latest(), { number: 2, text: 'two', ms: 2000 });
  progress.hear({ number: 3, text: 'three', ms: 5 });
  assert.deepEqual(progress.latest(), { number: 3, text: 'three', ms: 5 });
  write(4, 'four');
  assert.equal(progress.latest()?.text, 'four');
  progress.reset();
  assert.equal(progress.latest(), undefined);
});

test('whatever stands in the memory, a text of some length is read of it', () => {
  const progress = createProgress();
  const write = writer(progress.shared);
  for (const length of [-1, limits.mostNoted, limits.mostNoted + 1, 2 ** 31 - 1, -(2 ** 31)]) {
    write(7, 'x', { length, ms: -5 });
    const { text = '' } = progress.latest() ?? {};
    assert.ok(text.length <= limits.mostNoted, `${length}: ${text.length}`);
  }
});
