// What Node's `crypto` asks of its native half. What was written is held here; the work is done outside, in one go.
import { bufferOf, bytesOf, joined } from './buffers.ts';
import { CipherBase } from './crypto-cipher.ts';
import { jobsBinding } from './crypto-jobs.ts';
import { keyInput, keysBinding, secretInput } from './crypto-keys.ts';
import { native } from './host.ts';
import { makeError } from './node-errors.ts';
import { refused } from './refusals.ts';

class Written {
  pieces: Uint8Array[] = [];

  update(data: unknown, encoding?: unknown): boolean {
    this.pieces.push(bytesOf(data, encoding).slice());
    return true;
  }

  bytes(): Uint8Array {
    return joined(this.pieces);
  }
}

function encoded(value: unknown, encoding: unknown): unknown {
  const buffer = bufferOf(value);
  if (encoding === undefined || encoding === 'buffer' || !encoding) return buffer;
  return Object(buffer).toString(encoding);
}

const usual = new Set(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);

class Hash extends Written {
  readonly #algorithm: string;
  readonly #length: unknown;

  constructor(algorithm: Hash | string, length: unknown) {
    super();
    this.#length = length;
    if (algorithm instanceof Hash) {
      this.#algorithm = algorithm.#algorithm;
      this.pieces = [...algorithm.pieces];
    } else {
      this.#algorithm = algorithm;
      if (!usual.has(algorithm) || length !== undefined) native('hash', algorithm, new Uint8Array(), length);
    }
  }

