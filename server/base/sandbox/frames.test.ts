import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { openFrames } from './frames.ts';

test('messages arrive as they were said, however the bytes are cut', async () => {
  const message = fc.record({ kind: fc.string(), at: fc.integer() });
  const said = fc.array(fc.tuple(message, fc.string({ unit: 'binary' })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(said, fc.integer({ min: 1, max: 40 }), async (all, size) => {
      const out = new PassThrough();
      const frames = openFrames(out, () => {}, 1000);
      out.removeAllListeners('data');
      const chunks: Buffer[] = [];
      out.on('data', (chunk: Buffer) => chunks.push(chunk));
      for (const [one, body] of all) frames.say(one, body);
      await new Promise(setImmediate);
      const bytes = Buffer.concat(chunks);
      const heard: [unknown, string][] = [];
      const back = new PassThrough();
      openFrames(back, (one, body) => heard.push([one, body]), 10_000);
      for (let at = 0; at < bytes.length; at += size) back.write(bytes.subarray(at, at + size));
      await new Promise(setImmediate);
      assert.deepEqual(
        heard,
        all.map(([one, body]) => [JSON.parse(JSON.stringify(one)), body.toWellFormed()]),
      );
    }),
  );
});

for (const [what, bytes] of [
  ['too long', Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ['no JSON', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0x7b])],
] as const) {
  test(`a message that is ${what} ends the stream`, async () => {
    const stream = new PassThrough();
    const ended = new Promise((resolve) => stream.once('error', resolve));
    openFrames(stream, () => assert.fail('heard'), 1000);
    stream.write(bytes);
    assert.ok((await ended) instanceof Error);
    assert.ok(stream.destroyed);
  });
}
