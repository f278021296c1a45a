// What crosses between an isolate and Node.

/** Values cross as copies: texts, numbers, bytes, and plain objects and lists of them. */
export type Native = (...values: unknown[]) => unknown;

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

const mostBounded = 2 ** 20;

/**
 * The bytes of what is done at once, and nobody's work goes on meanwhile.
 *
 * @throws RangeError when they are too many for that
 */
export function boundedBytes(value: unknown, what: string): Uint8Array {
  const bytes = bytesOf(value);
  if (bytes.length <= mostBounded) return bytes;
  throw new RangeError(`${what} has more bytes than code of rules and actions may ask for (${mostBounded}).`);
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
