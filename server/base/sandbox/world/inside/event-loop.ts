// Turns of the event loop: what came from outside runs, then ticks, then the engine's own queue of promise jobs.
import { host, then } from './host.ts';

/** Told of an error that nobody caught: of which scripts what went on then was first and last. */
export type UncaughtListener = (error: unknown, first?: number, last?: number, isSure?: boolean) => void;

type Tick = { run: (...values: unknown[]) => void; values: unknown[] };

let ticks: Tick[] = [];
let inTurn = false;
let drainsLater = false;
let uncaught: UncaughtListener = () => {};
let lastFailure: unknown;
// What was begun before a reset is not to come back after it.
let era = 0;

/** Says who hears of an error that nobody caught. */
export function onUncaught(listener: UncaughtListener): void {
  uncaught = listener;
  host.onUncaught((error, ...of) => {
    // A rejection comes from outside, without its cause.
    const known = error.message === 'fetch failed' ? Object.assign(error, { cause: lastFailure }) : error;
    listener(known, of[0], of[1], of[2]);
  });
}

/** Tells that nobody caught an error. */
export function tellUncaught(error: unknown): void {
  const owners = host.owners();
  uncaught(error, owners[0], owners[1], owners[2]);
}

function drainTicks(): void {
  for (let index = 0; index < ticks.length; index += 1) {
    const { run, values } = ticks[index] ?? { run: () => {}, values: [] };
    try {
      run(...values);
    } catch (error) {
      tellUncaught(error);
    }
  }
  ticks = [];
}

/** Runs something that came from outside, and then the ticks. */
export function turn(run: () => void): void {
  inTurn = true;
  try {
    run();
  } catch (error) {
    tellUncaught(error);
  }
  drainTicks();
  inTurn = false;
}

const resolved = Promise.resolve();

/** `process.nextTick` */
export function nextTick(run: (...values: unknown[]) => void, ...values: unknown[]): void {
  ticks[ticks.length] = { run, values };
  if (inTurn || drainsLater) return;
  drainsLater = true;
  then(resolved, () => {
    drainsLater = false;
    turn(() => {});
  });
}

/** `queueMicrotask` */
export function enqueueMicrotask(run: () => void): void {
  then(resolved, () => {
    try {
      run();
    } catch (error) {
      tellUncaught(error);
    }
  });
}

const { now } = Date;
const { max } = Math;
const started = now();
let loopTime = 0;

/** Milliseconds since the world began. As in Node, time stands still in one go of the code. */
export function loopNow(): number {
  if (loopTime === 0) {
    loopTime = max(1, now() - started);
    then(resolved, () => {
      loopTime = 0;
    });
  }
  return loopTime;
}

/** Runs something after some milliseconds, in a turn of its own. */
export function after(ms: number, run: () => void): void {
  const begun = era;
  then(host.wait(ms), () => {
    if (begun === era) turn(run);
  });
}

/** Hands an answer from outside on, in a turn of its own, unless all was reset meanwhile. */
export function whenDone<Value>(
  promise: Promise<Value>,
  done: (value: Value) => void,
  failed: (error: unknown) => void,
): void {
  const begun = era;
  then(
    promise,
    (value) => {
      if (begun === era) turn(() => done(value));
    },
    (error) => {
      if (begun !== era) return;
      lastFailure = error;
      turn(() => failed(error));
    },
  );
}

/** Forgets all that waits. */
export function forgetWaiting(): void {
  era += 1;
  ticks = [];
  lastFailure = undefined;
  drainsLater = false;
  loopTime = 0;
}
