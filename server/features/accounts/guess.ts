import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import { appendTimeline } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { countFailures, giveTriesBack } from './attempt-store.ts';
import { factorCounter, type Guessed, guessCounters, take } from './limits.ts';
import { happened, nobody } from './timeline-names.ts';

/** What came of a guess: a value when it was right; how many tries are left when it was wrong. */
export type Guess<T> = { right: true; value: T } | { right: false; limit: number; remaining: number; reset: number };

/** Which step is guessed at: what opens the account, or the second factor behind it. */
export type GuessStep = 'first' | 'factor';

/**
 * Runs one check of a guessed secret under the limits. The try is taken before the check runs, so that of fifty at once
 * no more than ten are checked; it is given back when the secret was right or the check could not run.
 *
 * @param check undefined: wrong
 * @param options `step`: wrong second factors of a customer are counted by themselves, too, and forgiven by no right
 *   one; `forgives`: false when a right secret is not the whole of the sign-in, so that the failures before it stay
 * @throws Problem too_many_attempts (extra: limit, remaining, reset), busy, and what `check` throws
 */
export async function guess<T>(
  base: Pick<Base, 'db' | 'vault'>,
  who: Guessed,
  asked: Asked,
  check: () => Promise<T | undefined>,
  options: { step?: GuessStep | undefined; forgives?: ((value: T) => boolean) | undefined } = {},
): Promise<Guess<T>> {
  const { step = 'first', forgives = () => true } = options;
  const [pair, place] = guessCounters(base, who, asked.ip);
  const factor = step === 'factor' && 'customer' in who ? factorCounter(base, who.customer) : undefined;
  const others = factor ? [place, factor] : [place];
  await take(base, [...others, pair]);
  let value: T | undefined;
  try {
    value = await check();
  } catch (error) {
    await giveTriesBack(base.db, [...others, pair]);
    throw error;
  }
  if (value !== undefined) {
    await giveTriesBack(base.db, [...others, { ...pair, forgive: forgives(value) }]);
    return { right: true, value };
  }
  const state = await transact(base.db, async (tx) => {
    const at = now();
    const [ofPlace, counted, ofFactor] = await countFailures(tx, [place, pair, ...(factor ? [factor] : [])], at);
    if (ofPlace?.failed === place.most) {
      await appendTimeline(tx, [happened('place_blocked', nobody, asked, { occurredAt: at })]);
    }
    // Also queued for an account that does not exist, so that both take the same time.
    if (counted?.failed === pair.most) await tellOwner(tx, who, asked);
    if (factor && ofFactor?.failed === factor.most) await tellOwner(tx, who, asked, 'factor');
    return counted;
  });
  return {
    right: false,
    limit: pair.most,
    remaining: Math.max(0, pair.most - (state?.failed ?? pair.most)),
    reset: Math.ceil((state?.reset ?? now()).getTime() / 1000),
  };
}

function tellOwner(tx: Db, who: Guessed, { brand, language, ip }: Asked, step: GuessStep = 'first'): Promise<void> {
  const customer = 'customer' in who ? who.customer : null;
  return addJob(tx, 'mail_unblock_link', { customer, brand: brand.id, language, ip, step });
}
