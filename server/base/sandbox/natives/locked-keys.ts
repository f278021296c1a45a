// Private keys under a password (PKCS#8): how much work their password takes stands in the key itself, which is the
// script's to write. It is read before Node begins with it.

const mostRounds = 1_000_000;
const label = 'ENCRYPTED PRIVATE KEY';
const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]{1,100000})-----END ${label}-----`);
/** The object identifier of scrypt, whose work is the product of three numbers. */
const scrypt = '2b06010401da47040b';

/** The bytes of a key like that in a PEM text; undefined: there is none in it. */
export function lockedKeyIn(pem: Buffer): Buffer | undefined {
  const text = pem.toString('latin1');
  if (!text.includes(label)) return undefined;
  const [, base64] = block.exec(text) ?? [];
  if (base64 === undefined) throw new TypeError('This key cannot be read.');
  return Buffer.from(base64, 'base64');
}

/** @throws RangeError when to open it takes more than code may ask for; TypeError when that cannot be told */
export function checkLockedKey(key: Buffer): void {
  const whole = read(key, 0, key.length);
  const algorithm = read(key, whole.start, whole.end);
  const isTooMuch = numbersIn(key, algorithm.start, algorithm.end).some((number) => number > mostRounds);
  if (isTooMuch || key.toString('hex', algorithm.start, algorithm.end).includes(scrypt)) {
    throw new RangeError(`Code of rules and actions opens keys whose password takes ${mostRounds} rounds at most.`);
  }
}

function numbersIn(key: Buffer, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; ) {
    const { tag, start, end } = read(key, at, to);
    if (tag === 2) found.push(Number(`0x${key.toString('hex', start, end) || '0'}`));
    if ((tag & 0x20) !== 0) found.push(...numbersIn(key, start, end));
    at = end;
  }
  return found;
}

/** One value in DER: lengths that are not told before it are none. */
function read(key: Buffer, at: number, to: number): { tag: number; start: number; end: number } {
  const [tag, first] = [key[at], key[at + 1]];
  const more = first === undefined || first < 128 ? 0 : first - 128;
  const start = at + 2 + more;
  const isRead = tag !== undefined && first !== undefined && first !== 128 && more <= 4 && start <= to;
  const end = isRead ? start + (more === 0 ? first : key.readUIntBE(at + 2, more)) : to + 1;
  if (tag === undefined || end > to) throw new TypeError('This key cannot be read.');
  return { tag, start, end };
}
