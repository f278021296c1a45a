// Jobs of Node's `crypto`: work that is done at once, later with a callback, or for a promise.
import { bytesOf } from './buffers.ts';
import { handleOf, KeyObjectHandle, keyInput, secretInput } from './crypto-keys.ts';
import { after } from './event-loop.ts';
import { native } from './host.ts';
import { makeDomException } from './node-errors.ts';

const atOnce = 1;
const forPromise = 2;

type Work = (...values: unknown[]) => unknown;

/** A class of jobs by what one does. */
function job(work: Work) {
  return class Job {
    readonly #mode: number;
    readonly #values: unknown[];
    ondone: ((error: unknown, result?: unknown) => void) | undefined;

    constructor(mode: number, ...values: unknown[]) {
      this.#mode = mode;
      this.#values = values;
    }

    run(): unknown {
      const act = (): [error: unknown, result?: unknown] => {
        try {
          return [undefined, work(...this.#values)];
        } catch (error) {
          return [error];
        }
      };
      if (this.#mode === atOnce) return act();
      if (this.#mode === forPromise) return this.#promise(act);
      after(0, () => this.ondone?.(...act()));
      return undefined;
    }

    #promise(act: () => [unknown, unknown?]): Promise<unknown> {
      return new Promise((resolve, reject) => {
        after(0, () => {
          const [error, result] = act();
          if (error === undefined) resolve(result);
          else
            reject(makeDomException('The operation failed for an operation-specific reason', 'OperationError', error));
        });
      });
    }
  };
}

const buffer = (value: unknown) => bytesOf(value).slice().buffer;

function pairOf(keys: unknown, rest: unknown[]): unknown {
  const [publicKey, privateKey] = Array.isArray(keys) ? keys.map(handleOf) : [];
  // For WebCrypto: what the keys are for; else how they are to be written.
  if (typeof rest[0] === 'object' && rest[0] !== null) {
    const [algorithm, publicUsages, privateUsages, extractable] = rest;
    return {
      publicKey: cryptoKey(publicKey, algorithm, publicUsages, true),
      privateKey: cryptoKey(privateKey, algorithm, privateUsages, extractable),
    };
  }
  const [publicFormat, publicType, privateFormat, privateType, cipher, passphrase] = rest;
  return [
    publicKey && exported(publicKey, publicFormat, publicType),
    privateKey && exported(privateKey, privateFormat, privateType, cipher, passphrase),
  ];
}

function exported(key: KeyObjectHandle, format: unknown, ...rest: unknown[]): unknown {
  if (format === undefined) return key;
  return format === 2 ? key.exportJwk({}) : key.export(format, ...rest);
}

let makeCryptoKey: (handle: unknown, algorithm: unknown, usages: unknown, extractable: unknown) => unknown = () =>
  undefined;

/** Tells how a CryptoKey is made. */
export function takeCryptoKeyMaker(make: typeof makeCryptoKey): void {
  makeCryptoKey = make;
}

function cryptoKey(handle: unknown, algorithm: unknown, usages: unknown, extractable: unknown): unknown {
  return makeCryptoKey(handle, algorithm, usages, extractable);
}

const edwards: Record<number, string> = { 1087: 'ed25519', 1088: 'ed448', 1034: 'x25519', 1035: 'x448' };

/** The jobs of `internalBinding('crypto')`. */
export const jobsBinding = {
  kCryptoJobAsync: 0,
  kCryptoJobSync: atOnce,
  kCryptoJobWebCrypto: forPromise,
  kSignJobModeSign: 0,
  kSignJobModeVerify: 1,
  kSigEncDER: 0,
  kSigEncP1363: 1,
  EVP_PKEY_ED25519: 1087,
  EVP_PKEY_ED448: 1088,
  EVP_PKEY_X25519: 1034,
  EVP_PKEY_X448: 1035,
  OPENSSL_EC_NAMED_CURVE: 1,
  OPENSSL_EC_EXPLICIT_CURVE: 0,
  kKeyVariantRSA_SSA_PKCS1_v1_5: 0,
  kKeyVariantRSA_PSS: 1,
  kKeyVariantRSA_OAEP: 2,
  RandomBytesJob: job((target, offset, size) => {
    const bytes = bytesOf(target).subarray(Number(offset), Number(offset) + Number(size));
    for (let at = 0; at < bytes.length; at += 65536) {
      bytes.set(bytesOf(native('random', Math.min(65536, bytes.length - at))), at);
    }
  }),
  RandomPrimeJob: job((bits, safe) => buffer(native('random.prime', bits, safe))),
  CheckPrimeJob: job((candidate) => native('prime.check', bytesOf(candidate))),
  PBKDF2Job: job((password, salt, iterations, length, digest) =>
    buffer(native('pbkdf2', secretBytes(password), bytesOf(salt), iterations, length, digest)),
  ),
  ScryptJob: job((password, salt, ...numbers) =>
    buffer(native('scrypt', secretBytes(password), bytesOf(salt), ...numbers)),
  ),
  HKDFJob: job((digest, key, salt, info, length) =>
    buffer(native('hkdf', digest, secretInput(key), bytesOf(salt), bytesOf(info), length)),
  ),
  HashJob: job((algorithm, data, bits) =>
    buffer(native('hash', algorithm, bytesOf(data), bits === undefined ? undefined : Number(bits) / 8)),
  ),
  HmacJob: job((mode, digest, key, data, signature) => {
    const made = bytesOf(native('hmac', digest, secretInput(key), bytesOf(data)));
    return mode === 0 ? made.slice().buffer : equal(made, bytesOf(signature));
  }),
  SignJob: job(
    (mode, key, format, type, passphrase, _curve, data, algorithm, salt, padding, encoding, _context, signature) => {
      const input = keyInput(key, format, type, passphrase);
      const bytes = bytesOf(data);
      return mode === 0
        ? buffer(native('sign', algorithm, bytes, input, padding, salt, encoding))
        : native('verify', algorithm, bytes, input, bytesOf(signature), padding, salt, encoding);
    },
  ),
  SecretKeyGenJob: job((bits, algorithm, usages, extractable) => {
    const handle = handleOf({ kind: 'secret', bytes: bytesOf(native('random', Number(bits) >> 3)) });
    return algorithm === undefined ? handle : cryptoKey(handle, algorithm, usages, extractable);
  }),
  RsaKeyPairGenJob: job((variant, bits, exponent, ...rest) => {
    const keys = native('keys.rsa', bits, exponent);
    return pairOf(keys, variant === 1 ? rest.slice(3) : rest);
  }),
  EcKeyPairGenJob: job((curve, _parameters, ...rest) => pairOf(native('keys.ec', curve), rest)),
  NidKeyPairGenJob: job((id, ...rest) => pairOf(native('keys.edwards', edwards[Number(id)]), rest)),
};

function secretBytes(value: unknown): unknown {
  return value instanceof KeyObjectHandle ? value.key : bytesOf(value);
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
