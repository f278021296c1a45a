import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { Problem } from '../errors.ts';

/** What makes a password easy to guess. `words`: nothing in particular, there is just too little of it. */
export type Weakness = 'common' | 'pattern' | 'repeat' | 'date' | 'name' | 'words';

/** `score`: from 0 (guessed at once) to 4 (not guessed offline); `isCommon`: it is one of those that are tried first. */
export type Judged = { readonly score: number; readonly weakness: Weakness; readonly isCommon: boolean };

/** Tells how easily a password is guessed (zxcvbn), without holding up anything else. */
export type PasswordStrength = {
  /**
   * @param personal what a guesser may know of the person: names, address, brand
   * @throws Problem `busy` when too many wait already, or it takes too long
   */
  judge(password: string, personal: readonly string[]): Promise<Judged>;
  close(): Promise<void>;
};

// Of a longer password just its beginning is looked at: that judges it no better than it is, and bounds the work.
const lookedAt = 48;
const mostPersonal = 30;
const mostWaiting = 100;
const patienceMs = 15_000;

const answer = z.object({ id: z.number(), score: z.number(), warning: z.string().nullable(), isCommon: z.boolean() });

// Of zxcvbn's warnings.
const weaknesses: Readonly<Record<string, Weakness>> = {
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  pwned: 'common',
  straightRow: 'pattern',
  keyPattern: 'pattern',
  sequences: 'pattern',
  simpleRepeat: 'repeat',
  extendedRepeat: 'repeat',
  recentYears: 'date',
  dates: 'date',
  namesByThemselves: 'name',
  commonNames: 'name',
  userInputs: 'name',
};

type Waiting = { readonly resolve: (judged: Judged) => void; readonly reject: (problem: Problem) => void };

/** Opens it; the thread with its dictionaries begins with the first password that is to be judged. */
export function createPasswordStrength(): PasswordStrength {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | undefined;
  let last = 0;

  function giveUp(): void {
    const gone = thread;
    thread = undefined;
    for (const { reject } of waiting.values()) reject(new Problem('busy', undefined, { retry_after: 2 }));
    waiting.clear();
    gone?.terminate().catch(() => undefined);
  }

  function begin(): Worker {
    const begun = new Worker(new URL('./password-strength-worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    begun.unref();
    begun.on('message', (message: unknown) => {
      const { id, score, warning, isCommon } = answer.parse(message);
      waiting.get(id)?.resolve({ score, weakness: weaknesses[warning ?? ''] ?? 'words', isCommon });
      waiting.delete(id);
    });
    begun.on('error', () => begun === thread && giveUp());
    return begun;
  }

  return {
    async judge(password, personal) {
      if (waiting.size >= mostWaiting) throw new Problem('busy', undefined, { retry_after: 2 });
      thread ??= begin();
      last += 1;
      const id = last;
      const { promise, resolve, reject } = Promise.withResolvers<Judged>();
      waiting.set(id, { resolve, reject });
      const known = personal.slice(0, mostPersonal).map((one) => one.slice(0, 100));
      thread.postMessage({ id, password: password.slice(0, lookedAt), personal: known });
      // One that hangs takes the thread with it: the next one begins anew.
      const timer = setTimeout(giveUp, patienceMs);
      return promise.finally(() => clearTimeout(timer));
    },
    async close() {
      const gone = thread;
      thread = undefined;
      await gone?.terminate();
    },
  };
}
