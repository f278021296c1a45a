// Node's crypto for what is asked in one go: nothing is kept between two calls.
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { cipherNatives, cipherPieces } from './ciphers.ts';
import { keyNatives, keyOf, quickKeyOf, told } from './keys.ts';
import { type InPieces, type IsWanted, inPieces } from './pieces.ts';
import { boundedBytes, bytesOf, isObject, type Native, numberOf, textOf } from './values.ts';

// What one call may cost; more would hold up the other code of this process.
const mostRounds = 2_000_000;
const mostScryptBytes = 64 * 2 ** 20;
const mostRandom = 2 ** 20;
const mostModulus = 4096;

function tooMuch(what: string, most: number): never {
  throw new RangeError(`${what} is more than code of rules and actions may ask for (${most}).`);
}

function within(value: unknown, most: number, what: string): number {
  const number = numberOf(value);
  return number > most ? tooMuch(what, most) : number;
}

type Signing = { padding?: number; saltLength?: number; dsaEncoding?: 'der' | 'ieee-p1363' };

function signingOf([padding, salt, encoding]: readonly unknown[]): Signing {
  return {
    ...(padding === undefined || padding === null ? {} : { padding: numberOf(padding) }),
    ...(salt === undefined || salt === null ? {} : { saltLength: numberOf(salt) }),
    dsaEncoding: encoding === 1 ? 'ieee-p1363' : 'der',
  };
}

/** Signs and verifies by the name of a digest, or by what the key itself prescribes. */
const algorithmOf = (name: unknown) => (name === undefined || name === null ? null : textOf(name));

type RsaFunction = (key: crypto.RsaPublicKey & crypto.RsaPrivateKey, bytes: Uint8Array) => Buffer;

const rsa =
  (act: RsaFunction, want: 'public' | 'private'): Native =>
  (key, bytes, padding, oaepHash, oaepLabel) =>
    act(
      {
        key: want === 'private' ? quickKeyOf(key) : keyOf(key, want),
        padding: numberOf(padding),
        ...(oaepHash === undefined ? {} : { oaepHash: textOf(oaepHash) }),
        ...(oaepLabel === undefined ? {} : { oaepLabel: Buffer.from(boundedBytes(oaepLabel, 'The label')) }),
      },
      bytesOf(bytes),
    );

function pair(keys: { publicKey: crypto.KeyObject; privateKey: crypto.KeyObject }) {
  return [told(keys.publicKey), told(keys.privateKey)];
}

const curves = ['ed25519', 'ed448', 'x25519', 'x448'] as const;

function primeOf([bits, safe]: readonly unknown[]): [number, { safe: boolean }] {
  // Safe ones are so rare that they take a hundred times as long.
  return [within(bits, safe === true ? 512 : 1024, 'The size of the prime'), { safe: safe === true }];
}

function candidateOf(candidate: unknown): Buffer {
  return Buffer.from(bytesOf(candidate).subarray(0, 512));
}

/** For each block of a key its salt is hashed anew. */
function roundsOf(blocks: number, rounds: number, saltBytes: number): number {
  return blocks * (rounds + Math.floor(saltBytes / 64));
}

function pbkdf2Of([password, salt, iterations, length, digest]: readonly unknown[]) {
  const rounds = roundsOf(Math.ceil(numberOf(length) / 20), numberOf(iterations), bytesOf(salt).length);
  within(rounds, mostRounds, 'The work for this key');
  return [secretOf(password), bytesOf(salt), numberOf(iterations), numberOf(length), textOf(digest)] as const;
}

function scryptOf([password, salt, N, r, p, maxmem, length]: readonly unknown[]) {
  // Node takes none for what it is if nobody says.
  const options = {
    N: numberOf(N) || 16_384,
    r: numberOf(r) || 8,
    p: numberOf(p) || 1,
    maxmem: numberOf(maxmem),
  };
  const mixed = 128 * options.r * options.p;
  within(options.N * mixed, mostScryptBytes, 'The work for this key');
  // By PBKDF2 what is mixed is made of the salt, and the key of what was mixed.
  const rounds = roundsOf(mixed / 32, 1, bytesOf(salt).length) + roundsOf(numberOf(length) / 32, 1, mixed);
  within(rounds, mostRounds, 'The work for this key');
  return [secretOf(password), bytesOf(salt), within(length, mostRandom, 'keylen'), options] as const;
}

