// Private keys under a password (PKCS#8): how much work their password takes stands in the key itself, which is the
// script's to write. It is read before Node begins with it.
import { createDecipheriv, getCipherInfo, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { hexOf, partsOf, read, type Value } from './der.ts';
import { unreadable } from './key-bounds.ts';

const mostRounds = 1_000_000;
// What Node opens itself holds up all code of this process meanwhile.
const mostRoundsHere = 10_000;
const label = 'ENCRYPTED PRIVATE KEY';
const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]{1,100000})-----END ${label}-----`);

// Object identifiers, as they stand in a key.
/** Its work is the product of three numbers. */
const scrypt = '2b06010401da47040b';
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
 * @returns the key as PKCS#8; undefined: it is locked in a way that is Node's to open
 * @throws RangeError when that takes more than code may ask for; TypeError when it cannot be told
 */
export async function openLockedKey(key: Buffer, passphrase: Uint8Array): Promise<Buffer | undefined> {
  refuseAbove(mostRounds, key);
  const lock = lockOf(key);
  if (!lock) return undefined;
  const { salt, rounds, digest, cipher, iv, data } = lock;
  const secret = await stretch(passphrase, salt, rounds, getCipherInfo(cipher)?.keyLength ?? 0, digest);
  const opened = createDecipheriv(cipher, secret, iv);
  return Buffer.concat([opened.update(data), opened.final()]);
}

/** @throws RangeError when it takes too long for Node to open it; TypeError when that cannot be told */
export function checkLockedKey(key: Buffer): void {
  refuseAbove(mostRoundsHere, key);
}

function refuseAbove(most: number, key: Buffer): void {
  const whole = read(key, 0, key.length);
  const algorithm = read(key, whole.start, whole.end);
  const isTooMuch = numbersIn(key, algorithm.start, algorithm.end).some((number) => number > most);
  if (isTooMuch || key.toString('hex', algorithm.start, algorithm.end).includes(scrypt)) {
    throw new RangeError(`Code of rules and actions opens keys whose password takes ${most} rounds at most.`);
  }
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
  const [rounds = 0] = numbersIn(key, count.at, count.end);
  const bytes = (value: Value | undefined) => key.subarray(value?.start, value?.end);
  return { salt: bytes(salt), rounds, digest, cipher, iv: bytes(iv), data: bytes(data) };
}

/** @throws TypeError for what is nested deeper, or has more of them, than any key: that takes long to go through */
function numbersIn(key: Buffer, from: number, to: number, found: number[] = [], depth = 0): number[] {
  if (depth > 12) throw unreadable();
  for (let at = from; at < to; ) {
    const { tag, start, end } = read(key, at, to);
    if (tag === 2) found.push(Number(`0x${key.toString('hex', start, end) || '0'}`));
    if ((tag & 0x20) !== 0) numbersIn(key, start, end, found, depth + 1);
    if (found.length > 50) throw unreadable();
    at = end;
  }
  return found;
}
