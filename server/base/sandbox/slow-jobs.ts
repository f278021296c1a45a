import { callSlowNative, type Told } from './natives.ts';

// Node has four threads for such work; one stays for the rest.
const mostAtOnce = 3;
/** What one run may have in hand. */
const mostOfOne = 100;

let running = 0;
const waiting: (() => void)[] = [];
/** What is still being done for code that is gone, and since when it is. */
const left = new Map<object, number>();

/** Milliseconds for which something is being done that nobody waits for any more, and that is in the way of others. */
export function leftBehindMs(): number {
  return left.size === 0 ? 0 : performance.now() - Math.min(...left.values());
}

/** What Node does for the code of one place on other threads, or in pieces: one thing after the other, so that all come to their turn. */
export type SlowJobs = {
  /** Begins something; `done` is called when `take` has its outcome, unless all was forgotten meanwhile. */
  begin(id: number, name: string, values: readonly unknown[], done: () => void): void;
  /**
   * Does something for which the code stands still; comes back when all is forgotten, at the latest.
   *
   * @returns a number for `take`
   */
  now(name: string, values: readonly unknown[]): Promise<number>;
  /** The outcome, once. */
  take(id: number): Told;
  /** Milliseconds of what is being done now; undefined: nothing is. */
  workingMs(): number | undefined;
  /** Nothing that was begun comes back, and what has not begun never does. */
  forget(): void;
};

/** @param spent is told the milliseconds of each */
export function createSlowJobs(spent: (ms: number) => void): SlowJobs {
  let outcomes = new Map<number, Told>();
  let last: Promise<void> = Promise.resolve();
  let inHand = 0;
  /** When each of those was begun that are being done. */
  let working = new Set<{ readonly since: number }>();
  let forgotten = Promise.withResolvers<undefined>();
  // Numbers of those that the code did not number itself.
  let lastNumber = 0;

  /** The outcome; undefined: all was forgotten meanwhile. */
  async function work(name: string, values: readonly unknown[], own: typeof outcomes): Promise<Told | undefined> {
    if (own !== outcomes) return undefined;
    await myTurn();
    const one = { since: performance.now() };
    try {
      // Whoever asked may be gone by now.
      if (own !== outcomes) return undefined;
      working.add(one);
      const told = await callSlowNative(() => own === outcomes, name, values);
      if (own !== outcomes) return undefined;
      working.delete(one);
      spent(performance.now() - one.since);
      return told;
    } finally {
      left.delete(one);
      running -= 1;
      waiting.shift()?.();
    }
  }

  async function run(id: number, name: string, values: readonly unknown[], done: () => void, own: typeof outcomes) {
    const told = await work(name, values, own);
    if (!told) return;
    inHand -= 1;
    own.set(id, told);
    done();
  }

  return {
    begin(id, name, values, done) {
      const own = outcomes;
      inHand += 1;
      if (inHand > mostOfOne)
        throw new RangeError(`Code of rules and actions has ${mostOfOne} such jobs in hand at most.`);
      last = last.then(() => run(id, name, values, done, own));
    },
    async now(name, values) {
      const own = outcomes;
      const told = await Promise.race([work(name, values, own), forgotten.promise]);
      lastNumber -= 1;
      if (told) own.set(lastNumber, told);
      return lastNumber;
    },
    take(id) {
      const told = outcomes.get(id);
      outcomes.delete(id);
      if (!told) throw new Error('There is no such job.');
      return told;
    },
    workingMs() {
      const now = performance.now();
      return working.size === 0 ? undefined : [...working].reduce((sum, { since }) => sum + now - since, 0);
    },
    forget() {
      forgotten.resolve(undefined);
      forgotten = Promise.withResolvers();
      outcomes = new Map();
      last = Promise.resolve();
      inHand = 0;
      for (const one of working) left.set(one, performance.now());
      working = new Set();
    },
  };
}

async function myTurn(): Promise<void> {
  if (running >= mostAtOnce) await new Promise<void>((begin) => waiting.push(begin));
  running += 1;
}
