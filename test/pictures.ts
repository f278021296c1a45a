import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createDeflate } from 'node:zlib';
import { pino } from 'pino';
import sharp from 'sharp';
import { pngChunk } from '../demo/networks/portrait.ts';
import { createOutgoing } from '../server/base/net.ts';
import { openPictures, type Pictures } from '../server/base/pictures/pictures.ts';

/** What the simulated outside answers at a path: a file, or by hand. */
type Answer = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void);

export type Outside = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests so far. */
  readonly asked: IncomingMessage[];
  answers: Record<string, Answer>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A real HTTP server with files on it, all of which it calls PNG. */
export async function openOutside(answers: Record<string, Answer> = {}): Promise<Outside> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const answer = outside.answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end('nothing');
    else if (typeof answer === 'function') answer(request, response);
    else response.writeHead(200, { 'content-type': 'image/png', 'set-cookie': 'seen=1' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const outside: Outside = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    asked,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
  return outside;
}

export type TestPictures = Pictures & { [Symbol.asyncDispose](): Promise<void> };

/**
 * Pictures for one test, of which these sites are the umbrella's own.
 *
 * @param asked is told the names that are looked up; none is there
 */
export function openTestPictures(
  own: readonly Outside[],
  idleMs?: number,
  asked?: (name: string) => void,
): TestPictures {
  const hosts = new Set(own.map(({ url }) => new URL(url).host));
  const resolve = async (name: string) => {
    asked?.(name);
    return [];
  };
  const outgoing = createOutgoing({ ownHosts: async () => hosts, ...(asked && { resolve }) });
  const log = pino({ level: 'silent' });
  const pictures = openPictures({ log, outgoing, ...(idleMs !== undefined && { idleMs }) });
  return { ...pictures, [Symbol.asyncDispose]: () => pictures.close() };
}

/** A picture in one colour, to be encoded. */
export function plain(width = 60, height = 40, background = '#c02040') {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** A file of some 300 kB that says it is 50,000 pixels wide and high, and is: all of them black. */
export async function bomb(): Promise<Buffer> {
  const side = 50_000;
  const deflate = createDeflate({ level: 1 });
  const row = Buffer.alloc(1 + side / 8);
  const rows = Buffer.concat(Array.from({ length: 500 }, () => row));
  const packed: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => packed.push(chunk));
  for (let written = 0; written < side; written += 500) {
    if (!deflate.write(rows)) await once(deflate, 'drain');
  }
  deflate.end();
  await once(deflate, 'end');
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.concat(packed)),
    pngChunk('IEND'),
  ]);
}
