// Keys in DER, read before Node reads them.

/** A value in DER: from `at`, what is in it from `start` to `end`. */
export type Value = { at: number; tag: number; start: number; end: number };

/** The values in one that has some; in others there are none. */
export function partsOf(key: Buffer, whole: Value | undefined): Value[] {
  const found: Value[] = [];
  if (!whole || (whole.tag & 0x20) === 0) return found;
  for (let { start: at } = whole; at < whole.end; at = found.at(-1)?.end ?? whole.end) {
    found.push(read(key, at, whole.end));
  }
  return found;
}

export function hexOf(key: Buffer, value: Value | undefined): string {
  return value ? key.toString('hex', value.start, value.end) : '';
}

/**
 * One value: a length that is not told before it is none.
 *
 * @throws TypeError when there is none
 */
export function read(key: Buffer, at: number, to: number): Value {
  const [tag, first] = [key[at], key[at + 1]];
  const more = first === undefined || first < 128 ? 0 : first - 128;
  const start = at + 2 + more;
  // A kind of 31 says that more of it follows, which no key has.
  const isTag = tag !== undefined && (tag & 31) !== 31;
  const isRead = isTag && first !== undefined && first !== 128 && more <= 4 && start <= to;
  const end = isRead ? start + (more === 0 ? first : key.readUIntBE(at + 2, more)) : to + 1;
  if (!isTag || end > to) throw new TypeError('This key cannot be read.');
  return { at, tag, start, end };
}
