// How much work a key is to whoever reads it: OpenSSL raises to its power while it reads a private DSA or DH key, and
// nobody can end that. So of what a script wrote only that comes to Node whose kind and size were read before.
import type { JsonWebKey } from 'node:crypto';
import { hexOf, partsOf, read, type Value } from './der.ts';

const mostInput = 2 ** 16;
/** Whatever it is, so small it takes a few milliseconds at most: a DSA key of 3072 bits, any curve. */
const mostOfAny = 900;
/** 8192 bits. */
const mostRsaNumber = 1025;
/** OpenSSL raises to it when it signs, too: 64 bits are all it takes of large keys otherwise. */
const mostRsaExponent = 9;
const mostDsaNumber = 385;
const [mostJwkRsaNumber, mostJwkRsaExponent] = [1370, 12];

// Object identifiers, as they stand in a key.
const rsa: readonly string[] = ['2a864886f70d010101', '2a864886f70d01010a'];
/** So begins the kind of field of a curve that is written out instead of named. */
const field = Buffer.from('2a8648ce3d01', 'hex');
const octetsInPieces = 0x24;
/** ML-DSA and ML-KEM in their three sizes: large, and read at once. */
const lattices = /^6086480165030403(11|12|13)$|^6086480165030404(01|02|03)$/;

/** @throws RangeError when there is more of it than a key can have */
export function checkInput(bytes: Uint8Array): void {
  if (bytes.length > mostInput)
    throw new RangeError(`Code of rules and actions uses keys of ${mostInput} bytes at most.`);
}

/** @throws RangeError when Node would take long to read this key in DER; TypeError when that cannot be told */
export function checkKey(key: Buffer): void {
  checkInput(key);
  // All that OpenSSL reads is a sequence.
  if (!isSequence(key)) return;
  // Numbers of its own, by which roots are drawn and multiples taken while it is read.
  if (key.includes(field)) throw new RangeError('Code of rules and actions uses curves that have a name.');
  const whole = read(key, 0, key.length);
  const parts = partsOf(key, whole);
  const [first] = parts;
  // What is in it would not be seen.
  if (parts.some(({ tag }) => tag === octetsInPieces)) throw unreadable();
  if (key.length <= mostOfAny) return;
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
  // Each prime has half of the bits.
  const mostPart = (sizes[1] ?? 0) / 2 + 1;
  return sizes.every((size, at) => size <= (at < 4 ? mostRsaNumber : mostPart));
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
  const mostPart = (jwk.n?.length ?? 0) / 2 + 2;
  const isLarge = numbers.some(isAbove(mostJwkRsaNumber)) || parts.some(isAbove(mostPart));
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
