import { readFileSync } from 'node:fs';
import ivm from 'isolated-vm';
import type { FromChild } from './from-child.ts';
import * as limits from './limits.ts';
import type { ConsoleLine, ProgramFile, ToChild } from './messages.ts';
import { callNative, isHeavy, slowNames } from './natives.ts';
import { createProgress } from './progress.ts';
import { packagesOf } from './run.ts';
import { createSlowJobs } from './slow-jobs.ts';

type RunFailure = NonNullable<Extract<FromChild, { kind: 'ended' }>['failure']>;

export type PlaceEnded = {
  readonly output?: string;
  readonly failure?: RunFailure | undefined;
  readonly checkpoint?: string | undefined;
  readonly console: ConsoleLine[];
  readonly cpuMs: number;
};

export type Call = (call: number, name: string, argument: string, checkpoint: string | undefined) => void;

/** One isolate with a program in it; it runs one thing at a time. */
export type Place = {
  run(input: string, deadlineMs: number, call: Call): Promise<PlaceEnded>;
  answer(answer: Extract<ToChild, { kind: 'answer' | 'refusal' }>, value: string): void;
  /** Whether its code is running, or has run since it was asked last, and does not just wait for an answer. */
  isBusy(): boolean;
  /** Whether its run has waited for long, and has more memory than waiting takes. */
  isSlack(now: number): boolean;
  /** Gives that back, once in a while. */
  compact(): Promise<void>;
  /** Whether V8 has given it up, for its memory. */
  isGone(): boolean;
  /** Counts processor time for the run: what V8 tells, at most `mostMs` since it was asked last. All of it, in ms. */
  spend(mostMs: number): number;
  /** Ends the run if what its last checkpoint told to begin has not ended in time. */
  endLate(now: number): void;
  /** Ends the run at once, wherever it is. */
  stop(failure: RunFailure): void;
  /** Whether the next run may have it: nothing goes on in it any more, all is as it was before foreign code ran. */
  settle(): Promise<boolean>;
  /** Lets go of it. False: a thread is still held by it, and V8 gives no way to end that. */
  dispose(): Promise<boolean>;
};

const inside = `'use strict';${readFileSync(new URL('inside.js', import.meta.url), 'utf8')}`;
const settleMs = 1000;
// To look at all the intrinsics takes as long as many runs.
const lookMs = 100;
const goneMs = 250;
const slackMs = 200;
const strayMs = 10;
const compactMs = 250;
// Its time counts as the code's: else what goes on meanwhile would not.
const restMs = 5000;
// Code that is late by its own timer tells so itself.
const graceMs = 100;
// Within how much time is known to who asked for the run.
const tooLate: RunFailure = { kind: 'deadline', message: '' };
/** What a run is told that wanted more memory than it may. */
export const tooMuchMemory: RunFailure = {
  kind: 'memory',
  message: `The code wanted more than ${limits.memoryMb} MB of memory.`,
};
/** What one is told that used more processor time than it may. */
export const tooMuchCpu: RunFailure = {
  kind: 'cpu',
  message: `The code used more than ${limits.cpuMs} ms of processor time.`,
};

/** The files of a program did not come to their end. */
export class NotLoaded extends Error {
  readonly failure: RunFailure;

