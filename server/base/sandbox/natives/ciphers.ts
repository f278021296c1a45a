// Ciphers without state: each call is told all that was written before, and answers what is new. Much of it is done in
// pieces.
import { createCipheriv, createDecipheriv, getCipherInfo } from 'node:crypto';
import type { TransformOptions } from 'node:stream';
import { keyOf } from './keys.ts';
import { type InPieces, type IsWanted, inPieces } from './pieces.ts';
import { boundedBytes, bytesOf, isObject, type Native, numberOf, textOf } from './values.ts';

/**
 * What these modes are given at once cannot be cut in pieces, and takes as long as all code of the process stands still:
 * so many bytes take some milliseconds at most.
 */
const mostOfMode: Readonly<Record<string, number>> = { wrap: 2 ** 14, ccm: 2 ** 18, xts: 2 ** 20 };
/** Data that is not encrypted itself. */
const mostAad = 2 ** 18;

type Written = {
  encrypts: boolean;
  cipher: string;
  key: unknown;
  iv: Uint8Array | null;
  tagLength: number;
  padding: boolean;
  aad: Uint8Array | undefined;
  aadLength: number;
  tag: Uint8Array | undefined;
};

function writtenOf(value: unknown): Written {
  if (!isObject(value)) throw new TypeError('no cipher');
  return {
    encrypts: value.encrypts === true,
    cipher: textOf(value.cipher),
    key: value.key,
    iv: value.iv === null ? null : boundedBytes(value.iv, 'The initialization vector'),
    tagLength: numberOf(value.tagLength),
    padding: value.padding !== false,
    aad: value.aad === undefined ? undefined : bytesOf(value.aad),
    aadLength: numberOf(value.aadLength),
    tag: value.tag === undefined ? undefined : bytesOf(value.tag),
  };
}

function start(value: unknown) {
  const { encrypts, cipher, key, iv, tagLength, padding, aad, aadLength, tag } = writtenOf(value);
  const options: TransformOptions & { authTagLength?: number } = tagLength < 0 ? {} : { authTagLength: tagLength };
  const made = encrypts
    ? createCipheriv(cipher, keyOf(key), iv, options)
    : createDecipheriv(cipher, keyOf(key), iv, options);
  made.setAutoPadding(padding);
  if (aad && aad.length > mostAad) {
    throw new RangeError(`Code of rules and actions gives a cipher ${mostAad} bytes of additional data at most.`);
  }
  const aadOptions = aadLength < 0 ? {} : { plaintextLength: aadLength };
  if (aad) useTags(made, 'setAAD', aad, aadOptions);
  if (tag) useTags(made, 'setAuthTag', tag);
  return made;
}

// Only some modes have tags, and which one it is stands in the name that a script gives.
function useTags(made: object, method: string, ...values: unknown[]): unknown {
  const found: unknown = Reflect.get(made, method);
  return typeof found === 'function' ? Reflect.apply(found, made, values) : undefined;
}

/** The most bytes that are handed over at once; undefined: they may come in pieces. */
function mostOf(written: unknown): number | undefined {
  const { cipher } = writtenOf(written);
  const most = mostOfMode[getCipherInfo(cipher)?.mode ?? ''];
  // Node does not tell the mode of all that it knows.
  return most ?? (/wrap/i.test(cipher) ? mostOfMode.wrap : undefined);
}

function lastOf(made: ReturnType<typeof start>, written: unknown): unknown[] {
  const { encrypts, cipher } = writtenOf(written);
  const last = made.final();
  const hasTag = encrypts && /gcm|ccm|ocb|poly1305/i.test(cipher);
  return [last, hasTag ? useTags(made, 'getAuthTag') : undefined];
}

async function feed(made: ReturnType<typeof start>, written: unknown, bytes: Uint8Array, isWanted: IsWanted) {
  const most = mostOf(written);
  if (most === undefined) {
    const told: Buffer[] = [];
    await inPieces(bytes, (piece) => told.push(made.update(piece)), isWanted);
    return Buffer.concat(told);
  }
  if (bytes.length <= most) return made.update(bytes);
  throw new RangeError(`Code of rules and actions gives ${writtenOf(written).cipher} ${most} bytes at most.`);
}

/** Whether a cipher takes so long for its bytes that few of them already are many: up to 2.5 µs for each. */
export function isSlowCipher(written: unknown): boolean {
  return isObject(written) && /cfb[18]$|des|wrap/i.test(String(written.cipher));
}

/** For so many bytes that others would wait. */
export const cipherPieces: Readonly<Record<string, InPieces>> = {
  async 'cipher.update'(isWanted, written, bytes, told) {
    return (await feed(start(written), written, bytesOf(bytes), isWanted)).subarray(numberOf(told));
  },
  async 'cipher.final'(isWanted, written, bytes) {
    const made = start(written);
    await feed(made, written, bytesOf(bytes), isWanted);
    return lastOf(made, written);
  },
};

export const cipherNatives: Record<string, Native> = {
  'cipher.start'(written) {
    start(written);
  },
  'cipher.update': (written, bytes, told) => start(written).update(bytesOf(bytes)).subarray(numberOf(told)),
  'cipher.final'(written, bytes) {
    const made = start(written);
    made.update(bytesOf(bytes));
    return lastOf(made, written);
  },
  'cipher.info': (name, keyLength, ivLength) =>
    getCipherInfo(typeof name === 'number' ? name : textOf(name), {
      ...(keyLength === undefined ? {} : { keyLength: numberOf(keyLength) }),
      ...(ivLength === undefined ? {} : { ivLength: numberOf(ivLength) }),
    }),
};
