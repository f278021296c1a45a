// What code in an isolate may have done by Node itself, in the child process: all of it pure, nothing of the system.
import { isSlowCipher } from './natives/ciphers.ts';
import { cryptoNatives, cryptoPieces, slowCrypto } from './natives/crypto.ts';
import { isLocked, isSlowSigner, unlocked } from './natives/keys.ts';
import type { IsWanted } from './natives/pieces.ts';
import { tokenNatives } from './natives/tokens.ts';
import { urlNatives } from './natives/url.ts';
import type { Native } from './natives/values.ts';
import { slowZlib, zlibNatives } from './natives/zlib.ts';

const natives: Record<string, Native> = {
  ...urlNatives,
  ...cryptoNatives,
  ...tokenNatives,
  ...zlibNatives,
};

const slowNatives: Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>> = {
  ...slowCrypto,
  ...slowZlib,
};

// So many bytes take half a millisecond at most.
const mostHere = 2 ** 16;
const mostOfSlowCipher = 2 ** 11;

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

/** Whether it would hold up the code of others: it is for `callSlowNative` then. */
export function isHeavy(name: unknown, ...values: unknown[]): boolean {
  if (values.some(isLocked)) return true;
  if (name === 'sign' && isSlowSigner(values[0], values[2])) return true;
  if (!Object.hasOwn(cryptoPieces, String(name))) return false;
  const most = isSlowCipher(values[0]) ? mostOfSlowCipher : mostHere;
  return values.some((value) => (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) && value.byteLength > most);
}

/** The same for whatever there is; what takes long is done on another thread or in pieces: the code of others runs on. */
export async function callSlowNative(isWanted: IsWanted, name: string, values: readonly unknown[]): Promise<Told> {
  try {
    const native = Object.hasOwn(slowNatives, name) ? slowNatives[name] : undefined;
    if (native) return { value: await native(...values) };
    const ready = await Promise.all(values.map(unlocked));
    const pieces = Object.hasOwn(cryptoPieces, name) ? cryptoPieces[name] : undefined;
    return pieces ? { value: await pieces(isWanted, ...ready) } : callNative(name, ...ready);
  } catch (error) {
    return thrownOf(error);
  }
}

function thrownOf(error: unknown): { thrown: object } {
  if (!(error instanceof Error)) return { thrown: { name: 'Error', message: String(error) } };
  const own = Object.entries(error).filter(([, value]) => typeof value !== 'object' || Array.isArray(value));
  return { thrown: { ...Object.fromEntries(own), name: error.name, message: error.message } };
}
