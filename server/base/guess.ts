import {
  type Counter,
  type CounterState,
  countFailures,
  giveBackPart,
  giveTriesBack,
  readCounters,
  takeTries,
  type Unfailed,
} from './attempts.ts';
import { now } from './clock.ts';
import type { Vault } from './crypto.ts';
import { type Db, transact } from './db.ts';
import { Problem } from './errors.ts';
import { ipPrefix } from './ip-prefix.ts';
import type { Part } from './statement.ts';

// Guessing at secrets, whoever's they are: customers' and staff's doors count wrong ones in the same way, and those of
// one place together.

/** How many tries there are, and for how long the door is shut then. */
export type Limit = Omit<Counter, 'scope' | 'key' | 'hint' | 'ip'>;

const day = 86_400;
/** Wrong secrets of anybody from one place. */
export const limitOfPlace: Limit = { most: 100, windowSeconds: day, isGuess: true };

/** Nothing that is counted is readable in the table: `what` is kept as a keyed hash. */
export function counterOf(
  vault: Vault,
  scope: string,
  what: readonly string[],
  limit: Limit,
  more: { hint?: string; ip?: string } = {},
): Counter {
  return { scope, key: vault.keyedHash('attempts', JSON.stringify([scope, ...what])), ...limit, ...more };
}

/** The counter of wrong secrets from the place of this address. */
export function placeCounter(vault: Vault, ip: string): Counter {
  return counterOf(vault, 'ip_failures', [ipPrefix(ip)], limitOfPlace, { ip });
}

/**
 * Takes one try of each counter, or of none.
 *
 * @param advice what to do about the limit of a scope, where the general sentence would mislead
 * @throws Problem too_many_attempts (extra: limit, remaining, reset in unix seconds, reason `limit_<scope>`) when a limit is reached; busy when
 *   it only would be if everything that is being checked right now failed
 */
export async function takeAll(
  db: Db,
  counters: readonly Counter[],
  advice: Readonly<Record<string, string>>,
): Promise<CounterState[]> {
  const at = now();
  const states = await takeTries(db, counters, at);
  const granted = states.filter((state) => state !== undefined);
  if (granted.length === counters.length) return granted;
  await giveTriesBack(
    db,
    counters.filter((_, place) => states[place]),
  );
  const refused = counters.filter((_, place) => !states[place]);
  const reached = await readCounters(db, refused);
  for (const [place, { scope, most, isGuess }] of refused.entries()) {
    const state = reached[place];
    if (!state || (isGuess && state.failed < most)) continue;
    const reset = Math.ceil(state.reset.getTime() / 1000);
    throw new Problem('too_many_attempts', advice[scope], {
      limit: most,
      remaining: 0,
      reset,
      reason: `limit_${scope}`,
    });
  }
  throw new Problem('busy', undefined, { retry_after: 1 });
}

/**
 * What came of a guess: a value when it was right, with the tries that it took where they are to be kept; how many are
 * left when it was wrong.
 */
export type Guess<T> =
  | { right: true; value: T; tries?: KeptTries | undefined }
  | { right: false; limit: number; remaining: number; reset: number };

/** Tries of a right guess, to be given back once: as a part of what is written because it was right, or by themselves. */
export class KeptTries {
  readonly #db: Db;
  readonly #counters: readonly Unfailed[];
  #areKept = true;

  constructor(db: Db, counters: readonly Unfailed[]) {
    this.#db = db;
    this.#counters = counters;
  }

  /** For a write outside of a transaction. When its connection is lost they count as given back: none is given twice. */
  parts(): Part[] {
    if (!this.#areKept) return [];
    const told = (how: 'sent' | 'undone') => {
      this.#areKept = how === 'undone';
    };
    return [{ ...giveBackPart(this.#counters), told }];
  }

  /** Gives them back now, unless they were. */
  async giveBack(): Promise<void> {
    if (!this.#areKept) return;
    this.#areKept = false;
    await giveTriesBack(this.#db, this.#counters);
  }
}

/** Whose guesses are counted: of who and place together, of the place, and what else limits them. */
export type GuessLimits = {
  readonly pair: Counter;
  readonly place: Counter;
  readonly more?: readonly Counter[];
  readonly advice: Readonly<Record<string, string>>;
};

/**
 * Runs one check of a guessed secret under its limits. The try is taken before the check runs, so that of fifty at once
 * no more than there are tries are checked; it is given back when the secret was right or the check could not run.
 *
 * @param check undefined: wrong
 * @param then `forgives`: whether a right secret lets the failures before it be forgotten; `failed`: what is written
 *   with a failure. `reached` is true for the failure that shuts a door. `keeps`: the tries of a right secret are handed
 *   back, and the caller gives them back
 * @throws Problem too_many_attempts (extra: limit, remaining, reset), busy, and what `check` throws
 */
export async function guessUnder<T>(
  db: Db,
  { pair, place, more = [], advice }: GuessLimits,
  check: () => Promise<T | undefined>,
  then: {
    forgives(value: T): boolean;
    keeps?: boolean | undefined;
    failed(tx: Db, reached: (counter: Counter) => boolean, at: Date): Promise<void>;
  },
): Promise<Guess<T>> {
  const others = [place, ...more];
  await takeAll(db, [...others, pair], advice);
  let value: T | undefined;
  try {
    value = await check();
  } catch (error) {
    await giveTriesBack(db, [...others, pair]);
    throw error;
  }
  if (value !== undefined) {
    const tries = new KeptTries(db, [...others, { ...pair, forgive: then.forgives(value) }]);
    if (then.keeps) return { right: true, value, tries };
    await tries.giveBack();
    return { right: true, value };
  }
  const state = await transact(db, async (tx) => {
    const at = now();
    const counted = [place, pair, ...more];
    const states = await countFailures(tx, counted, at);
    await then.failed(tx, (counter) => states[counted.indexOf(counter)]?.failed === counter.most, at);
    return states[1];
  });
  return {
    right: false,
    limit: pair.most,
    remaining: Math.max(0, pair.most - (state?.failed ?? pair.most)),
    reset: Math.ceil((state?.reset ?? now()).getTime() / 1000),
  };
}