function rsaOf(bits: unknown, exponent: unknown) {
  return { modulusLength: within(bits, mostModulus, 'modulusLength'), publicExponent: numberOf(exponent) };
}

const later = {
  prime: promisify(
    (size: number, options: { safe: boolean }, done: (error: Error | null, prime?: ArrayBuffer) => void) =>
      crypto.generatePrime(size, options, done),
  ),
  checkPrime: promisify((candidate: Buffer, done: (error: Error | null, isPrime?: boolean) => void) =>
    crypto.checkPrime(candidate, done),
  ),
  pbkdf2: promisify(crypto.pbkdf2),
  scrypt: promisify(
    (
      password: Uint8Array,
      salt: Uint8Array,
      length: number,
      options: crypto.ScryptOptions,
      done: (error: Error | null, key?: Buffer) => void,
    ) => crypto.scrypt(password, salt, length, options, done),
  ),
  keys: promisify(crypto.generateKeyPair),
  sign: promisify(
    (
      algorithm: string | null,
      bytes: Uint8Array,
      key: crypto.SignKeyObjectInput,
      done: (error: Error | null, signature?: Buffer) => void,
    ) => crypto.sign(algorithm, bytes, key, done),
  ),
};

/** What takes long, on another thread: what waits for it is this code alone. */
export const slowCrypto: Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>> = {
  'random.prime': async (...values) => Buffer.from((await later.prime(...primeOf(values))) ?? new ArrayBuffer(0)),
  'prime.check': (candidate) => later.checkPrime(candidateOf(candidate)),
  pbkdf2: (...values) => later.pbkdf2(...pbkdf2Of(values)),
  scrypt: (...values) => later.scrypt(...scryptOf(values)),
  'keys.rsa': async (bits, exponent) => pair(await later.keys('rsa', rsaOf(bits, exponent))),
};

const hashOf = (algorithm: unknown, length: unknown) =>
  crypto.createHash(
    textOf(algorithm),
    length === undefined ? {} : { outputLength: within(length, mostRandom, 'outputLength') },
  );

type Fed = { update(bytes: Uint8Array): unknown };

async function fed<Made extends Fed>(made: Made, bytes: unknown, isWanted: IsWanted): Promise<Made> {
  await inPieces(bytesOf(bytes), (piece) => made.update(piece), isWanted);
  return made;
}

/** What its key prescribes how to sign is read twice, and cannot be cut in pieces. */
function wholeOf(bytes: unknown): Uint8Array {
  within(bytesOf(bytes).length, mostRandom, 'The number of bytes to sign with such a key');
  return bytesOf(bytes);
}

/** For so many bytes that others would wait. */
export const cryptoPieces: Readonly<Record<string, InPieces>> = {
  ...cipherPieces,
  hash: async (isWanted, algorithm, bytes, length) => (await fed(hashOf(algorithm, length), bytes, isWanted)).digest(),
  hmac: async (isWanted, algorithm, key, bytes) =>
    (await fed(crypto.createHmac(textOf(algorithm), keyOf(key)), bytes, isWanted)).digest(),
  async sign(isWanted, algorithm, bytes, key, ...how) {
    const name = algorithmOf(algorithm);
    const options = { key: keyOf(key, 'private'), ...signingOf(how) };
    if (name === null || bytesOf(bytes).length <= mostRandom) return later.sign(name, wholeOf(bytes), options);
    return (await fed(crypto.createSign(name), bytes, isWanted)).sign(options);
  },
  async verify(isWanted, algorithm, bytes, key, signature, ...how) {
    const name = algorithmOf(algorithm);
    if (name === null) return verify(algorithm, wholeOf(bytes), key, signature, ...how);
    const options = { key: keyOf(key, 'public'), ...signingOf(how) };
    return (await fed(crypto.createVerify(name), bytes, isWanted)).verify(options, bytesOf(signature));
  },
};

