import { availableParallelism } from 'node:os';
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2';
import { Problem } from '../errors.ts';

/** Hashes passwords with argon2id and never lets that work take the machine away from everything else. */
export type PasswordHasher = {
  /** The PHC string to keep. Throws Problem `busy` when too many wait already. */
  hash(password: string): Promise<string>;
  /** Is it this password, and should it be hashed anew because the parameters have changed? Throws `busy`. */
  verify(hash: string, password: string): Promise<{ ok: boolean; outdated: boolean }>;
  /** The same work as `verify` for an account that does not exist or has no password. Throws `busy`. */
  dummy(password: string): Promise<void>;
  /** How many hashes were computed, run now and wait: for metrics, and for tests that count the work. */
  work(): { done: number; running: number; waiting: number };
};

// argon2id, 19 MiB, two passes, one lane (OWASP's first choice); the algorithm is the library's default.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// Of a password nobody has: what `dummy` verifies against.
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$cmVndWxhcnMtZHVtbXktMQ$VTRJwnTA6iXf6BEjA4ewfe8OhWgti1R1ZDhoOmITR7Q';

/**
 * A hasher that computes at most one hash a core at a time and lets 200 wait; whoever comes then is told to come back.
 *
 * @param limits only tests set them
 */
export function createPasswordHasher(limits: { parallel?: number; waiting?: number } = {}): PasswordHasher {
  const { parallel = availableParallelism(), waiting: mostWaiting = 200 } = limits;
  const waiting: (() => void)[] = [];
  let running = 0;
  let done = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < parallel) running += 1;
    else if (waiting.length >= mostWaiting) throw new Problem('busy', undefined, { retry_after: 2 });
    // Whoever finishes hands its place to the first that waits, so `running` stays as it is.
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await work();
    } finally {
      done += 1;
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => inTurn(() => argon2Hash(password, parameters)),
    async verify(hash, password) {
      const ok = await inTurn(() => argon2Verify(hash, password));
      return { ok, outdated: isOutdated(hash) };
    },
    async dummy(password) {
      await inTurn(() => argon2Verify(nobodysHash, password));
    },
    work: () => ({ done, running, waiting: waiting.length }),
  };
}

function isOutdated(hash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(hash);
  return (
    memoryCost !== parameters.memoryCost ||
    timeCost !== parameters.timeCost ||
    parallelism !== parameters.parallelism ||
    !hash.startsWith('$argon2id$')
  );
}
