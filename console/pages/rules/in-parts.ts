import { bytesOf } from './too-large.ts';

const mostAtOnce = 20;
// The server takes a body of 1 MB.
const mostBytes = 700_000;

/**
 * What is to be asked about, in parts that the server takes at once: by their number, and by their bytes as they are sent.
 *
 * @param shown what is sent of one
 */
export function inParts<T>(things: readonly T[], shown: (thing: T) => unknown): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let bytes = 0;
  for (const thing of things) {
    const own = bytesOf(JSON.stringify(shown(thing)));
    if (part.length === 0 || part.length === mostAtOnce || bytes + own > mostBytes) {
      part = [];
      bytes = 0;
      parts.push(part);
    }
    part.push(thing);
    bytes += own;
  }
  return parts;
}
