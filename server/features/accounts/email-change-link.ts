import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, type EndSessions, findBySubject, lockCustomers } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { deleteOpenCodes } from './code-store.ts';
import { acceptEmail } from './identifiers.ts';
import { countMail } from './limits.ts';
import { tell } from './notices.ts';
import { post } from './post.ts';
import { replaceAddress } from './replace-address.ts';
import { addressOf, wornBy } from './reset.ts';
import { issueTicket, redeemTicket } from './tickets.ts';
import { happened } from './timeline-names.ts';

const purpose = 'change_email';

/**
 * The umbrella, which has made sure that it speaks with the customer, changes what an account signs in with: mails the
 * new address a link, good for an hour, and tells the proven ones, where a new password stops it. Nothing changes
 * before the link is used; what was asked before for this account is dead.
 *
 * @param change `by`: who of the umbrella, for the timeline
 * @throws Problem invalid_body (extra: field), not_found, user_blocked, too_many_attempts
 */
export async function mailEmailChangeLink(
  base: Pick<Base, 'config' | 'vault'>,
  db: Db,
  change: { subject: string; email: string; asked: Asked; by: Readonly<Record<string, string>> },
): Promise<{ address: string; expiresAt: Date }> {
  const { subject, asked, by } = change;
  const address = acceptEmail(change.email);
  await countMail({ ...base, db }, address, asked.ip);
  return transact(db, async (tx) => {
    const customer = await findBySubject(tx, subject);
    if (!customer || !(await addressOf(tx, subject))) {
      throw new Problem('not_found', 'This account has no e-mail address.');
    }
    if (customer.blocked) throw new Problem('user_blocked', 'This customer is blocked. Let them sign in again first.');
    // Of two at once one link is left.
    await lockCustomers(tx, [customer.id]);
    await deleteOpenCodes(tx, { subject, purpose });
    const draft = { purpose, customer: customer.id, subject, address, data: wornBy(asked) } as const;
    const { url, expiresAt } = await issueTicket(base, tx, draft);
    const content = { kind: 'email_change_link', link: url, address } as const;
    await post(base, tx, { to: address, asked, content, whose: subject, until: expiresAt });
    await tell(base, tx, { customer: customer.id, content: { kind: 'email_change_by_staff', address }, asked });
    await appendTimeline(tx, [happened('address_change_asked', subject, asked, { occurredAt: now(), data: by })]);
    return { address, expiresAt };
  });
}

/**
 * Whoever reads the new mailbox used the link: the address takes the place of the old one (see `replaceAddress`). It was
 * the umbrella that knew the customer, so what they come in with stays; but of an account of which nothing was ever
 * proven, a mail alone keeps nothing.
 *
 * @returns `choosePassword`: a reset ticket, when the password was dropped, so that the person can choose one at once
 * @throws Problem code_expired, identifier_taken
 */
export async function completeEmailChangeByLink(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  act: { ticket: string; asked: Asked; endSessions: EndSessions },
): Promise<AtDoor & { choosePassword?: string }> {
  const { ticket, asked, endSessions } = act;
  return transact(base.db, async (tx) => {
    const row = await redeemTicket(base, tx, purpose, ticket);
    if (!row || (await findBySubject(tx, row.subject))?.blocked) throw new Problem('code_expired');
    const { subject, address } = row;
    const { customer, dropped } = await replaceAddress(base, tx, {
      ...{ subject, address, how: 'link', asked, endSessions },
      used: (known) => (known.length > 0 ? [subject] : []),
    });
    const lost = dropped.some((one) => one.subject === subject && one.what === 'password');
    const draft = { purpose: 'reset_password', customer: customer.id, subject, address } as const;
    return { customer, subject, ...(lost && { choosePassword: (await issueTicket(base, tx, draft)).ticket }) };
  });
}
