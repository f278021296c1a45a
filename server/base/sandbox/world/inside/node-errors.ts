// Node's own errors, made by Node's own library once it is there.

let codes: Record<string, unknown> = {};
let DomException: unknown;

/** Tells where the errors come from. */
export function takeErrorCodes(all: Record<string, unknown>): void {
  codes = all;
}

/** One of Node's errors by its code. */
export function makeError(code: string, ...values: unknown[]): Error {
  const maker = codes[code];
  const error: unknown = typeof maker === 'function' ? Reflect.construct(maker, values) : undefined;
  return error instanceof Error ? error : new Error(code);
}

/** Tells where DOMException is. */
export function takeDomException(maker: unknown): void {
  DomException = maker;
}

/** A DOMException by its name. */
export function makeDomException(message: string, name: string, cause?: unknown): unknown {
  if (typeof DomException !== 'function') return new Error(message);
  return Reflect.construct(DomException, [message, { name, cause }]);
}
