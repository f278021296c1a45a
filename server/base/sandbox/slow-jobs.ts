import { callSlowNative, type Told } from './natives.ts';

// Node has four threads for such work; one stays for the rest.
const mostAtOnce = 3;
/** What one run may have in hand. */
const mostOfOne = 100;

let running = 0;
const waiting: (() => void)[] = [];

/** What Node does for the code of one place on other threads: one thing after the other, so that all come to their turn. */
export type SlowJobs = {
  /** Begins something; `done` is called when `take` has its outcome, unless all was forgotten meanwhile. */
  begin(id: number, name: string, values: readonly unknown[], done: () => void): void;
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
  let workingSince: number | undefined;

  async function run(id: number, name: string, values: readonly unknown[], done: () => void, own: typeof outcomes) {
    if (own !== outcomes) return;
    await myTurn();
    const since = performance.now();
    try {
      // Whoever asked may be gone by now.
      if (own !== outcomes) return;
      workingSince = since;
      const told = await callSlowNative(name, ...values);
      if (own !== outcomes) return;
      workingSince = undefined;
      spent(performance.now() - since);
      inHand -= 1;
      own.set(id, told);
      done();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return {
    begin(id, name, values, done) {
      const own = outcomes;
      inHand += 1;
      if (inHand > mostOfOne)
        throw new RangeError(`Code of rules and actions has ${mostOfOne} such jobs in hand at most.`);
      last = last.then(() => run(id, name, values, done, own));
    },
    take(id) {
      const told = outcomes.get(id);
      outcomes.delete(id);
      if (!told) throw new Error('There is no such job.');
      return told;
    },
    workingMs: () => workingSince && performance.now() - workingSince,
    forget() {
      outcomes = new Map();
      last = Promise.resolve();
      inHand = 0;
      workingSince = undefined;
    },
  };
}

async function myTurn(): Promise<void> {
  if (running >= mostAtOnce) await new Promise<void>((begin) => waiting.push(begin));
  running += 1;
}
