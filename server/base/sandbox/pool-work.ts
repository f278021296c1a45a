import type { Child } from './child-process.ts';
import type { Ended } from './messages.ts';
import { packagesOf, type Run } from './run.ts';

/** A run, on its way. */
export type Work = {
  readonly run: Run;
  readonly id: number;
  readonly input: string;
  readonly since: number;
  /** Of its calls, from the first one on; most runs make none. */
  calls?: { readonly key: string; readonly abort: AbortController; count: number; open: number } | undefined;
  readonly end: (ended: Ended) => void;
  worker?: Worker | undefined;
  checkpoint?: string | undefined;
  /** Was in a child that died. */
  again: boolean;
  /** May have been what killed it: it is run in a child of its own. */
  apart: boolean;
};

/** A process, and what it does. */
export type Worker = {
  readonly child: Child;
  readonly works: Map<number, Work>;
  /** Idle isolates by version, as far as one knows here. */
  readonly warm: Map<string, number>;
  /** The version of which one isolate more is being made. */
  ahead?: string | undefined;
  /** Runs that were given up here, and of which the child has not said the end. */
  readonly overdue: Map<number, NodeJS.Timeout>;
  readonly ended: Promise<void>;
  readonly end: () => void;
  emptySince: number;
  /** Nothing ran in it, nor elsewhere while it was the spare one. */
  unneededSince: number;
  /** When a run was last ended in it by force: its thread may go on. */
  forcedAt: number;
  /** When it was known that a thread of it is lost. */
  lostAt?: number | undefined;
  /** How often it was asked whether it is there since it was heard last. */
  unheard: number;
};

/** How many isolates it holds, as far as one knows here. */
export function placesOf({ works, warm }: Worker): number {
  let places = works.size;
  for (const idle of warm.values()) places += idle;
  return places;
}

/** How many of its runs do not wait for an answer of the server. */
export function loadOf({ works }: Worker): number {
  let load = 0;
  for (const { calls } of works.values()) if (!calls?.open) load += 1;
  return load;
}

/** What a run is told that was not done in time. */
export function lateText({ run }: Work): string {
  return `The code was not done within ${timeText(run.deadlineMs)}.`;
}

// Characters. About six million fill an isolate when all of the packages are loaded.
const muchCode = 3e6;

/** How a run ended; of one that wanted too much memory it is told when packages are a likely cause. */
export function withLikelyCause(ended: Ended, { run }: Work): Ended {
  if (!('failure' in ended) || ended.failure.kind !== 'memory') return ended;
  const { count, characters } = packagesOf(run.program.files);
  if (characters <= muchCode) return ended;
  const message = `${ended.failure.message} The scripts that run together ask for ${count} packages with ${(characters / 1e6).toFixed(1)} MB of code, which may be why: let fewer be asked for, or switch on fewer of the scripts.`;
  return { ...ended, failure: { ...ended.failure, message } };
}

/** A time as one says it: `300 ms`, `20 s`. */
export function timeText(ms: number): string {
  return ms < 950 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