  constructor(failure: RunFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Compiled code of program files by their text. Made by V8 in this process, and never told to another. */
export type Compiled = Map<string, ivm.ExternalCopy<ArrayBuffer>>;

export type Plan = {
  readonly files: readonly ProgramFile[];
  readonly compiled: Compiled;
  readonly deadlineMs: number;
  /** Called when V8 has lost the isolate: the process must end soon. */
  readonly lost: () => void;
};

/**
 * Makes an isolate and runs the program's files in it. They find `$host`, to be taken by the first of them and hidden
 * from all that is not ours:
 * - `call(name, json)`: Promise of JSON; rejects with the server's refusal
 * - `log(level, text)`, `mark(script)`: whose the lines behind it are
 * - `checkpoint(json, ms)`: how far the run has come; the last one is told if it fails. `ms`: it fails if there is no
 *   other, and no end, within this time
 * - `wait(ms)`: Promise
 * - `native(name, ...values)`: what Node itself does for the code (`natives.ts`); its time counts as that of the code. What
 *   takes long is done on another thread, or in pieces, and the code of others goes on
 * - `later(name, values)`: the same, while this code goes on, too; Promise of a number with which `told` has its outcome
 * - `mend()`: puts back the intrinsics and globals that foreign code has changed since the files ran; their names
 * - `guard(value, name)`: has `mend` put back what is changed of this value, and of what its instances inherit, too; as it
 *   is now, or when the files have run
 * - `adopt(load)`: calls it, and has what it changes stay
 *
 * @throws NotLoaded when the files throw, or take too long or too much
 */
export async function createPlace(plan: Plan): Promise<Place> {
  const packagesMb = (packagesOf(plan.files).characters * limits.packageShare) / 2 ** 20;
  const memoryLimit = limits.memoryMb + Math.ceil(packagesMb);
  const isolate = new ivm.Isolate({ memoryLimit, onCatastrophicError: plan.lost });
  let lines: ConsoleLine[] = [];
  const progress = createProgress();
  let send: Call = () => {};
  let end: (ended: { output: string } | { failure: RunFailure }) => void = () => {};
  let timers = new Set<NodeJS.Timeout>();
  let entered = 0;
  let number = 0;
  let leftAt = Number.NEGATIVE_INFINITY;
  let compactedAt = Number.NEGATIVE_INFINITY;
  let cpuBefore = 0n;
  let nativeMs = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isSpoilt = false;
  let [spent, counted] = [0, 0];
  // The last checkpoint that was seen, and when what it told to begin is late.
  let [seen, until] = [0, Number.POSITIVE_INFINITY];

  // The isolate checks all of this too; what it does not send costs nothing.
  function hear(kind: string, id: number, first: string, second: string): void {
    if (kind === 'log') {
      if (lines.length <= limits.mostLines) lines.push({ level: levelOf(first), text: second });
    } else if (kind === 'checkpoint') progress.hear({ number: id, text: first, ms: Number(second) });
    else if (kind === 'call') send(id, first, second, progress.latest()?.text);
    else if (kind === 'wait') wait(id, Number(second));
    else if (kind === 'failed') end({ failure: { kind: 'error', message: first, stack: second } });
    else if (kind === 'wrong') end({ failure: { kind: 'output', message: wrongOutput(first) } });
    else isSpoilt = true;
  }

  const jobs = createSlowJobs((ms) => {
    nativeMs += ms;
  });

  /** Undefined: it is to be asked for as what takes long. */
  function doNative(...values: [unknown, ...unknown[]]): unknown {
    if (isHeavy(...values)) return undefined;
    const since = performance.now();
    const answer = callNative(...values);
    nativeMs += performance.now() - since;
    return answer;
  }

  function wait(id: number, ms: number): void {
    const own = timers;
    const timer = setTimeout(
      () => {
        own.delete(timer);
        if (own === timers) void enter('answer', id, '');
      },
      Math.min(Math.max(ms || 0, 1), 60_000),
    );
    own.add(timer);
  }

  function doLater(id: number, name: string, values: unknown): void {
    jobs.begin(id, String(name), Array.isArray(values) ? values : [], () => void enter('answer', id, String(id)));
  }

  const context = await isolate.createContext();
  const entry: ivm.Reference<(...args: (string | number)[]) => unknown> = await context.evalClosure(
    inside,
    [
      new ivm.Callback(hear, { ignored: true }),
      { ...limits },
      new ivm.Callback(doNative),
      new ivm.Callback(doLater),
      new ivm.Callback(jobs.take),
      new ivm.Reference((name: string, ...values: unknown[]) => jobs.now(name, values)),
      [...slowNames],
      progress.shared,
    ],
    { arguments: { copy: true }, result: { reference: true }, filename: 'regulars:inside' },
  );

  /**
   * Both are queued at once: one way into the isolate's thread, and one back when nothing goes on in it any more. The first
   * is rejected with what a promise was rejected with that had no handler by then, which is when Node looks, too; of
   * several with that of the first.
   */
  async function enter(kind: string, ...values: readonly (string | number)[]): Promise<void> {
    if (isolate.isDisposed) return;
    entered += 1;
    number += 1;
    const during = number;
    const run = timers;
    let uncaught: readonly string[] | undefined;
    try {
      entry.apply(undefined, [kind, during, ...values]).catch((error: unknown) => {
        uncaught = isolate.isDisposed ? undefined : rejectionOf(error);
      });
      const output = await entry.apply(undefined, ['leave']);
      if (uncaught && run === timers) await enter('uncaught', ...uncaught, during);
      if (typeof output === 'string') end({ output });
    } catch (error) {
      const message = `The code left something that cannot be put back: ${error}`.slice(0, limits.mostMessage);
      end({ failure: isolate.isDisposed ? tooMuchMemory : { kind: 'error', message } });
    } finally {
      entered -= 1;
      leftAt = performance.now();
    }
  }

  async function look(): Promise<boolean> {
    entered += 1;
    try {
      return (await entry.apply(undefined, ['look'])) === true;
    } catch {
      return false;
    } finally {
      entered -= 1;
    }
  }

  const loading = load(isolate, context, plan).then(async () => {
    if ((await entry.apply(undefined, ['ready'])) !== true) throw new Error('The program leaves no function `main`.');
  });
  const failure = await loadFailure(isolate, loading, plan);
  if (failure) {
    if (!isolate.isDisposed) isolate.dispose();
    if (!(await within(goneMs, isOver(loading)))) plan.lost();
    throw new NotLoaded(failure);
  }

  const cpuMs = () =>
    isolate.isDisposed ? 0 : Number(isolate.cpuTime - cpuBefore) / 1e6 + nativeMs + (jobs.workingMs() ?? 0);

  async function compact(): Promise<void> {
    compactedAt = performance.now();
    if (isolate.isDisposed) return;
    entered += 1;
    try {
      await entry.apply(undefined, ['compact']);
    } catch {
      // It was ended meanwhile, or held up.
    } finally {
      entered -= 1;
    }
  }

  function stop(failure: RunFailure): void {
    end({ failure });
    jobs.forget();
    if (!isolate.isDisposed) isolate.dispose();
  }

  return {
    isGone: () => isolate.isDisposed,
    isSlack: (now) =>
      entered === 0 &&
      leftAt > compactedAt &&
      now - Math.max(leftAt, compactedAt + restMs) > slackMs &&
      jobs.workingMs() === undefined,
    compact: () => within(compactMs, compact()),
    // What a `FinalizationRegistry` calls goes on while the code waits for an answer.
    isBusy: () => entered > 0 || jobs.workingMs() !== undefined || cpuMs() - counted > strayMs,
    spend(mostMs) {
      const now = cpuMs();
      spent += Math.min(now - counted, mostMs);
      counted = now;
      return spent;
    },
    endLate(now) {
      const { number = 0, ms = 0 } = progress.latest() ?? {};
      // Of one that is being written over nothing can be read: the next look tells.
      if (number < seen) return;
      if (number > seen) until = ms > 0 ? now + ms + graceMs : Number.POSITIVE_INFINITY;
      seen = number;
      if (now > until) stop({ kind: 'deadline', message: `It was not done within ${ms} ms.` });
    },
    async run(input, deadlineMs, call) {
      [lines, send, timers] = [[], call, new Set()];
      progress.reset();
      [seen, until] = [0, Number.POSITIVE_INFINITY];
      cpuBefore = isolate.cpuTime;
      [nativeMs, spent, counted] = [0, 0, 0];
      jobs.forget();
      let cpu = 0;
      const { promise, resolve } = Promise.withResolvers<{ output: string } | { failure: RunFailure }>();
      end = (ended) => {
        cpu = cpuMs();
        end = () => {};
        resolve(ended);
      };
      const watch = setTimeout(() => stop(tooLate), deadlineMs);
      number = 0;
      void enter('run', input);
      const ended = await promise;
      clearTimeout(watch);
      for (const timer of timers) clearTimeout(timer);
      jobs.forget();
      [timers, send] = [new Set(), () => {}];
      const checkpoint = 'failure' in ended ? progress.latest()?.text : undefined;
      return { ...ended, console: lines, checkpoint, cpuMs: cpu };
    },
    answer(answer, value) {
      if (answer.kind === 'answer') void enter('answer', answer.call, value);
      else void enter('refusal', answer.call, answer.message, answer.code ?? '');
    },
    stop,
    async settle() {
      const now = performance.now();
      if (isSpoilt || isolate.isDisposed) return false;
      if (now - lookedAt < lookMs) return true;
      lookedAt = now;
      return (await within(settleMs, look())) === true;
    },
    async dispose() {
      if (!isolate.isDisposed) isolate.dispose();
      for (let waited = 0; entered > 0 && waited < goneMs; waited += 10) await pause(10);
      return entered === 0;
    },
  };
}

/** Name, message and stack: what the isolate's thread could tell of it, which may be anything. */
function rejectionOf(error: unknown): readonly string[] {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const isNone = message.startsWith('An object was thrown from supplied code');
  const told = isNone ? 'A promise was rejected with an object that is no error.' : message;
  return [name.slice(0, 100), told.slice(0, limits.mostMessage), stack.slice(0, limits.mostStack)];
}

async function load(isolate: ivm.Isolate, context: ivm.Context, { files, compiled }: Plan): Promise<void> {
  for (const { name, source } of files) {
    const cachedData = compiled.get(source);
    const script: ivm.Script & { cachedData?: ivm.ExternalCopy<ArrayBuffer> } = await isolate.compileScript(source, {
      filename: name,
      ...(cachedData ? { cachedData } : { produceCachedData: true }),
    });
    if (!cachedData && script.cachedData) compiled.set(source, script.cachedData);
    await script.run(context);
  }
}

/** Waits until the files have run, as long as they may take; undefined when all is well. */
async function loadFailure(isolate: ivm.Isolate, loading: Promise<void>, { deadlineMs }: Plan) {
  const { promise, resolve } = Promise.withResolvers<RunFailure>();
  const late = setTimeout(() => resolve(tooLate), deadlineMs);
  const before = process.cpuUsage();
  const watch = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    const ofProcess = (user + system) / 1000;
    if (!isolate.isDisposed && Math.min(Number(isolate.cpuTime) / 1e6, ofProcess) > limits.cpuMs) resolve(tooMuchCpu);
  }, 50);
  const ended = loading.then(
    () => undefined,
    (error: unknown): RunFailure => {
      if (isolate.isDisposed) return tooMuchMemory;
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'error', message: message.slice(0, limits.mostMessage), stack: stack?.slice(0, limits.mostStack) };
    },
  );
  return Promise.race([ended, promise]).finally(() => {
    clearTimeout(late);
    clearInterval(watch);
  });
}

function isOver(work: Promise<unknown>): Promise<true> {
  return work.then(
    () => true,
    () => true,
  );
}

function levelOf(text: string): ConsoleLine['level'] {
  return text === 'debug' || text === 'info' || text === 'warn' || text === 'error' ? text : 'log';
}

function wrongOutput(why: string): string {
  if (why === 'large') return `The output has more than ${limits.mostOutput} characters.`;
  return 'The code returned nothing.';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
