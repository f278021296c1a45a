// Ciphers without state: each call is told all that was written before, and answers what is new.
import { createCipheriv, createDecipheriv, getCipherInfo } from 'node:crypto';
import { bytesOf, isObject, type Native, numberOf, textOf } from '../natives.ts';
import { keyOf } from './keys.ts';

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
  const options = tagLength < 0 ? {} : { authTagLength: tagLength };
  // Whether a mode has tags shows at the first use, as with the untyped names that scripts give.
  const made = encrypts
    ? createCipheriv(cipher, keyOf(key), iv, options)
    : createDecipheriv(cipher, keyOf(key), iv, options);
  made.setAutoPadding(padding);
  const tagged: { setAAD?: unknown; setAuthTag?: unknown } = made;
  const aadOptions = aadLength < 0 ? {} : { plaintextLength: aadLength };
  if (aad && typeof tagged.setAAD === 'function') Reflect.apply(tagged.setAAD, made, [aad, aadOptions]);
  if (tag && typeof tagged.setAuthTag === 'function') Reflect.apply(tagged.setAuthTag, made, [tag]);
  return made;
}

export const cipherNatives: Record<string, Native> = {
  'cipher.start'(written) {
    start(written);
  },
  'cipher.update': (written, bytes, told) => start(written).update(bytesOf(bytes)).subarray(numberOf(told)),
  'cipher.final'(written, bytes) {
    const made = start(written);
    const before = made.update(bytesOf(bytes)).length;
    void before;
    const last = made.final();
    const tagged: { getAuthTag?: unknown } = made;
    const aead = /gcm|ccm|ocb|poly1305/i.test(textOf(isObject(written) ? written.cipher : ''));
    const tag: unknown = aead && typeof tagged.getAuthTag === 'function' ? Reflect.apply(tagged.getAuthTag, made, []) : undefined;
    return [last, tag];
  },
  'cipher.info': (name, keyLength, ivLength) =>
    getCipherInfo(typeof name === 'number' ? name : textOf(name), {
      ...(keyLength === undefined ? {} : { keyLength: numberOf(keyLength) }),
      ...(ivLength === undefined ? {} : { ivLength: numberOf(ivLength) }),
    }),
};
