// Work that Node does on the main thread of a child only: much of it is done a piece at a time, and between two pieces the
// code of others goes on. (Threads of our own would need `--allow-worker`, with which a thread can be given more rights.)

const pieceMs = 1;
// Slow ciphers take half a millisecond for so many bytes.
const leastBytes = 256;
const mostBytes = 2 ** 18;

/** Whether anybody still waits for it. */
export type IsWanted = () => boolean;

/** What is done so. */
export type InPieces = (isWanted: IsWanted, ...values: unknown[]) => Promise<unknown>;

/** Hands over all bytes, a piece after the other. */
export async function inPieces(bytes: Uint8Array, take: (piece: Uint8Array) => void, isWanted: IsWanted) {
  let [size, rested] = [leastBytes, performance.now()];
  for (let at = 0; at < bytes.length; ) {
    const since = performance.now();
    take(bytes.subarray(at, at + size));
    at += size;
    const now = performance.now();
    size = now - since > pieceMs / 2 ? Math.max(size / 2, leastBytes) : Math.min(size * 2, mostBytes);
    if (now - rested < pieceMs) continue;
    await new Promise((goOn) => setImmediate(goOn));
    if (!isWanted()) throw new Error('Nobody waits for this any more.');
    rested = performance.now();
  }
}
