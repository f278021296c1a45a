import type { Base } from '../../../base/base.ts';
import { transact } from '../../../base/db.ts';
import { isProblem } from '../../../base/errors.ts';
import { answerAhead, give } from '../../../features/consents/consents.ts';
import { appendTimeline, findById, findIdentity } from '../../../features/customers/customers.ts';
import { answeringEarly, earlyConsents } from '../answering.ts';
import { type Entered, enter } from '../enter.ts';
import type { Found } from '../found.ts';
import type { Learned } from '../learn.ts';
import type { Newcomer } from '../newcomer.ts';
import type { Proven } from '../proven.ts';
import type { Visit } from '../visit.ts';

/** Somebody who is a customer by now, and what of them is still to be written with the sign-in. */
export type Made = { readonly found: Extract<Found, { kind: 'known' }>; readonly told: Learned };

/**
 * Makes the customer of somebody new before the umbrella's code runs, in a short transaction of its own: code is told a
 * `user_id` that is real, and what it writes lands. Should it refuse the sign-in, the account stays, as at Auth0. Who
 * only joins a customer is written with the sign-in: their second factor comes first.
 */
export async function makeNewcomer(
  base: Base,
  visit: Visit,
  found: Extract<Found, { kind: 'new' }>,
  told: Learned,
  proven: Pick<Proven, 'amr' | 'connection'>,
): Promise<Made> {
  try {
    const { customer, subject } = await transact(base.db, async (tx) => {
      const entered = await enter(base, tx, visit, found, told);
      if (told.consent) await give(tx, { ...told.consent, subject: entered.subject });
      const early = earlyConsents(visit, found);
      if (early) await answerAhead({ ...base, db: tx }, answeringEarly(base, visit, entered, early), early.answers);
      await appendTimeline(tx, rowOf(visit, entered, proven));
      return entered;
    });
    const whole = told.facts.length > 0 ? ((await findById(base.db, customer.id)) ?? customer) : customer;
    return { found: { kind: 'known', customer: whole, subject }, told: { facts: [] } };
  } catch (error) {
    // The same person came in by another window in between: the identity is not new any more.
    const known = isProblem(error, 'already_exists') ? await findKnown(base, found.newcomer) : undefined;
    if (!known) throw error;
    return { found: known, told };
  }
}

async function findKnown({ db }: Base, newcomer: Newcomer): Promise<Made['found'] | undefined> {
  if (newcomer.kind !== 'network') return undefined;
  const { connection, answer } = newcomer.told;
  const known = await findIdentity(db, connection, answer.userId);
  return known && { kind: 'known', customer: known.customer, subject: known.identity.subject };
}

function rowOf(
  { brand, portal, at, session, ip, userAgent }: Visit,
  { subject, event }: Entered,
  { connection, amr }: Pick<Proven, 'amr' | 'connection'>,
) {
  const from = { brand: brand.id, portal: portal.client_id, session, ip, userAgent };
  const row = { class: 'profile', source: 'login', subject, occurredAt: at, ...from } as const;
  const data = { connection, amr: [...amr] };
  return event ? [{ ...row, name: event, data }] : [];
}