  digest(encoding?: unknown): unknown {
    return encoded(native('hash', this.#algorithm, this.bytes(), this.#length), encoding);
  }
}

class Hmac extends Written {
  #algorithm: unknown;
  #key: unknown;

  init(algorithm: string, key: unknown): void {
    this.#algorithm = algorithm;
    this.#key = secretInput(key);
    if (usual.has(algorithm)) return;
    try {
      native('hmac', algorithm, this.#key, new Uint8Array());
    } catch {
      throw makeError('ERR_CRYPTO_INVALID_DIGEST', algorithm);
    }
  }

  digest(encoding?: unknown): unknown {
    return encoded(native('hmac', this.#algorithm, this.#key, this.bytes()), encoding);
  }
}

class Signature extends Written {
  protected algorithm: unknown;

  init(algorithm: string): void {
    this.algorithm = algorithm.replace(/^(rsa-|ecdsa-with-|id-rsassa-pkcs1-v1_5-with-)/i, '');
    try {
      if (!usual.has(algorithm)) native('hash', this.algorithm, new Uint8Array());
    } catch {
      throw makeError('ERR_CRYPTO_INVALID_DIGEST', algorithm);
    }
  }
}

class Sign extends Signature {
  sign(
    data: unknown,
    format: unknown,
    type: unknown,
    passphrase: unknown,
    _curve: unknown,
    ...how: unknown[]
  ): unknown {
    return bufferOf(
      native('sign', this.algorithm, this.bytes(), keyInput(data, format, type, passphrase), how[0], how[1], how[2]),
    );
  }
}

class Verify extends Signature {
  verify(
    data: unknown,
    format: unknown,
    type: unknown,
    passphrase: unknown,
    _curve: unknown,
    ...how: unknown[]
  ): unknown {
    const [signature, padding, salt, encoding] = how;
    const key = keyInput(data, format, type, passphrase);
    return native('verify', this.algorithm, this.bytes(), key, bytesOf(signature), padding, salt, encoding);
  }
}

class ECDH {
  readonly #curve: unknown;
  #keys: [secret: unknown, open: unknown] | undefined;

  constructor(curve: unknown) {
    this.#curve = curve;
    native('ecdh.new', curve);
  }

  #take(secret?: unknown): void {
    const told = native('ecdh.new', this.#curve, secret);
    if (Array.isArray(told)) this.#keys = [told[0], told[1]];
  }

  generateKeys(): void {
    this.#take();
  }

  setPrivateKey(secret: unknown): void {
    this.#take(bytesOf(secret));
  }

  getPrivateKey(): unknown {
    if (!this.#keys) throw makeError('ERR_CRYPTO_ECDH_INVALID_KEY_PAIR');
    return bufferOf(this.#keys[0]);
  }

  getPublicKey(form: unknown): unknown {
    if (!this.#keys) throw makeError('ERR_CRYPTO_ECDH_INVALID_KEY_PAIR');
    return bufferOf(form === 2 ? native('ecdh.convert', this.#keys[1], this.#curve, form) : this.#keys[1]);
  }

  computeSecret(other: unknown): unknown {
    return bufferOf(native('ecdh.secret', this.#curve, this.#keys?.[0], bytesOf(other)));
  }
}

const rsa =
  (name: string) =>
  (
    data: unknown,
    format: unknown,
    type: unknown,
    passphrase: unknown,
    _curve: unknown,
    bytes: unknown,
    ...how: unknown[]
  ) => {
    const [padding, hash, label] = how;
    const key = keyInput(data, format, type, passphrase);
    return bufferOf(native(name, key, bytesOf(bytes), padding, hash, label === undefined ? undefined : bytesOf(label)));
  };

const exchanges = 'use createECDH or diffieHellman with keys of curves.';

let names: Record<string, string[]> | undefined;

function namesOf(kind: string): string[] {
  names ??= { ...Object(native('crypto.names')) };
  return names?.[kind] ?? [];
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}

function bytesNamed(value: unknown, name: string): Uint8Array {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesOf(value);
  throw makeError('ERR_INVALID_ARG_TYPE', name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
}

/** `internalBinding('crypto')` */
export const cryptoBinding: Record<string, unknown> = {
  ...keysBinding,
  ...jobsBinding,
  Hash,
  Hmac,
  Sign,
  Verify,
  CipherBase,
  ECDH,
  DiffieHellman: refused('crypto.createDiffieHellman', exchanges),
  DiffieHellmanGroup: refused('crypto.getDiffieHellman', exchanges),
  DhKeyPairGenJob: refused("crypto.generateKeyPair('dh')", exchanges),
  ECDHConvertKey: (key: unknown, curve: unknown, form: unknown) =>
    bufferOf(native('ecdh.convert', bytesOf(key), curve, form)),
  publicEncrypt: rsa('rsa.publicEncrypt'),
  publicDecrypt: rsa('rsa.publicDecrypt'),
  privateEncrypt: rsa('rsa.privateEncrypt'),
  privateDecrypt: rsa('rsa.privateDecrypt'),
  getCipherInfo(target: object, name: unknown, keyLength: unknown, ivLength: unknown) {
    const info = native('cipher.info', name, keyLength, ivLength);
    return info === undefined ? undefined : Object.assign(target, info);
  },
  oneShotDigest(
    algorithm: string,
    _id: unknown,
    _cache: unknown,
    data: unknown,
    encoding: unknown,
    _number: unknown,
    length: unknown,
  ) {
    return encoded(native('hash', algorithm, bytesOf(data), length), encoding);
  },
  getHashes: () => namesOf('hashes'),
  getCiphers: () => namesOf('ciphers'),
  getSSLCiphers: () => [],
  getCurves: () => namesOf('curves'),
  getCachedAliases: () => ({}),
  getFipsCrypto: () => 0,
  setFipsCrypto() {},
  setEngine() {},
  getOpenSSLSecLevelCrypto: () => 2,
  secureHeapUsed: () => undefined,
  secureBuffer: (size: number) => new Uint8Array(size),
  timingSafeEqual(one: unknown, other: unknown) {
    const [first, second] = [bytesNamed(one, 'buf1'), bytesNamed(other, 'buf2')];
    if (first.length !== second.length) {
      const error = new RangeError('Input buffers must have the same byte length');
      throw Object.assign(error, { code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH' });
    }
    return equal(first, second);
  },
  kWebCryptoKeyFormatRaw: 0,
  kWebCryptoKeyFormatPKCS8: 1,
  kWebCryptoKeyFormatSPKI: 2,
  kWebCryptoKeyFormatJWK: 3,
  kWebCryptoCipherEncrypt: 0,
  kWebCryptoCipherDecrypt: 1,
};
