import * as limits from './limits.ts';

// As 32-bit numbers: which checkpoint is the latest, then of each of two slots the length of its text, its time in ms, and
// the sum of both and the text. Behind them stand the texts.
const heads = 1 + 2 * 3;
const headBytes = 4 * heads;

/** How far a run says that it has come; `ms`: within which time another must follow, 0 for none. */
export type Checkpoint = { readonly number: number; readonly text: string; readonly ms: number };

/** What an isolate keeps of its checkpoints in memory that both sides see: to make one wakes nobody. */
export type Progress = {
  /** For `inside.js`, which writes to it. */
  readonly shared: SharedArrayBuffer;
  /** A text that is too long for the memory came as a message. */
  hear(checkpoint: Checkpoint): void;
  /** The last one; undefined when there is none. Whatever it says: code that has broken out may have written it. */
  latest(): Checkpoint | undefined;
  /** Another run begins. */
  reset(): void;
};

export function createProgress(): Progress {
  const shared = new SharedArrayBuffer(headBytes + 2 * 2 * limits.mostNoted);
  const head = new Int32Array(shared, 0, heads);
  let heard: Checkpoint | undefined;

  /** Undefined where it is being written over: the sum tells, in whatever order a processor shows what another writes. */
  function read(number: number): Checkpoint | undefined {
    const slot = number & 1;
    const [length = 0, ms = 0, sum] = head.subarray(1 + 3 * slot, 4 + 3 * slot);
    if (length < 0 || length > limits.mostNoted) return undefined;
    const text = Buffer.from(shared, headBytes + slot * 2 * limits.mostNoted, 2 * length).toString('utf16le');
    return sum === sumOf(number, text, ms) ? { number, text, ms } : undefined;
  }

  return {
    shared,
    hear(checkpoint) {
      heard = checkpoint;
    },
    latest() {
      for (let tries = 0; tries < 10; tries += 1) {
        const number = Atomics.load(head, 0);
        if (number <= (heard?.number ?? 0)) break;
        const noted = read(number);
        if (noted) return noted;
      }
      return heard;
    },
    reset() {
      heard = undefined;
      Atomics.store(head, 0, 0);
    },
  };
}

/** As `inside.js` reckons it. */
function sumOf(number: number, text: string, ms: number): number {
  let sum = (number + ms) | 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  return sum;
}
