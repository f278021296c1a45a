// Private keys under a password (PKCS#8): how much work their password takes stands in the key itself, which is the
// script's to write. It is read before Node begins with it.
import { createDecipheriv, getCipherInfo, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { hexOf, partsOf, read, type Value } from './der.ts';

const mostRounds = 1_000_000;
const label = 'ENCRYPTED PRIVATE KEY';
const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]{1,100000})-----END ${label}-----`);

// Object identifiers, as they stand in a key.
const pbes2 = '2a864886f70d01050d';
const stretched = '2a864886f70d01050c';
const digests: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};
const ciphers: Readonly<Record<string, string>> = {
  '608648016503040102': 'aes-128-cbc',
  '608648016503040116': 'aes-192-cbc',
  '60864801650304012a': 'aes-256-cbc',
  '2a864886f70d0307': 'des-ede3-cbc',
};

const stretch = promisify(pbkdf2);

/** The bytes of a key like that in a PEM text; undefined: there is none in it. */
export function lockedKeyIn(pem: Buffer): Buffer | undefined {
  const text = pem.toString('latin1');
  if (!text.includes(label)) return undefined;
  const [, base64] = block.exec(text) ?? [];
  if (base64 === undefined) throw new TypeError('This key cannot be read.');
  return Buffer.from(base64, 'base64');
}

/**
 * Stretches the password on another thread, and opens the key with it.
 *
 * @returns the key as PKCS#8
 * @throws RangeError when that takes more than code may ask for, or would be Node's to do: what is in it nobody could look
 * at before; TypeError when it cannot be told
 */
export async function openLockedKey(key: Buffer, passphrase: Uint8Array): Promise<Buffer> {
  const lock = lockOf(key);
  if (!lock) throw new RangeError('Code of rules and actions opens keys locked by PBKDF2 with AES or 3DES only.');
  const { salt, rounds, digest, cipher, iv, data } = lock;
  if (rounds > mostRounds) {
    throw new RangeError(`Code of rules and actions opens keys whose password takes ${mostRounds} rounds at most.`);
  }
  const secret = await stretch(passphrase, salt, rounds, getCipherInfo(cipher)?.keyLength ?? 0, digest);
  const opened = createDecipheriv(cipher, secret, iv);
  return Buffer.concat([opened.update(data), opened.final()]);
}

/** What a password locks by PBKDF2, as nearly all write it now; undefined: this one is written otherwise. */
function lockOf(key: Buffer) {
  const [algorithm, data] = partsOf(key, read(key, 0, key.length));
  const [kind, parameters] = partsOf(key, algorithm);
  const [stretching, locking] = partsOf(key, parameters);
  const [how, stretchedBy] = partsOf(key, stretching);
  const [salt, count, ...more] = partsOf(key, stretchedBy);
  const [name, iv] = partsOf(key, locking);
  const cipher = ciphers[hexOf(key, name)];
  // Left out it is SHA-1; the length of the key may stand before it.
  const [algorithmOfDigest] = partsOf(key, more.at(-1));
  const digest = algorithmOfDigest ? digests[hexOf(key, algorithmOfDigest)] : 'sha1';
  const isKnown = hexOf(key, kind) === pbes2 && hexOf(key, how) === stretched && count?.tag === 2;
  const hasTexts = [salt, iv, data].every((value) => value?.tag === 4);
  if (!isKnown || !hasTexts || cipher === undefined || digest === undefined) return undefined;
  const rounds = Number(`0x${hexOf(key, count)}`);
  const bytes = (value: Value | undefined) => key.subarray(value?.start, value?.end);
  return { salt: bytes(salt), rounds, digest, cipher, iv: bytes(iv), data: bytes(data) };
}
