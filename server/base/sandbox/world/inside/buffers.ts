// Buffers and bytes for the bindings, which are there before Node's `Buffer` is.
import { bytesOfText } from './buffer-binding.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

let make: (bytes: Bytes) => unknown = (bytes) => bytes;

/** Tells how a Buffer is made over bytes. */
export function takeBufferMaker(maker: (bytes: Bytes) => unknown): void {
  make = maker;
}

/** A Buffer over what came from outside. */
export function bufferOf(value: unknown): unknown {
  return value === undefined ? undefined : make(bytesOf(value));
}

/** The bytes of what Node's library hands to its native half: a view, or a text in an encoding. */
export function bytesOf(value: unknown, encoding: unknown = 'utf8'): Bytes {
  if (typeof value === 'string') return bytesOfText(value, encodingOf(encoding));
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return new Uint8Array();
}

const named: Record<string, string> = {
  buffer: 'utf8',
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  'utf-16le': 'utf16le',
  binary: 'latin1',
};

function encodingOf(encoding: unknown): string {
  const name = typeof encoding === 'string' ? encoding.toLowerCase() : 'utf8';
  return named[name] ?? name;
}

/** All pieces in one. */
export function joined(pieces: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
