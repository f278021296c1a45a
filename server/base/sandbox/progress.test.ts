import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as limits from './limits.ts';
import { createProgress } from './progress.ts';

/** Writes as an isolate does. */
function writer(shared: SharedArrayBuffer) {
  const head = new Int32Array(shared, 0, 7);
  const texts = new Uint16Array(shared, head.byteLength);
  return (number: number, text: string, { length = text.length, ms = 0, isDone = true } = {}) => {
    const slot = number & 1;
    let sum = number + ms;
    for (let at = 0; at < text.length; at += 1) {
      texts[slot * limits.mostNoted + at] = text.charCodeAt(at);
      sum = (sum * 31 + text.charCodeAt(at)) | 0;
    }
    if (isDone) head.set([length, ms, sum], 1 + 3 * slot);
    if (isDone) Atomics.store(head, 0, number);
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

test('a checkpoint that is being written over is not told, nor is any whose length cannot be', () => {
  const progress = createProgress();
  const write = writer(progress.shared);
  write(1, '{"at":1}');
  write(2, '{"at":2}');
  write(3, '{"at":3}', { isDone: false });
  assert.equal(progress.latest()?.text, '{"at":2}');
  write(4, '{"at":4}', { isDone: false });
  assert.equal(progress.latest(), undefined, 'half of one and half of another');
  for (const length of [-1, limits.mostNoted + 1, 2 ** 31 - 1, -(2 ** 31)]) {
    write(7, 'x', { length });
    assert.equal(progress.latest(), undefined, String(length));
  }
});
