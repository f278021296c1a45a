// How much work a key is to whoever reads it: OpenSSL raises to its power while it reads a private DSA or DH key, and
// nobody can end that. So of what a script wrote only that comes to Node whose kind and size were read before.
import type { JsonWebKey } from 'node:crypto';
import { hexOf, partsOf, read, type Value } from './der.ts';

const mostInput = 2 ** 16;
/** Whatever it is, so small it takes a few milliseconds at most: a DSA key of 3072 bits, any curve. */
const mostOfAny = 900;
/** What only Node can open may be anything inside. An RSA key of 2048 bits. */
const mostUnseen = 1400;
// 8192 bits, of which each prime has half.
const [mostRsaNumber, mostRsaPart] = [1025, 513];
/** OpenSSL raises to it when it signs, too: 64 bits are all it takes of large keys otherwise. */
const mostRsaExponent = 9;
const mostDsaNumber = 385;
const [mostJwkRsaNumber, mostJwkRsaPart, mostJwkRsaExponent] = [1370, 690, 12];

// Object identifiers, as they stand in a key.
const rsa: readonly string[] = ['2a864886f70d010101', '2a864886f70d01010a'];
/** ML-DSA and ML-KEM in their three sizes: large, and read at once. */
const lattices = /^6086480165030403(11|12|13)$|^6086480165030404(01|02|03)$/;

/** @throws RangeError when there is more of it than a key can have */
export function checkInput(bytes: Uint8Array): void {
  if (bytes.length > mostInput)
    throw new RangeError(`Code of rules and actions uses keys of ${mostInput} bytes at most.`);
}

/** @throws RangeError when that is more than Node may open without anybody seeing what is in it */
export function checkUnseen(locked: Buffer): void {
  if (locked.length > mostUnseen) {
    throw new RangeError(
      `Code of rules and actions opens such locked keys of ${mostUnseen} bytes at most; larger ones by PBKDF2 and AES.`,
    );
  }
}

/** @throws RangeError when Node would take long to read this key in DER; TypeError when that cannot be told */
export function checkKey(key: Buffer): void {
  checkInput(key);
  // All that OpenSSL reads is a sequence.
  if (key.length <= mostOfAny || !isSequence(key)) return;
  const whole = read(key, 0, key.length);
  const parts = partsOf(key, whole);
  const [first] = parts;
  if (whole.tag !== 0x30 || whole.end !== key.length) throw unreadable();
  // Public ones, certificates, parameters: they are just read. A private one begins with a number.
  if (first?.tag === 0x30 || first?.tag === 6) return;
  if (first?.tag !== 2) throw unreadable();
  if (!isSmallEnough(key, parts)) throw tooLarge();
}

/** Is it so small that nobody looks, and might it be a private one? Of these, too, many take long. */
export function isUnlooked(key: Buffer): boolean {
  if (key.length > mostOfAny || !isSequence(key)) return false;
  const first = key[(key[1] ?? 0) < 128 ? 2 : (key[1] ?? 0) - 126];
  return first !== 0x30 && first !== 6;
}

function isSmallEnough(key: Buffer, parts: readonly Value[]): boolean {
  const [, algorithm, inner] = parts;
  if (algorithm?.tag === 2) return areNumbersSmall(parts);
  const kind = hexOf(key, partsOf(key, algorithm)[0]);
  if (lattices.test(kind)) return true;
  if (!rsa.includes(kind) || inner?.tag !== 4) return false;
  const numbers = partsOf(key, read(key, inner.start, inner.end));
  return numbers.length === 9 && areNumbersSmall(numbers);
}

/** A key that is numbers: nine of a private RSA key, two of a public one, six of DSA. */
function areNumbersSmall(numbers: readonly Value[]): boolean {
  if (numbers.some(({ tag }) => tag !== 2)) return false;
  const sizes = numbers.map(({ start, end }) => end - start);
  if (numbers.length === 2) return true;
  if (numbers.length === 6) return sizes.every((size) => size <= mostDsaNumber);
  if (numbers.length !== 9 || (sizes[2] ?? 0) > mostRsaExponent) return false;
  return sizes.every((size, at) => size <= (at < 4 ? mostRsaNumber : mostRsaPart));
}

/** @throws RangeError for what no key of a size that may be used has */
export function checkJwk(jwk: JsonWebKey): void {
  const sizes = Object.values(jwk).map((value) => (typeof value === 'string' ? value.length : 0));
  if (sizes.some((size) => size > mostInput)) throw tooLarge();
  if (jwk.kty !== 'RSA') return;
  const [numbers, parts] = [
    [jwk.n, jwk.d],
    [jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi],
  ];
  const isAbove = (most: number) => (value: unknown) => typeof value === 'string' && value.length > most;
  const isLarge = numbers.some(isAbove(mostJwkRsaNumber)) || parts.some(isAbove(mostJwkRsaPart));
  if (isLarge || isAbove(mostJwkRsaExponent)(jwk.e)) throw tooLarge();
}

function isSequence(key: Buffer): boolean {
  const [tag = 0] = key;
  return tag >= 0x20 && tag < 0x40;
}

/** What is thrown for what would take too long. */
export function tooLarge(): RangeError {
  return new RangeError('Code of rules and actions uses RSA keys of 8192 bits at most, DSA and DH keys of 3072.');
}

/** What is thrown for what nobody can tell. */
export function unreadable(): TypeError {
  return new TypeError('This key cannot be read.');
}
