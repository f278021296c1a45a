import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { type Guess, guessUnder } from '../../base/guess.ts';
import { addJob } from '../../base/jobs.ts';
import { appendTimeline } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { advice, factorCounter, type Guessed, guessCounters } from './limits.ts';
import { happened, nobody } from './timeline-names.ts';

/** Which step is guessed at: what opens the account, or the second factor behind it. */
export type GuessStep = 'first' | 'factor';

/**
 * Runs one check of a guessed secret under the limits. The try is taken before the check runs, so that of fifty at once
 * no more than ten are checked; it is given back when the secret was right or the check could not run.
 *
 * @param check undefined: wrong
 * @param options `step`: wrong second factors of a customer are counted by themselves, too, and forgiven by no right
 *   one; `forgives`: false when a right secret is not the whole of the sign-in, so that the failures before it stay;
 *   `keeps`: the try of a right one is handed back, and the caller gives it back
 * @throws Problem too_many_attempts (extra: limit, remaining, reset), busy, and what `check` throws
 */
export async function guess<T>(
  base: Pick<Base, 'db' | 'vault'>,
  who: Guessed,
  asked: Asked,
  check: () => Promise<T | undefined>,
  options: {
    step?: GuessStep | undefined;
    forgives?: ((value: T) => boolean) | undefined;
    keeps?: boolean | undefined;
  } = {},
): Promise<Guess<T>> {
  const { step = 'first', forgives = () => true, keeps } = options;
  const [pair, place] = guessCounters(base, who, asked.ip);
  const factor = step === 'factor' && 'customer' in who ? factorCounter(base, who.customer) : undefined;
  const limits = { pair, place, more: factor ? [factor] : [], advice };
  return guessUnder(base.db, limits, check, {
    forgives,
    keeps,
    async failed(tx, reached, at) {
      if (reached(place)) await appendTimeline(tx, [happened('place_blocked', nobody, asked, { occurredAt: at })]);
      // Also queued for an account that does not exist, so that both take the same time.
      if (reached(pair)) await tellOwner(tx, who, asked);
      if (factor && reached(factor)) await tellOwner(tx, who, asked, 'factor');
    },
  });
}

function tellOwner(tx: Db, who: Guessed, { brand, language, ip }: Asked, step: GuessStep = 'first'): Promise<void> {
  const customer = 'customer' in who ? who.customer : null;
  return addJob(tx, 'mail_unblock_link', { customer, brand: brand.id, language, ip, step });
}
