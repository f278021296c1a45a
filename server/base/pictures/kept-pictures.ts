import { now } from '../clock.ts';
import type { Picture } from './picture.ts';

type Kept = { readonly picture: Picture | undefined; readonly until: number };

const keptMs = 3_600_000;
const failedMs = 5 * 60_000;
const mostBytes = 8 * 2 ** 20;
const mostEntries = 5000;

/** Pictures by where they are from, for an hour; that one could not be had, for five minutes. 8 MB of them, the last used. */
export class KeptPictures {
  readonly #entries = new Map<string, Kept>();
  #bytes = 0;

  /** Bytes of all that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is known of this key: a picture, that there is none (`picture` is undefined), or nothing. */
  get(key: string): { readonly picture: Picture | undefined } | undefined {
    const kept = this.#entries.get(key);
    if (!kept) return undefined;
    this.#drop(key);
    if (kept.until <= now().getTime()) return undefined;
    // Behind those that were used before.
    this.#put(key, kept);
    return kept;
  }

  set(key: string, picture: Picture | undefined): void {
    this.#drop(key);
    this.#put(key, { picture, until: now().getTime() + (picture ? keptMs : failedMs) });
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= mostBytes && this.#entries.size <= mostEntries) break;
      this.#drop(oldest);
    }
  }

  #put(key: string, kept: Kept): void {
    this.#entries.set(key, kept);
    this.#bytes += sizeOf(key, kept);
  }

  #drop(key: string): void {
    const kept = this.#entries.get(key);
    if (kept && this.#entries.delete(key)) this.#bytes -= sizeOf(key, kept);
  }
}

function sizeOf(key: string, { picture }: Kept): number {
  return key.length + (picture?.bytes.length ?? 0);
}