const sign: Native = (algorithm, bytes, key, ...how) =>
  crypto.sign(algorithmOf(algorithm), bytesOf(bytes), { key: quickKeyOf(key), ...signingOf(how) });

const verify: Native = (algorithm, bytes, key, signature, ...how) =>
  crypto.verify(
    algorithmOf(algorithm),
    bytesOf(bytes),
    { key: keyOf(key, 'public'), ...signingOf(how) },
    bytesOf(signature),
  );

// A group of numbers may be of any size, and the work grows with it; curves are few.
const exchangeKinds = ['ec', 'x25519', 'x448'];

function exchanged(publicKey: crypto.KeyObject, privateKey: crypto.KeyObject): Buffer {
  if (exchangeKinds.includes(privateKey.asymmetricKeyType ?? ''))
    return crypto.diffieHellman({ publicKey, privateKey });
  throw new RangeError('Code of rules and actions derives secrets by keys of curves only (ec, x25519, x448).');
}

export const cryptoNatives: Record<string, Native> = {
  ...keyNatives,
  ...cipherNatives,
  'crypto.names': () => ({ hashes: crypto.getHashes(), ciphers: crypto.getCiphers(), curves: crypto.getCurves() }),
  hash: (algorithm, bytes, length) => hashOf(algorithm, length).update(bytesOf(bytes)).digest(),
  hmac: (algorithm, key, bytes) => crypto.createHmac(textOf(algorithm), keyOf(key)).update(bytesOf(bytes)).digest(),
  random: (size) => crypto.randomBytes(within(size, mostRandom, 'The number of random bytes')),
  hkdf: (digest, key, salt, info, length) =>
    crypto.hkdfSync(
      textOf(digest),
      keyOf(key),
      boundedBytes(salt, 'The salt'),
      boundedBytes(info, 'info'),
      within(length, mostRandom, 'keylen'),
    ),
  sign,
  verify,
  'rsa.publicEncrypt': rsa(crypto.publicEncrypt, 'public'),
  'rsa.publicDecrypt': rsa(crypto.publicDecrypt, 'public'),
  'rsa.privateEncrypt': rsa(crypto.privateEncrypt, 'private'),
  'rsa.privateDecrypt': rsa(crypto.privateDecrypt, 'private'),
  'keys.ec': (curve) => pair(crypto.generateKeyPairSync('ec', { namedCurve: textOf(curve) })),
  'keys.edwards'(name) {
    const found = curves.find((curve) => curve === name);
    if (found === 'ed25519') return pair(crypto.generateKeyPairSync(found));
    if (found === 'ed448') return pair(crypto.generateKeyPairSync(found));
    if (found === 'x25519') return pair(crypto.generateKeyPairSync(found));
    return pair(crypto.generateKeyPairSync('x448'));
  },
  'ecdh.new'(curve, secret) {
    const ecdh = crypto.createECDH(textOf(curve));
    if (secret === undefined) ecdh.generateKeys();
    else ecdh.setPrivateKey(bytesOf(secret));
    return [ecdh.getPrivateKey(), ecdh.getPublicKey()];
  },
  'ecdh.secret'(curve, secret, other) {
    const ecdh = crypto.createECDH(textOf(curve));
    ecdh.setPrivateKey(bytesOf(secret));
    return ecdh.computeSecret(bytesOf(other));
  },
  'dh.bits': (publicKey, privateKey) => exchanged(keyOf(publicKey, 'public'), keyOf(privateKey, 'private')),
  'ecdh.convert': (key, curve, form) =>
    crypto.ECDH.convertKey(
      Buffer.from(bytesOf(key)),
      textOf(curve),
      undefined,
      undefined,
      form === 2 ? 'compressed' : 'uncompressed',
    ),
};

function secretOf(password: unknown): Uint8Array {
  return isObject(password) && 'kind' in password ? bytesOf(password.bytes) : bytesOf(password);
}
