// What Node's `buffer` asks of its native half.
import { base64OfUnits, base64Read, base64Write, forgivingBase64 } from './base64.ts';
import { indexOfBytes, indexOfNumber } from './byte-search.ts';
import { unitsRead, utf8Fault, utf8Length, utf8Read, utf8Write } from './utf8.ts';

/** Node's numbers of encodings, by name. */
export const encodings = ['ascii', 'utf8', 'base64', 'utf16le', 'latin1', 'hex', 'buffer', 'base64url'];

type Bytes = Uint8Array<ArrayBuffer>;
type View = { buffer: ArrayBuffer; byteOffset: number; byteLength: number };

const { min, max } = Math;
const mostBytes = 2 ** 53 - 1;
const mostUnits = 0x1fffffe8;

function bytesOf(view: View | ArrayBuffer): Bytes {
  return view instanceof ArrayBuffer
    ? new Uint8Array(view)
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A part of bytes as text, by the number of its encoding. */
export function textOf(bytes: Uint8Array, encoding: number, start: number, end: number): string {
  if (encoding === 1) return utf8Read(bytes, start, end);
  if (encoding === 2 || encoding === 7) return base64Read(bytes, start, end, encoding === 7);
  if (encoding === 3) return unitsRead(bytes, start, end, 2, 0xffff);
  if (encoding === 5) return hexRead(bytes, start, end);
  return unitsRead(bytes, start, end, 1, encoding === 0 ? 0x7f : 0xff);
}

const slice =
  (encoding: number) =>
  (bytes: Uint8Array, start: number | undefined, end: number | undefined): string => {
    const stop = end === undefined ? bytes.length : min(max(end, 0), bytes.length);
    const from = start === undefined ? 0 : max(start, 0);
    return from >= stop ? '' : textOf(bytes, encoding, from, stop);
  };

type Write = (text: string, bytes: Uint8Array, start: number, end: number) => number;

const write =
  (writeText: Write) =>
  (bytes: Uint8Array, text: string, offset = 0, length = bytes.length - offset): number =>
    writeText(text, bytes, offset, min(bytes.length, offset + length));

const digits = '0123456789abcdef';

function hexRead(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    text += `${digits[byte >> 4]}${digits[byte & 15]}`;
  }
  return text;
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const hexWrite: Write = (text, bytes, start, end) => {
  let at = start;
  for (let index = 0; index + 1 < text.length && at < end; index += 2) {
    const [high, low] = [digitOf(text.charCodeAt(index)), digitOf(text.charCodeAt(index + 1))];
    if (high < 0 || low < 0) break;
    bytes[at++] = (high << 4) | low;
  }
  return at - start;
};

const unitsWrite: Write = (text, bytes, start, end) => {
  const length = min(text.length, end - start);
  for (let index = 0; index < length; index += 1) bytes[start + index] = text.charCodeAt(index);
  return length;
};

const pairsWrite: Write = (text, bytes, start, end) => {
  const length = min(text.length, (end - start) >> 1);
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[start + 2 * index] = unit;
    bytes[start + 2 * index + 1] = unit >> 8;
  }
  return length * 2;
};

const writers: Record<string, Write> = {
  utf8: (text, bytes, start, end) => utf8Write(text, bytes, start, end).written,
  utf16le: pairsWrite,
  latin1: unitsWrite,
  ascii: unitsWrite,
  hex: hexWrite,
  base64: base64Write,
  base64url: base64Write,
};

/** The bytes of a text. */
export function bytesOfText(text: string, encoding: string): Bytes {
  const bytes = new Uint8Array(encoding === 'utf8' ? utf8Length(text) : text.length * 2);
  const length = (writers[encoding] ?? unitsWrite)(text, bytes, 0, bytes.length);
  return bytes.subarray(0, length);
}

const named: Record<string, string> = {
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  'utf-16le': 'utf16le',
  binary: 'latin1',
};

function fill(target: Uint8Array, value: string | View, offset: number, end: number, encoding?: string): number {
  if (offset > end || end > target.length) return -2;
  const name = (encoding ?? 'utf8').toLowerCase();
  const pattern = typeof value === 'string' ? bytesOfText(value, named[name] ?? name) : bytesOf(value);
  if (pattern.length === 0) return -1;
  for (let index = offset; index < end; index += 1) target[index] = pattern[(index - offset) % pattern.length] ?? 0;
  return 0;
}

function compareBytes(first: Uint8Array, second: Uint8Array): number {
  const length = min(first.length, second.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  if (first.length === second.length) return 0;
  return first.length < second.length ? -1 : 1;
}

const swap = (width: number) => (bytes: Uint8Array) => {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
};

function indexOfText(bytes: Bytes, text: string, offset: number, encoding: number, forward: boolean, end?: number) {
  return indexOfBytes(bytes, bytesOfText(text, encodings[encoding] ?? 'utf8'), offset, encoding === 3, forward, end);
}

/** `internalBinding('buffer')` */
export const bufferBinding = {
  kMaxLength: mostBytes,
  kStringMaxLength: mostUnits,
  byteLengthUtf8: utf8Length,
  copy(source: View, target: View, targetStart: number, sourceStart: number, count: number) {
    bytesOf(target).set(bytesOf(source).subarray(sourceStart, sourceStart + count), targetStart);
    return count;
  },
  compare: (first: View, second: View) => compareBytes(bytesOf(first), bytesOf(second)),
  compareOffset(
    first: Uint8Array,
    second: Uint8Array,
    secondStart: number,
    firstStart: number,
    secondEnd: number,
    firstEnd: number,
  ) {
    return compareBytes(first.subarray(firstStart, firstEnd), second.subarray(secondStart, secondEnd));
  },
  fill,
  isAscii: (view: View | ArrayBuffer) => bytesOf(view).every((byte) => byte < 0x80),
  isUtf8: (view: View | ArrayBuffer) => utf8Fault(bytesOf(view)) === bytesOf(view).length,
  indexOfString: indexOfText,
  indexOfBuffer(bytes: View, wanted: View, offset: number, encoding: number, forward: boolean, end?: number) {
    return indexOfBytes(bytesOf(bytes), bytesOf(wanted), offset, encoding === 3, forward, end);
  },
  indexOfNumber(bytes: View, wanted: number, offset: number, forward: boolean, end?: number) {
    return indexOfNumber(bytesOf(bytes), wanted, offset, forward, end);
  },
  swap16: swap(2),
  swap32: swap(4),
  swap64: swap(8),
  atob: forgivingBase64,
  btoa: base64OfUnits,
  createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
  setDetachKey() {},
  setBufferPrototype() {},
  asciiSlice: slice(0),
  utf8Slice: slice(1),
  base64Slice: slice(2),
  ucs2Slice: slice(3),
  latin1Slice: slice(4),
  hexSlice: slice(5),
  base64urlSlice: slice(7),
  asciiWriteStatic: write(unitsWrite),
  latin1WriteStatic: write(unitsWrite),
  utf8WriteStatic: write((text, bytes, start, end) => utf8Write(text, bytes, start, end).written),
  base64Write: write(base64Write),
  base64urlWrite: write(base64Write),
  hexWrite: write(hexWrite),
  ucs2Write: write(pairsWrite),
};
