// `indexOf` and `lastIndexOf` of bytes, with Node's reading of offsets.

/** Where the search starts, -1 if it can find nothing. An end before the whole is where the searched part ends. */
function startOf(length: number, offset: number, needle: number, forward: boolean): number {
  let start = offset < 0 ? offset + length : offset;
  if (start < 0) {
    if (!forward) return -1;
    start = 0;
  }
  if (needle > length) return -1;
  if (start > length - needle) return forward ? -1 : length - needle;
  return Math.trunc(start);
}

/** Index of a byte, or -1. */
export function indexOfNumber(bytes: Uint8Array, wanted: number, offset: number, forward: boolean, end = bytes.length) {
  const part = bytes.subarray(0, Math.min(Math.max(end, 0), bytes.length));
  const start = startOf(part.length, offset, 1, forward);
  if (start < 0) return -1;
  return forward ? part.indexOf(wanted & 255, start) : part.lastIndexOf(wanted & 255, start);
}

/** Index of some bytes, or -1. `pairs`: only where a unit of two bytes starts. */
export function indexOfBytes(
  bytes: Uint8Array,
  wanted: Uint8Array,
  offset: number,
  pairs: boolean,
  forward: boolean,
  end = bytes.length,
): number {
  const part = bytes.subarray(0, Math.min(Math.max(end, 0), bytes.length));
  if (wanted.length === 0) {
    const start = offset < 0 ? Math.max(offset + part.length, 0) : offset;
    return Math.min(start, part.length);
  }
  const start = startOf(part.length, offset, wanted.length, forward);
  if (start < 0 || (pairs && (part.length < 2 || wanted.length < 2))) return -1;
  const step = forward ? 1 : -1;
  for (let at = start; at >= 0 && at + wanted.length <= part.length; at += step) {
    if (pairs && at % 2 !== 0) continue;
    let index = 0;
    while (index < wanted.length && part[at + index] === wanted[index]) index += 1;
    if (index === wanted.length) return at;
  }
  return -1;
}
