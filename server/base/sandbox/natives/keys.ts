// Keys cross as bytes: a secret as it is, a public one as SPKI, a private one as PKCS#8.
import { createPrivateKey, createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { partsOf, read } from './der.ts';
import { checkInput, checkJwk, checkKey, tooLarge, unreadable } from './key-bounds.ts';
import { lockedKeyIn, openLockedKey } from './locked-keys.ts';
import { checkedPem, openedPem } from './pem.ts';
import { boundedBytes, bytesOf, isObject, type Native, numberOf, textOf } from './values.ts';

const formats = ['der', 'pem', 'jwk'] as const;
const types = ['pkcs1', 'pkcs8', 'spki', 'sec1'] as const;
// What is done with an RSA key takes the longer the larger it is, without end. These are 8192 bits.
const mostRsaBytes = 1100;
/** Those of a DSA key of 3072 bits, too. */
const mostBytes = 1300;
/** Those of an RSA key of 4096 bits. */
const mostQuickBytes = 565;
/** Keys of these kinds are large, and what is done with them is done at once. */
const lattices = /^ml-/;

/** A key as it crosses. */
export function told(key: KeyObject): { kind: string; bytes: Buffer } {
  if (key.type === 'secret') return { kind: 'secret', bytes: key.export() };
  const type = key.type === 'public' ? 'spki' : 'pkcs8';
  return { kind: key.type, bytes: exported(key, { format: 'der', type }) };
}

function exported(key: KeyObject, options: object): Buffer {
  const bytes: unknown = Reflect.apply(key.export, key, [options]);
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(String(bytes));
}

/**
 * The key that was told; `input` is either that or what a script wrote: PEM, DER or JWK.
 *
 * @throws RangeError for one that takes more work than code may ask for
 */
export function keyOf(input: unknown, want?: unknown): KeyObject {
  const key = readKey(input, want);
  if (key.type === 'secret' || lattices.test(key.asymmetricKeyType ?? '')) return key;
  if (publicBytes(key) > (isRsa(key) ? mostRsaBytes : mostBytes)) throw tooLarge();
  return key;
}

/**
 * The same of a private key, for what is done with it on this thread. Its parts may be false, and without them a large
 * RSA key takes so long that the code of others waits: of these nothing is done here.
 *
 * @throws RangeError for one of more than 4096 bits
 */
export function quickKeyOf(input: unknown): KeyObject {
  const key = keyOf(input, 'private');
  if (isRsa(key) && publicBytes(key) > mostQuickBytes) {
    throw new RangeError(
      'RSA keys of more than 4096 bits only sign, and with all their parts: anything else takes too long.',
    );
  }
  return key;
}

function isRsa({ asymmetricKeyType }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss';
}

/** By what is exported: the details of a key that is far too large leave an error behind, which its next user finds. */
function publicBytes(key: KeyObject): number {
  return exported(key.type === 'private' ? createPublicKey(key) : key, { format: 'der', type: 'spki' }).length;
}

function readKey(input: unknown, want: unknown): KeyObject {
  if (!isObject(input)) return createSecretKey(boundedBytes(input, 'A secret key'));
  if (input.kind === 'secret') return createSecretKey(boundedBytes(input.bytes, 'A secret key'));
  if (input.kind === 'public') return createPublicKey({ key: derOf(input.bytes), format: 'der', type: 'spki' });
  if (input.kind === 'private') {
    const key = createPrivateKey({ key: derOf(input.bytes), format: 'der', type: 'pkcs8' });
    return want === 'public' ? createPublicKey(key) : key;
  }
  const format = formats[numberOf(input.format)] ?? 'pem';
  if (format === 'jwk') {
    const jwk: JsonWebKey = isObject(input.jwk) ? { ...input.jwk } : {};
    checkJwk(jwk);
    return want === 'public' ? createPublicKey({ key: jwk, format }) : createPrivateKey({ key: jwk, format });
  }
  const type = types[numberOf(input.type)];
  if (input.passphrase !== undefined) return readLocked(input, format, want);
  return readBytes(
    format === 'der' ? derOf(input.bytes) : checkedPem(Buffer.from(bytesOf(input.bytes))),
    format,
    type,
    want,
  );
}

function derOf(bytes: unknown): Buffer {
  const key = Buffer.from(bytesOf(bytes));
  checkKey(key);
  return key;
}

// In RSA keys of more than 4096 bits: all of one in DER, the modulus of one as JWK.
const [mostQuick, mostQuickModulus] = [2500, 700];

/**
 * Does it take long to sign with it? With a large RSA key, and with the small ones of SLH-DSA, which are used without a
 * digest.
 */
export function isSlowSigner(algorithm: unknown, input: unknown): boolean {
  if (!isObject(input)) return false;
  const { bytes, jwk } = input;
  if (isObject(jwk) && typeof jwk.n === 'string' && jwk.n.length > mostQuickModulus) return true;
  if (ArrayBuffer.isView(bytes) && bytes.byteLength > mostQuick) return true;
  if (algorithm !== undefined && algorithm !== null) return false;
  try {
    return keyOf(input, 'private').asymmetricKeyType?.startsWith('slh-dsa') === true;
  } catch {
    // Whoever signs with it says why not.
    return false;
  }
}

/** Is it a key under a password? To open it takes long. */
export function isLocked(input: unknown): input is Record<string, unknown> {
  return isObject(input) && input.passphrase !== undefined && formats[numberOf(input.format)] !== 'jwk';
}

/**
 * The same, opened on another thread; what is no locked key, or locked as OpenSSL once did it, as it is.
 *
 * @throws RangeError for one that takes more work than code may ask for
 */
export async function unlocked(input: unknown): Promise<unknown> {
  if (!isLocked(input)) return input;
  const locked = lockedBytes(input);
  return locked ? { kind: 'private', bytes: await openLockedKey(locked, passwordOf(input.passphrase)) } : input;
}

/** Its bytes, if it is locked as PKCS#8. */
function lockedBytes(input: Record<string, unknown>): Buffer | undefined {
  const bytes = Buffer.from(bytesOf(input.bytes));
  checkInput(bytes);
  if (formats[numberOf(input.format)] !== 'der') return lockedKeyIn(bytes);
  // One that is not begins with a number.
  const [first] = types[numberOf(input.type)] === 'pkcs8' ? partsOf(bytes, read(bytes, 0, bytes.length)) : [];
  return first && first.tag !== 2 ? bytes : undefined;
}

function passwordOf(value: unknown): Buffer {
  const password = Buffer.from(bytesOf(value));
  if (password.length > 1024) throw new RangeError('The password of a key has 1024 bytes at most.');
  return password;
}

/** A key with a password that is no PKCS#8 under it: Node has nothing left to open. */
function readLocked(input: Record<string, unknown>, format: 'der' | 'pem', want: unknown): KeyObject {
  const password = passwordOf(input.passphrase);
  if (lockedBytes(input)) throw unreadable();
  const key = format === 'der' ? derOf(input.bytes) : openedPem(Buffer.from(bytesOf(input.bytes)), password);
  return readBytes(key, format, types[numberOf(input.type)], want);
}

type Type = (typeof types)[number] | undefined;

function readBytes(key: Buffer, format: 'der' | 'pem', type: Type, want: unknown): KeyObject {
  if (want === 'public')
    return createPublicKey({ key, format, ...(type && type !== 'pkcs8' && type !== 'sec1' ? { type } : {}) });
  return createPrivateKey({ key, format, ...(type && type !== 'spki' ? { type } : {}) });
}

export const keyNatives: Record<string, Native> = {
  'key.parse': (input, want) => told(keyOf(input, want)),
  'key.type': (key) => keyOf(key).asymmetricKeyType,
  'key.details': (key) => keyOf(key).asymmetricKeyDetails,
  'key.equals': (one, other) => keyOf(one).equals(keyOf(other)),
  'key.jwk': (key) => keyOf(key).export({ format: 'jwk' }),
  'key.raw': (key, part) => {
    const jwk = keyOf(key).export({ format: 'jwk' });
    if (part === 'private') return Buffer.from(textOf(jwk.d), 'base64url');
    const x = Buffer.from(textOf(jwk.x), 'base64url');
    return jwk.y === undefined ? x : Buffer.concat([Buffer.from([4]), x, Buffer.from(jwk.y, 'base64url')]);
  },
  'key.export'(key, format, type, cipher, passphrase) {
    const options = {
      format: formats[numberOf(format)],
      type: types[numberOf(type)],
      ...(cipher === undefined ? {} : { cipher: textOf(cipher), passphrase: passwordOf(passphrase) }),
    };
    const found = keyOf(key);
    const bytes = exported(found, options);
    return options.format === 'pem' ? bytes.toString() : bytes;
  },
};
