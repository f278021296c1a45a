import type { Base } from '../../base/base.ts';
import { inSeconds } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { findById, identitiesOf, proofsOf, timelineOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { MailContent } from './compose-mail.ts';
import { post } from './post.ts';

/** Every proven e-mail address of the customer; where none is, the one that the profile has. */
export async function addressesOf(db: Db, customerId: string): Promise<{ address: string; subject?: string }[]> {
  const proven = new Map<string, string>();
  for (const proof of await proofsOf(db, customerId)) {
    if (proof.kind === 'email') proven.set(proof.address, proof.subject);
  }
  if (proven.size > 0) return [...proven].map(([address, subject]) => ({ address, subject }));
  const email = (await findById(db, customerId))?.email;
  const [primary] = await identitiesOf(db, customerId);
  return email ? [{ address: email, ...(primary && { subject: primary.subject }) }] : [];
}

/** Tells all addresses of the customer (see `addressesOf`), those that were theirs until now included. */
export async function tell(
  base: Pick<Base, 'config'>,
  tx: Db,
  notice: { customer: string; content: MailContent; asked: Pick<Asked, 'brand' | 'language'> },
): Promise<void> {
  const { customer, content, asked } = notice;
  for (const { address, subject } of await addressesOf(tx, customer)) {
    await post(base, tx, { to: address, asked, content, whose: subject });
  }
}

/**
 * Tells the customer that a way in was added or taken away, or that two accounts are one now.
 *
 * @param notice `accounts` names both, in words for people: the account that stays, then what came or went
 */
export function tellOfLink(
  base: Pick<Base, 'config'>,
  tx: Db,
  notice: {
    customer: string;
    what: 'linked' | 'unlinked' | 'merged';
    accounts: readonly [string, string];
    asked: Pick<Asked, 'brand' | 'language'>;
  },
): Promise<void> {
  const { customer, what, asked } = notice;
  const [first, second] = notice.accounts.map((name) => name.slice(0, 200));
  return tell(base, tx, { customer, content: { kind: what, first: first ?? '', second: second ?? '' }, asked });
}

/** Mails the link that confirms what somebody allowed; the link is the caller's. */
export function mailConsentLink(
  base: Pick<Base, 'config'>,
  tx: Db,
  letter: {
    to: string;
    /** The subject whose mail it is. */
    whose: string;
    link: string;
    /** What was allowed, in the words that were shown. */
    what: string;
    until: Date;
    asked: Pick<Asked, 'brand' | 'language'>;
  },
): Promise<void> {
  const { to, whose, link, what, until, asked } = letter;
  return post(base, tx, { to, whose, until, asked, content: { kind: 'confirm_consent', link, what } });
}

const changes: readonly string[] = ['value_corrected', 'value_deleted', 'value_excluded'];
const quietSeconds = 600;

/**
 * Tells the customer that what is known of them was changed; once in ten minutes, for who corrects one thing corrects
 * another. Call it before the change is written to the timeline.
 */
export async function tellOfChange(
  base: Pick<Base, 'config'>,
  tx: Db,
  { customer, asked }: { customer: string; asked: Pick<Asked, 'brand' | 'language'> },
): Promise<void> {
  const { entries } = await timelineOf(tx, customer, { perPage: 20, classes: ['profile'] });
  const since = inSeconds(-quietSeconds);
  if (entries.some(({ name, occurredAt }) => changes.includes(name) && occurredAt > since)) return;
  await tell(base, tx, { customer, content: { kind: 'profile_changed' }, asked });
}
