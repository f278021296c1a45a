import * as limits from './limits.ts';
import type { Work, Worker } from './pool-work.ts';

/** What a process takes with nothing in it, in bytes. */
export const childBytes = 40 * 2 ** 20;
/** From so many runs on a program is one that has many. */
export const fewRuns = 8;
// Of an isolate that is only about to be made, at least; those that are there tell what theirs take.
const leastPlaceBytes = 4 * 2 ** 20;
// What a process took for isolates that are gone it still has: of those that are there none takes more than this.
const mostPlaceBytes = 1.25 * limits.memoryMb * 2 ** 20;
// Before it takes so much that it blames a run for it.
const mostOfChild = 0.75 * limits.childMemoryMb * 2 ** 20;
// Of the memory, this and a process are not for programs that have many runs: however long those wait, others begin.
const keptShare = 0.1;
const measuredMs = 20;

/** What runs take of the memory that they may have together, and what is about to be taken. */
export type Room = {
  /** Bytes. */
  taken(): number;
  /** Notes what is not measured yet. */
  reserve(bytes: number): void;
  reserveIsolate(): void;
  has(bytes: number): boolean;
  /** Is there so little left, of all or for this process, that what waits should give back what it can? */
  isShort(worker: Worker): boolean;
  /** Is there memory for one more isolate of this version, in all and in this process? */
  hasPlace(worker: Worker, version: string): boolean;
};

export function createRoom({
  workers,
  loading,
  memoryMb,
}: {
  workers: ReadonlySet<Worker>;
  /** Runs that wait for their isolate to be made. */
  loading: ReadonlySet<Work>;
  memoryMb: number;
}): Room {
  let measured = { at: 0, bytes: 0 };
  let reserved = 0;

  function taken(): number {
    const now = performance.now();
    if (now - measured.at > measuredMs) {
      measured = { at: now, bytes: [...workers].reduce((sum, { child }) => sum + child.memory(), 0) };
      reserved = loading.size * placeBytes();
    }
    return measured.bytes + reserved;
  }

  /** What one more isolate will take: as much as those that are there. */
  function placeBytes(): number {
    let places = 0;
    for (const { works, warm } of workers) {
      places += works.size;
      for (const idle of warm.values()) places += idle;
    }
    const each = places === 0 ? 0 : (measured.bytes - workers.size * childBytes) / places;
    return Math.min(Math.max(leastPlaceBytes, each), mostPlaceBytes);
  }

  const has = (bytes: number): boolean => taken() + bytes <= memoryMb * 2 ** 20;

  return {
    taken,
    has,
    reserve(bytes) {
      reserved += bytes;
    },
    reserveIsolate() {
      reserved += placeBytes();
    },
    isShort: ({ child }) => taken() > (memoryMb * 2 ** 20) / 2 || child.memory() > mostOfChild / 2,
    hasPlace({ child, works }, version) {
      let [running, ofVersion, ofChild] = [0, 0, 1];
      for (const { works: own } of workers) {
        running += own.size;
        for (const { run } of own.values()) if (run.program.version === version) ofVersion += 1;
      }
      // Nothing ends for which one could wait: what is taken is left over, and used again.
      if (running === 0) return true;
      for (const work of works.values()) if (loading.has(work)) ofChild += 1;
      const bytes = placeBytes();
      const kept = ofVersion < fewRuns ? 0 : memoryMb * 2 ** 20 * keptShare + childBytes;
      if (!has(bytes + kept)) return false;
      return works.size === 0 || child.memory() + ofChild * bytes <= mostOfChild;
    },
  };
}
