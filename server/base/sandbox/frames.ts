import type { Duplex } from 'node:stream';

const headBytes = 8;

export type Frames<Out> = {
  /** `body` is text that stays as it is, beside the message. */
  say(message: Out, body?: string): void;
};

/**
 * Messages over a stream of bytes, each with a text of its own that is not escaped again: two lengths (32 bits, big
 * endian), the message as JSON, the text. What is said within one turn goes out at once.
 *
 * @param mostBytes of one message; more, or something that is no JSON, destroys the stream
 */
export function openFrames<Out, In = unknown>(
  stream: Duplex,
  hear: (message: In, body: string) => void,
  mostBytes: number,
): Frames<Out> {
  // Put together only when the message that they begin is whole: at each piece it would take the square of its length.
  let pieces: Buffer[] = [];
  let [held, wanted] = [0, headBytes];
  let isCorked = false;

  function take(chunk: Buffer): void {
    pieces.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    const all = pieces.length === 1 ? chunk : Buffer.concat(pieces, held);
    let at = 0;
    wanted = headBytes;
    while (all.length - at >= headBytes) {
      const message = all.readUInt32BE(at);
      const body = all.readUInt32BE(at + 4);
      if (message + body > mostBytes) throw new Error(`a message of more than ${mostBytes} bytes`);
      const begin = at + headBytes;
      wanted = headBytes + message + body;
      if (all.length - at < wanted) break;
      at += wanted;
      wanted = headBytes;
      hear(JSON.parse(all.toString('utf8', begin, begin + message)), all.toString('utf8', begin + message, at));
    }
    pieces = at < all.length ? [all.subarray(at)] : [];
    held = all.length - at;
  }

  stream.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });

  return {
    say(message, body = '') {
      if (stream.destroyed || !stream.writable) return;
      const json = JSON.stringify(message);
      const [first, second] = [Buffer.byteLength(json), Buffer.byteLength(body)];
      const frame = Buffer.allocUnsafe(headBytes + first + second);
      frame.writeUInt32BE(first, 0);
      frame.writeUInt32BE(second, 4);
      frame.write(json, headBytes);
      frame.write(body, headBytes + first);
      if (!isCorked) {
        isCorked = true;
        stream.cork();
        process.nextTick(() => {
          isCorked = false;
          stream.uncork();
        });
      }
      stream.write(frame);
    },
  };
}
