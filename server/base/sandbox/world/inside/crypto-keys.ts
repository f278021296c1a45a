// Keys of Node's `crypto`: what they are is held here as bytes, what is done with them is done outside.
import { bufferOf, bytesOf } from './buffers.ts';
import { native } from './host.ts';

/** A key as it crosses. */
export type Key = { kind: string; bytes: Uint8Array };

const kinds = ['secret', 'public', 'private'];

function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && 'kind' in value && 'bytes' in value;
}

/** What Node's library says of a key (a handle, or bytes in a format), as it crosses. */
export function keyInput(data: unknown, format?: unknown, type?: unknown, passphrase?: unknown): unknown {
  if (data instanceof KeyObjectHandle) return data.key;
  if (format === 2) return { format, jwk: plain(data) };
  const secret = passphrase === undefined || passphrase === null ? undefined : bytesOf(passphrase);
  return { format: format ?? 1, type: type ?? undefined, bytes: bytesOf(data).slice(), passphrase: secret };
}

function plain(jwk: unknown): Record<string, string> {
  const own = Object.entries(Object(jwk)).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** A secret: a handle's, or the bytes themselves. */
export function secretInput(data: unknown): unknown {
  return data instanceof KeyObjectHandle ? data.key : { kind: 'secret', bytes: bytesOf(data).slice() };
}

/** A key from outside as a handle. */
export function handleOf(key: unknown): KeyObjectHandle {
  const handle = new KeyObjectHandle();
  if (isKey(key)) handle.key = key;
  return handle;
}

export class KeyObjectHandle {
  key: Key = { kind: 'secret', bytes: new Uint8Array() };

  init(kind: number, data: unknown, format?: unknown, type?: unknown, passphrase?: unknown): void {
    if (kind === 0) this.key = { kind: 'secret', bytes: bytesOf(data).slice() };
    else {
      const parsed = native('key.parse', keyInput(data, format, type, passphrase), kinds[kind]);
      if (isKey(parsed)) this.key = parsed;
    }
  }

  export(format?: unknown, type?: unknown, cipher?: unknown, passphrase?: unknown): unknown {
    if (this.key.kind === 'secret') return bufferOf(this.key.bytes.slice());
    const secret = cipher === undefined || cipher === null ? [] : [cipher, bytesOf(passphrase)];
    const told = native('key.export', this.key, format, type, ...secret);
    return typeof told === 'string' ? told : bufferOf(told);
  }

  exportJwk(target: object): unknown {
    return Object.assign(target, native('key.jwk', this.key));
  }

  getSymmetricKeySize(): number {
    return this.key.bytes.length;
  }

  getAsymmetricKeyType(): unknown {
    return native('key.type', this.key);
  }

  keyDetail(target: object): unknown {
    const details = { ...Object(native('key.details', this.key)) };
    if (typeof details.publicExponent === 'bigint') details.publicExponent = exponent(details.publicExponent);
    return Object.assign(target, details);
  }

  equals(other: KeyObjectHandle): boolean {
    return native('key.equals', this.key, other.key) === true;
  }

  checkEcKeyData(): boolean {
    return true;
  }

  rawPublicKey(): unknown {
    return bufferOf(native('key.raw', this.key, 'public'));
  }

  exportECPublicRaw(): unknown {
    return bufferOf(native('key.raw', this.key, 'public'));
  }

  rawPrivateKey(): unknown {
    return bufferOf(native('key.raw', this.key, 'private'));
  }

  exportECPrivateRaw(): unknown {
    return bufferOf(native('key.raw', this.key, 'private'));
  }
}

function exponent(value: bigint): ArrayBuffer {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Uint8Array.from(even.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer;
}

const slotsOf = new WeakMap<object, [number, KeyObjectHandle]>();
const cryptoSlotsOf = new WeakMap<object, [number, boolean, unknown, number, KeyObjectHandle]>();

class NativeKeyObject {
  constructor(handle: KeyObjectHandle) {
    slotsOf.set(this, [kinds.indexOf(handle.key.kind), handle]);
  }
}

class NativeCryptoKey {
  constructor(handle: KeyObjectHandle, algorithm: unknown, usages: number, extractable: boolean) {
    cryptoSlotsOf.set(this, [kinds.indexOf(handle.key.kind), extractable, algorithm, usages, handle]);
  }
}

let InternalCryptoKey: unknown;

/** A CryptoKey over a handle. */
export function cryptoKeyOf(...values: unknown[]): unknown {
  return typeof InternalCryptoKey === 'function' ? Reflect.construct(InternalCryptoKey, values) : undefined;
}

function createCryptoKeyClass(make: (base: typeof NativeCryptoKey) => unknown): unknown {
  const classes = make(NativeCryptoKey);
  if (Array.isArray(classes)) InternalCryptoKey = classes[1];
  return classes;
}

function slots<Slots>(map: WeakMap<object, Slots & unknown[]>, key: object): unknown[] {
  const found = map.get(key);
  if (!found) throw new TypeError('Illegal invocation');
  return [...found];
}

/** What of `internalBinding('crypto')` is about keys. */
export const keysBinding = {
  KeyObjectHandle,
  createNativeKeyObjectClass: (make: (base: typeof NativeKeyObject) => unknown) => make(NativeKeyObject),
  getKeyObjectSlots: (key: object) => slots(slotsOf, key),
  createCryptoKeyClass,
  getCryptoKeySlots: (key: object) => slots(cryptoSlotsOf, key),
  kKeyTypeSecret: 0,
  kKeyTypePublic: 1,
  kKeyTypePrivate: 2,
  kKeyFormatDER: 0,
  kKeyFormatPEM: 1,
  kKeyFormatJWK: 2,
  kKeyFormatRawPublic: 3,
  kKeyFormatRawPrivate: 4,
  kKeyFormatRawSeed: 5,
  kKeyFormatStore: 6,
  kKeyEncodingPKCS1: 0,
  kKeyEncodingPKCS8: 1,
  kKeyEncodingSPKI: 2,
  kKeyEncodingSEC1: 3,
};
