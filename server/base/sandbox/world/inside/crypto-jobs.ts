// Jobs of Node's `crypto`: work that is done at once, later with a callback, or for a promise.
import { bytesOf, joined } from './buffers.ts';
import { cryptoKeyOf, handleOf, KeyObjectHandle, keyInput, secretInput } from './crypto-keys.ts';
import { after, whenDone } from './event-loop.ts';
import { native, nativeLater } from './host.ts';
import { makeDomException } from './node-errors.ts';

const atOnce = 1;
const forPromise = 2;

type Work = (...values: unknown[]) => unknown;

type Done = (error: unknown, result?: unknown) => void;

/** A class of jobs by what one does at once, and how it is begun where somebody waits for it. */
function job(work: Work, begin: (values: unknown[], done: Done) => void = beginOf(work)) {
  return class Job {
    readonly #mode: number;
    readonly #values: unknown[];
    ondone: Done | undefined;

    constructor(mode: number, ...values: unknown[]) {
      this.#mode = mode;
      this.#values = values;
    }

    run(): unknown {
      if (this.#mode === atOnce) return outcomeOf(() => work(...this.#values));
      if (this.#mode === forPromise) return this.#promise();
      begin(this.#values, (...told) => this.ondone?.(...told));
      return undefined;
    }

    #promise(): Promise<unknown> {
      return new Promise((resolve, reject) => {
        begin(this.#values, (error, result) => {
          if (error === undefined) resolve(result);
          else
            reject(makeDomException('The operation failed for an operation-specific reason', 'OperationError', error));
        });
      });
    }
  };
}

function outcomeOf(act: () => unknown): [error: unknown, result?: unknown] {
  try {
    return [undefined, act()];
  } catch (error) {
    return [error];
  }
}

function beginOf(work: Work) {
  return (values: unknown[], done: Done) => after(0, () => done(...outcomeOf(() => work(...values))));
}

/** Jobs that take long: whoever waits for one has it done on another thread, while other code runs. */
function slowJob(name: string, ask: (...values: unknown[]) => unknown[], read: Work = buffer) {
  return job(
    (...values) => read(native(name, ...ask(...values)), ...values),
    (values, done) => {
      const [fault, asked] = outcomeOf(() => ask(...values));
      if (!Array.isArray(asked)) return after(0, () => done(fault));
      whenDone(
        nativeLater(name, asked),
        (take) => done(...outcomeOf(() => read(take(), ...values))),
        (error) => done(error),
      );
    },
  );
}

function buffer(value: unknown): ArrayBufferLike {
  return bytesOf(value).slice().buffer;
}

function pairOf(keys: unknown, rest: unknown[]): unknown {
  const [publicKey, privateKey] = Array.isArray(keys) ? keys.map(handleOf) : [];
  // For WebCrypto: what the keys are for; else how they are to be written.
  if (typeof rest[0] === 'object' && rest[0] !== null) {
    const [algorithm, publicUsages, privateUsages, extractable] = rest;
    return {
      publicKey: cryptoKeyOf(publicKey, algorithm, publicUsages, true),
      privateKey: cryptoKeyOf(privateKey, algorithm, privateUsages, extractable),
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

const edwards: Record<number, string> = { 1087: 'ed25519', 1088: 'ed448', 1034: 'x25519', 1035: 'x448' };

/** AES of WebCrypto: the variant tells the mode, and a tag stands at the end of what is sealed. */
function aes(
  mode: unknown,
  key: unknown,
  data: unknown,
  variant: unknown,
  iv: unknown,
  tagBytes: unknown,
  aad: unknown,
): unknown {
  const encrypts = mode === 0;
  const secret = secretInput(key);
  const bytes = bytesOf(data);
  const how: Record<string, unknown> = {
    encrypts,
    cipher: String(variant),
    key: secret,
    iv: bytesOf(iv).slice(),
    tagLength: -1,
    aadLength: -1,
  };
  if (!String(variant).endsWith('gcm')) return whole(how, bytes);
  const tagLength = Number(tagBytes);
  Object.assign(how, { tagLength, aad: aad === undefined ? undefined : bytesOf(aad).slice() });
  if (encrypts) return whole(how, bytes);
  const end = bytes.length - tagLength;
  return whole({ ...how, tag: bytes.slice(end) }, bytes.slice(0, end));
}

function whole(how: Record<string, unknown>, bytes: Uint8Array): ArrayBuffer {
  const start = bytesOf(native('cipher.update', how, bytes, 0));
  const told = native('cipher.final', how, bytes);
  const [last, tag] = Array.isArray(told) ? told : [];
  return joined([start, bytesOf(last), bytesOf(tag)]).buffer;
}

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
  kKeyVariantAES_CTR_128: 'aes-128-ctr',
  kKeyVariantAES_CTR_192: 'aes-192-ctr',
  kKeyVariantAES_CTR_256: 'aes-256-ctr',
  kKeyVariantAES_CBC_128: 'aes-128-cbc',
  kKeyVariantAES_CBC_192: 'aes-192-cbc',
  kKeyVariantAES_CBC_256: 'aes-256-cbc',
  kKeyVariantAES_GCM_128: 'aes-128-gcm',
  kKeyVariantAES_GCM_192: 'aes-192-gcm',
  kKeyVariantAES_GCM_256: 'aes-256-gcm',
  AESCipherJob: job(aes),
  RSACipherJob: job((mode, key, data, _variant, hash, label) =>
    buffer(
      native(
        mode === 0 ? 'rsa.publicEncrypt' : 'rsa.privateDecrypt',
        keyInput(key),
        bytesOf(data),
        4,
        hash,
        label === undefined ? undefined : bytesOf(label),
      ),
    ),
  ),
  RandomBytesJob: job((target, offset, size) => {
    const bytes = bytesOf(target).subarray(Number(offset), Number(offset) + Number(size));
    for (let at = 0; at < bytes.length; at += 65536) {
      bytes.set(bytesOf(native('random', Math.min(65536, bytes.length - at))), at);
    }
  }),
  RandomPrimeJob: slowJob('random.prime', (bits, safe) => [bits, safe]),
  CheckPrimeJob: slowJob(
    'prime.check',
    (candidate) => [bytesOf(candidate)],
    (isPrime) => isPrime,
  ),
  PBKDF2Job: slowJob('pbkdf2', (password, salt, ...rest) => [secretBytes(password), bytesOf(salt), ...rest]),
  ScryptJob: slowJob('scrypt', (password, salt, ...numbers) => [secretBytes(password), bytesOf(salt), ...numbers]),
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
  DHBitsJob: job((open, openFormat, openType, openPassphrase, _openCurve, own, format, type, passphrase) =>
    buffer(
      native('dh.bits', keyInput(open, openFormat, openType, openPassphrase), keyInput(own, format, type, passphrase)),
    ),
  ),
  SecretKeyGenJob: job((bits, algorithm, usages, extractable) => {
    const handle = handleOf({ kind: 'secret', bytes: bytesOf(native('random', Number(bits) >> 3)) });
    return algorithm === undefined ? handle : cryptoKeyOf(handle, algorithm, usages, extractable);
  }),
  RsaKeyPairGenJob: slowJob(
    'keys.rsa',
    (_variant, bits, exponent) => [bits, exponent],
    (keys, variant, _bits, _exponent, ...rest) => pairOf(keys, variant === 1 ? rest.slice(3) : rest),
  ),
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
