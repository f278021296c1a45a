import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, type EndSessions, findBySubject } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { recordProof } from './first-proof.ts';
import { countMail } from './limits.ts';
import { post } from './post.ts';
import { addressOf, ticketData, wornBy } from './reset.ts';
import { issueTicket, redeemTicket } from './tickets.ts';
import { happened } from './timeline-names.ts';

const purpose = 'verify_email';

/**
 * Mails a link, good for five days, that proves the account's address.
 *
 * @param ask `isCounted`: the mail was counted before, or the umbrella's own machines ask for it, who are not limited: an
 *   import mails many from one place
 * @throws Problem not_found, too_many_attempts
 */
export async function startVerification(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { subject: string; asked: Asked; isCounted?: boolean | undefined },
): Promise<void> {
  const { subject, asked, isCounted = false } = ask;
  const customer = await findBySubject(base.db, subject);
  const address = await addressOf(base.db, subject);
  if (!customer || !address) throw new Problem('not_found', 'This account has no e-mail address.');
  if (!isCounted) await countMail(base, address, asked.ip);
  await transact(base.db, async (tx) => {
    const draft = { purpose, customer: customer.id, subject, address, data: wornBy(asked) } as const;
    const { url, expiresAt } = await issueTicket(base, tx, draft);
    const content = { kind: purpose, link: url, address } as const;
    await post(base, tx, { to: address, asked, content, whose: subject, until: expiresAt });
    await appendTimeline(tx, [happened('verification_asked', subject, asked, { occurredAt: now() })]);
  });
}

/**
 * Proves the account's address by a mailed link. An account that was made elsewhere loses what was not used in this
 * proof: a link alone never keeps a password.
 *
 * @param act `used`: subjects whose ways in were proven in this browser within the last ten minutes
 * @returns `choosePassword`: a reset ticket, when the password was dropped, so that the person can choose one at once
 * @throws Problem code_expired
 */
export async function completeVerification(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  act: { ticket: string; used?: readonly string[] | undefined; asked: Asked; endSessions: EndSessions },
): Promise<AtDoor & { choosePassword?: string; resultUrl?: string }> {
  const { ticket, used = [], asked, endSessions } = act;
  return transact(base.db, async (tx) => {
    const row = await redeemTicket(base, tx, purpose, ticket);
    const holder = row && (await findBySubject(tx, row.subject));
    if (!row || !holder || (await addressOf(tx, row.subject)) !== row.address) throw new Problem('code_expired');
    const { subject, address } = row;
    const proof = { customer: holder.id, subject, address, how: 'link', origin: purpose, used, endSessions } as const;
    const { customer, dropped } = await recordProof(tx, proof);
    await appendTimeline(tx, [happened('address_proven', subject, asked, { occurredAt: now() })]);
    const { resultUrl } = ticketData.parse(row.data);
    const lost = dropped.some((one) => one.subject === subject && one.what === 'password');
    const draft = { purpose: 'reset_password', customer: customer.id, subject, address } as const;
    return {
      customer,
      subject,
      ...(resultUrl && { resultUrl }),
      ...(lost && { choosePassword: (await issueTicket(base, tx, draft)).ticket }),
    };
  });
}
