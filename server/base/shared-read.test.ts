import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareReads } from './shared-read.ts';

/** A read that ends when it is told to. */
function slowReads() {
  const begun: { key: string; end(value: number): void; fail(): void }[] = [];
  const read = shareReads((key) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    begun.push({ key, end: resolve, fail: () => reject(new Error('no answer')) });
    return promise;
  });
  return { begun, read };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('who asks during a read gets one that begins afterwards, together with all who wait', async () => {
  const { begun, read } = slowReads();
  const first = read('a');
  const others = [read('a'), read('a'), read('a')];
  assert.equal(begun.length, 1);
  begun[0]?.end(1);
  assert.equal(await first, 1);
  await soon();
  assert.equal(begun.length, 2, 'one read for all who waited');
  const late = read('a');
  begun[1]?.end(2);
  assert.deepEqual(await Promise.all(others), [2, 2, 2]);
  await soon();
  begun[2]?.end(3);
  assert.equal(await late, 3);
  await soon();
  const alone = read('a');
  assert.equal(begun.length, 4, 'nothing is kept');
  begun[3]?.end(4);
  assert.equal(await alone, 4);
});

test('keys do not wait for each other, and a failure is only of its own read', async () => {
  const { begun, read } = slowReads();
  const [a, b] = [read('a'), read('b')];
  const next = read('a');
  assert.deepEqual(
    begun.map(({ key }) => key),
    ['a', 'b'],
  );
  begun[0]?.fail();
  await assert.rejects(a, /no answer/);
  begun[1]?.end(5);
  assert.equal(await b, 5);
  await soon();
  begun[2]?.end(6);
  assert.equal(await next, 6);
});
