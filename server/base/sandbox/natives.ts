// What code in an isolate may have done by Node itself, in the child process: all of it pure, nothing of the system.
import { cryptoNatives, slowCrypto } from './natives/crypto.ts';
import { urlNatives } from './natives/url.ts';
import type { Native } from './natives/values.ts';
import { slowZlib, zlibNatives } from './natives/zlib.ts';

const natives: Record<string, Native> = {
  ...urlNatives,
  ...cryptoNatives,
  ...zlibNatives,
  clone: (value) => value,
};

const slowNatives: Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>> = {
  ...slowCrypto,
  ...slowZlib,
};

/** What is done on other threads only, whether the code goes on meanwhile or stands still. */
export const slowNames: readonly string[] = Object.keys(slowNatives);

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
    return thrownOf(error);
  }
}

export type Told = ReturnType<typeof callNative>;

/** The same for whatever there is; what takes long is done on another thread, while the code of others runs. */
export async function callSlowNative(name: string, ...values: unknown[]): Promise<Told> {
  try {
    const native = Object.hasOwn(slowNatives, name) ? slowNatives[name] : undefined;
    return native ? { value: await native(...values) } : callNative(name, ...values);
  } catch (error) {
    return thrownOf(error);
  }
}

function thrownOf(error: unknown): { thrown: object } {
  if (!(error instanceof Error)) return { thrown: { name: 'Error', message: String(error) } };
  const own = Object.entries(error).filter(([, value]) => typeof value !== 'object' || Array.isArray(value));
  return { thrown: { ...Object.fromEntries(own), name: error.name, message: error.message } };
}
