import * as limits from './limits.ts';
import { placesOf, type Work, type Worker } from './pool-work.ts';

/** What a process takes with nothing in it, in bytes. */
export const childBytes = 40 * 2 ** 20;
/** From so many runs on a program is one that has many. */
export const fewRuns = 8;
// Of an isolate that is only about to be made, at least; those that are there tell what theirs take.
const leastPlaceBytes = 4 * 2 ** 20;
// What a process took for isolates that are gone it still has: of those that are there none takes more than this, but for
// what large packages take.
const mostPlaceBytes = 1.25 * limits.memoryMb * 2 ** 20;
/** Bytes of a process: with more it would blame a run for what those before it have left. */
export const mostOfChild = 0.75 * limits.childMemoryMb * 2 ** 20;
// Of the memory, this and a process are not for programs that have many runs: however long those wait, others begin.
const keptShare = 0.1;
// So many programs more begin, before an isolate is made that nobody wants yet.
const sparePlaces = 5;
const measuredMs = 20;

/** What runs take of the memory that they may have together, and what is about to be taken. */
export type Room = {
  /** Bytes. */
  taken(): number;
  /** Notes what is not measured yet. */
  reserve(bytes: number): void;
  reserveIsolate(): void;
  has(bytes: number): boolean;
  /** Is there none for one more isolate? */
  isFull(): boolean;
  /** Is there so little left, of all or for this process, that what waits should give back what it can? */
  isShort(worker: Worker): boolean;
  /** Is there memory for one more isolate of this version, in all and in this process? */
  hasPlace(worker: Worker, version: string): boolean;
  /** Is there so much that an isolate may be made in it before a run wants it? */
  hasSpare(worker: Worker): boolean;
  /** How many runs of this version have a place. */
  runsOf(version: string): number;
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
    for (const worker of workers) places += placesOf(worker);
    const each = places === 0 ? 0 : (measured.bytes - workers.size * childBytes) / places;
    return Math.min(Math.max(leastPlaceBytes, each), mostPlaceBytes);
  }

  function runsOf(version: string): number {
    let runs = 0;
    for (const { works } of workers)
      for (const { run } of works.values()) if (run.program.version === version) runs += 1;
    return runs;
  }

  /** Has this process memory for one more isolate, beside those that are being made? */
  function fits({ child, works }: Worker, bytes: number): boolean {
    let making = 1;
    for (const work of works.values()) if (loading.has(work)) making += 1;
    return child.memory() + making * bytes <= mostOfChild;
  }

  const kept = memoryMb * 2 ** 20 * keptShare + childBytes;
  const has = (bytes: number): boolean => taken() + bytes <= memoryMb * 2 ** 20;

  return {
    taken,
    has,
    isFull: () => !has(placeBytes()),
    reserve(bytes) {
      reserved += bytes;
    },
    reserveIsolate() {
      reserved += placeBytes();
    },
    isShort: ({ child }) => taken() > (memoryMb * 2 ** 20) / 2 || child.memory() > mostOfChild / 2,
    runsOf,
    hasPlace(worker, version) {
      // Nothing ends for which one could wait: what is taken is left over, and used again.
      if ([...workers].every(({ works }) => works.size === 0)) return true;
      const bytes = placeBytes();
      if (!has(bytes + (runsOf(version) < fewRuns ? 0 : kept))) return false;
      return worker.works.size === 0 || fits(worker, bytes);
    },
    hasSpare(worker) {
      const bytes = placeBytes();
      return has(sparePlaces * bytes + kept) && fits(worker, bytes);
    },
  };
}
