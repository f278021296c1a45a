// Compression by Node's own zlib, a whole text at a time and bounded in size.
import * as zlib from 'node:zlib';
import { bytesOf, isObject, type Native, textOf } from './values.ts';

const mostBytes = 16 * 2 ** 20;
// A piece is filled before anybody looks how much there is by now.
const mostPiece = 2 ** 20;

const functions: Record<string, (bytes: Uint8Array, options: object) => Buffer> = {
  gzip: zlib.gzipSync,
  gunzip: zlib.gunzipSync,
  deflate: zlib.deflateSync,
  inflate: zlib.inflateSync,
  deflateRaw: zlib.deflateRawSync,
  inflateRaw: zlib.inflateRawSync,
  unzip: zlib.unzipSync,
  brotliCompress: zlib.brotliCompressSync,
  brotliDecompress: zlib.brotliDecompressSync,
};

export const zlibNatives: Record<string, Native> = {
  zlib(name, bytes, options) {
    const act = Object.hasOwn(functions, textOf(name)) ? functions[textOf(name)] : undefined;
    if (!act) throw new TypeError(`no such function of zlib: ${name}`);
    const asked = isObject(options) ? options : {};
    const most = typeof asked.maxOutputLength === 'number' ? Math.min(asked.maxOutputLength, mostBytes) : mostBytes;
    const piece = typeof asked.chunkSize === 'number' ? { chunkSize: Math.min(asked.chunkSize, mostPiece) } : {};
    return act(bytesOf(bytes), { ...asked, ...piece, maxOutputLength: most });
  },
  crc32: (bytes, value) => zlib.crc32(Buffer.from(bytesOf(bytes)), typeof value === 'number' ? value : 0),
};
