// Compression by Node's own zlib, a whole text at a time and bounded in size.
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { bytesOf, isObject, type Native, textOf } from './values.ts';

const mostBytes = 16 * 2 ** 20;
// A piece is filled before anybody looks how much there is by now, and each takes its time however small it is.
const [leastPiece, mostPiece] = [2 ** 14, 2 ** 20];

// It takes a second for each, and cannot be ended.
const mostBrotli = 2 ** 20;

const functions: Record<string, (bytes: Uint8Array, options: object) => Promise<Buffer>> = {
  gzip: promisify<Uint8Array, object, Buffer>(zlib.gzip),
  gunzip: promisify<Uint8Array, object, Buffer>(zlib.gunzip),
  deflate: promisify<Uint8Array, object, Buffer>(zlib.deflate),
  inflate: promisify<Uint8Array, object, Buffer>(zlib.inflate),
  deflateRaw: promisify<Uint8Array, object, Buffer>(zlib.deflateRaw),
  inflateRaw: promisify<Uint8Array, object, Buffer>(zlib.inflateRaw),
  unzip: promisify<Uint8Array, object, Buffer>(zlib.unzip),
  brotliCompress: promisify<Uint8Array, object, Buffer>(zlib.brotliCompress),
  brotliDecompress: promisify<Uint8Array, object, Buffer>(zlib.brotliDecompress),
};

/** On other threads: what waits for it is this code alone. */
export const slowZlib: Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>> = {
  async zlib(name, bytes, options) {
    const act = Object.hasOwn(functions, textOf(name)) ? functions[textOf(name)] : undefined;
    if (!act) throw new TypeError(`no such function of zlib: ${name}`);
    if (name === 'brotliCompress' && bytesOf(bytes).length > mostBrotli) {
      throw new RangeError(`Code of rules and actions packs ${mostBrotli} bytes by brotli at most; gzip takes more.`);
    }
    const asked = isObject(options) ? options : {};
    const most = typeof asked.maxOutputLength === 'number' ? Math.min(asked.maxOutputLength, mostBytes) : mostBytes;
    const { chunkSize } = asked;
    // Below 64 Node refuses it.
    const isSize = typeof chunkSize === 'number' && chunkSize >= 64;
    const piece = isSize ? { chunkSize: Math.min(Math.max(chunkSize, leastPiece), mostPiece) } : {};
    return act(bytesOf(bytes), { ...asked, ...piece, maxOutputLength: most });
  },
};

export const zlibNatives: Record<string, Native> = {
  crc32: (bytes, value) => zlib.crc32(Buffer.from(bytesOf(bytes)), typeof value === 'number' ? value : 0),
};
