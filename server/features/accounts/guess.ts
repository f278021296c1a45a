import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import { appendTimeline } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { countFailures, giveTriesBack } from './attempt-store.ts';
import { type Guessed, guessCounters, take } from './limits.ts';
import { happened, nobody } from './timeline-names.ts';

/** What came of a guess: a value when it was right; how many tries are left when it was wrong. */
export type Guess<T> = { right: true; value: T } | { right: false; limit: number; remaining: number; reset: number };

/**
 * Runs one check of a guessed secret under the limits. The try is taken before the check runs, so that of fifty at once
 * no more than ten are checked; it is given back when the secret was right or the check could not run.
 *
 * @param check undefined: wrong
 * @throws Problem too_many_attempts (extra: limit, remaining, reset), busy, and what `check` throws
 */
export async function guess<T>(
  base: Pick<Base, 'db' | 'vault'>,
  who: Guessed,
  asked: Asked,
  check: () => Promise<T | undefined>,
): Promise<Guess<T>> {
  const [pair, place] = guessCounters(base, who, asked.ip);
  await take(base, [place, pair]);
  let value: T | undefined;
  try {
    value = await check();
  } catch (error) {
    await giveTriesBack(base.db, [place, pair]);
    throw error;
  }
  if (value !== undefined) {
    await giveTriesBack(base.db, [place, { ...pair, forgive: true }]);
    return { right: true, value };
  }
  const state = await transact(base.db, async (tx) => {
    const at = now();
    const [ofPlace, counted] = await countFailures(tx, [place, pair], at);
    if (ofPlace?.failed === place.most) {
      await appendTimeline(tx, [happened('place_blocked', nobody, asked, { occurredAt: at })]);
    }
    // Also queued for an account that does not exist, so that both take the same time.
    if (counted?.failed === pair.most) await tellOwner(tx, who, asked);
    return counted;
  });
  return {
    right: false,
    limit: pair.most,
    remaining: Math.max(0, pair.most - (state?.failed ?? pair.most)),
    reset: Math.ceil((state?.reset ?? now()).getTime() / 1000),
  };
}

function tellOwner(tx: Db, who: Guessed, { brand, language, ip }: Asked): Promise<void> {
  const customer = 'customer' in who ? who.customer : null;
  return addJob(tx, 'mail_unblock_link', { customer, brand: brand.id, language, ip });
}
