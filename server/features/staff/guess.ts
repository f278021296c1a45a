import { type Counter, deleteCounters } from '../../base/attempts.ts';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { counterOf, type Guess, guessUnder, type Limit, placeCounter, takeAll } from '../../base/guess.ts';
import { ipPrefix } from '../../base/ip-prefix.ts';
import { addJob } from '../../base/jobs.ts';

const [minute, hour, day] = [60, 3600, 86_400];

// As at the customers' doors; wrong secrets of one place count together with theirs.
export const limits = {
  /** Wrong secrets of one of the staff (or unknown address) from one place. */
  staff_sign_in: { most: 10, windowSeconds: day, blockSeconds: 30 * day, isGuess: true },
  /** Wrong second factors of one of the staff, from anywhere: that step is locked until it is unlocked by mail. */
  staff_factors: { most: 20, windowSeconds: hour, blockSeconds: 365 * day, isGuess: true },
  /** Mails that one place asked for, and that one address was sent. */
  staff_ip_mails: { most: 20, windowSeconds: minute },
  staff_mails: { most: 5, windowSeconds: hour },
} as const satisfies Record<string, Limit>;

const advice: Readonly<Record<string, string>> = {
  staff_factors: 'Too many wrong codes. We have mailed a link that unlocks this step.',
  staff_ip_mails: 'Too many mails were asked for from here. Wait a minute, then try again.',
  staff_mails: 'We have mailed this address several times. Look into the inbox, or wait an hour.',
};

type Ground = Pick<Base, 'db' | 'vault'>;

/** Who is guessed at; an address that nobody has counts, too. */
export type Guessed = { readonly staff: string } | { readonly email: string };

/** What the job `mail_staff_unblock_link` is given. */
export type UnblockMail = { staff: string | null; ip: string; step: 'first' | 'factor' };

/**
 * Runs one check of a secret of staff under the limits (see `guessUnder`). Wrong second factors are counted by
 * themselves, too, and forgiven by no right one.
 */
export function guessStaff<T>(
  { db, vault }: Ground,
  who: Guessed,
  ip: string,
  check: () => Promise<T | undefined>,
  options: { step?: 'first' | 'factor'; forgives?: (value: T) => boolean } = {},
): Promise<Guess<T>> {
  const { step = 'first', forgives = () => true } = options;
  const pair = pairCounter(vault, who, ip);
  const factor = step === 'factor' && 'staff' in who ? factorCounter(vault, who.staff) : undefined;
  const counted = { pair, place: placeCounter(vault, ip), more: factor ? [factor] : [], advice };
  return guessUnder(db, counted, check, {
    forgives,
    async failed(tx, reached, at) {
      // Also queued for an address that nobody has, so that both take the same time.
      if (reached(pair)) await tellOwner(tx, who, ip, 'first');
      if (factor && reached(factor)) await tellOwner(tx, who, ip, 'factor');
      const isShut = reached(pair) || (factor !== undefined && reached(factor));
      const staff = 'staff' in who ? who.staff : null;
      await addJob(tx, 'note_staff_refusal', { staff, ip, step, at: at.toISOString(), isShut });
    },
  });
}

/** Counts a mail that a stranger asked for, whether or not the address is known. Throws too_many_attempts. */
export async function countMail({ db, vault }: Ground, email: string, ip: string): Promise<void> {
  const counters = [
    counterOf(vault, 'staff_ip_mails', [ipPrefix(ip)], limits.staff_ip_mails),
    counterOf(vault, 'staff_mails', [email], limits.staff_mails),
  ];
  await takeAll(db, counters, advice);
}

/** Lets them in again: from the place of this address, with their first ways from everywhere, or with a second factor. */
export async function forgetFailures(
  { vault }: Pick<Base, 'vault'>,
  db: Db,
  staff: string,
  which: { at: string } | 'first' | 'factor',
): Promise<void> {
  if (which === 'first') await deleteCounters(db, 'staff_sign_in', { hint: staff });
  else if (which === 'factor') await deleteCounters(db, 'staff_factors', { key: factorCounter(vault, staff).key });
  else await deleteCounters(db, 'staff_sign_in', { key: pairCounter(vault, { staff }, which.at).key });
}

function pairCounter(vault: Base['vault'], who: Guessed, ip: string): Counter {
  const whom = 'staff' in who ? ['staff', who.staff] : ['email', who.email];
  const hint = 'staff' in who ? { hint: who.staff } : {};
  return counterOf(vault, 'staff_sign_in', [...whom, ipPrefix(ip)], limits.staff_sign_in, { ...hint, ip });
}

function factorCounter(vault: Base['vault'], staff: string): Counter {
  return counterOf(vault, 'staff_factors', [staff], limits.staff_factors, { hint: staff });
}

function tellOwner(tx: Db, who: Guessed, ip: string, step: UnblockMail['step']): Promise<void> {
  const job: UnblockMail = { staff: 'staff' in who ? who.staff : null, ip, step };
  return addJob(tx, 'mail_staff_unblock_link', job);
}
