// Ciphers without state: each call is told all that was written before, and answers what is new.
import { createCipheriv, createDecipheriv, getCipherInfo } from 'node:crypto';
import type { TransformOptions } from 'node:stream';
import { keyOf } from './keys.ts';
import { bytesOf, isObject, type Native, numberOf, textOf } from './values.ts';

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
    iv: value.iv === null ? null : bytesOf(value.iv),
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

export const cipherNatives: Record<string, Native> = {
  'cipher.start'(written) {
    start(written);
  },
  'cipher.update': (written, bytes, told) => start(written).update(bytesOf(bytes)).subarray(numberOf(told)),
  'cipher.final'(written, bytes) {
    const made = start(written);
    made.update(bytesOf(bytes));
    const last = made.final();
    const hasTag = writtenOf(written).encrypts && /gcm|ccm|ocb|poly1305/i.test(writtenOf(written).cipher);
    return [last, hasTag ? useTags(made, 'getAuthTag') : undefined];
  },
  'cipher.info': (name, keyLength, ivLength) =>
    getCipherInfo(typeof name === 'number' ? name : textOf(name), {
      ...(keyLength === undefined ? {} : { keyLength: numberOf(keyLength) }),
      ...(ivLength === undefined ? {} : { ivLength: numberOf(ivLength) }),
    }),
};
