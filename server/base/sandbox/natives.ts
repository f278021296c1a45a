// What code in an isolate may have done by Node itself, in the child process: all of it pure, nothing of the system.
import { cryptoNatives } from './natives/crypto.ts';
import { urlNatives } from './natives/url.ts';
import { zlibNatives } from './natives/zlib.ts';

/** Values cross as copies: texts, numbers, bytes, and plain objects and lists of them. */
export type Native = (...values: unknown[]) => unknown;

const natives: Record<string, Native> = {
  ...urlNatives,
  ...cryptoNatives,
  ...zlibNatives,
  clone: (value) => value,
};

/**
 * Calls one by its name. What it throws is told as a value: `{ thrown: { name, message, ... } }`, else `{ value }`. The
 * error itself is made anew inside.
 */
export function callNative(name: unknown, ...values: unknown[]): { value: unknown } | { thrown: object } {
  try {
    const native = Object.hasOwn(natives, String(name)) ? natives[String(name)] : undefined;
    if (!native) throw new TypeError(`There is no '${name}'.`);
    return { value: native(...values) };
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: { name: 'Error', message: String(error) } };
    const own = Object.entries(error).filter(([, value]) => typeof value !== 'object' || Array.isArray(value));
    return { thrown: { ...Object.fromEntries(own), name: error.name, message: error.message } };
  }
}

/** Is it an object with names? */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer);
}

/** The bytes that crossed. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError('bytes were expected');
}

/** The text that crossed. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text was expected');
  return value;
}

/** The number that crossed. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : Number.NaN;
}
