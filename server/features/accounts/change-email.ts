import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  appendTimeline,
  disprove,
  type EndSessions,
  findBySubject,
  learn,
  lockCustomers,
} from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { type MailedCode, redeemCode, sendCode, type TypedCode } from './codes.ts';
import { dropPending } from './drop-pending.ts';
import { recordProof } from './first-proof.ts';
import { acceptEmail } from './identifiers.ts';
import { countMail } from './limits.ts';
import { addressesOf, tell } from './notices.ts';
import { deleteIdentifiers, findAccount, insertIdentifier, lockIdentifier, readIdentifiers } from './store.ts';
import { happened } from './timeline-names.ts';

const purpose = 'change_email';

/**
 * Begins to change what an account signs in with: mails a code to the new address and tells the proven ones. Nothing
 * changes before the code is typed; a new password drops it. The caller has made sure that a way in was proven within
 * the last ten minutes.
 *
 * @throws Problem invalid_body (extra: field), not_found, too_many_attempts
 */
export async function beginEmailChange(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  change: { subject: string; email: string; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { subject, flow, asked } = change;
  const address = acceptEmail(change.email);
  const customer = await findBySubject(base.db, subject);
  const [identifier] = await emailsOf(base, subject);
  if (!customer || !identifier) throw new Problem('not_found', 'This account has no e-mail address.');
  await countMail(base, address, asked.ip);
  for (const old of await addressesOf(base.db, customer.id)) await countMail(base, old.address, asked.ip);
  return transact(base.db, async (tx) => {
    const about = { customer: customer.id, content: { kind: 'email_change_asked', address }, asked } as const;
    await tell(base, tx, about);
    await appendTimeline(tx, [happened('address_change_asked', subject, asked, { occurredAt: now() })]);
    const { id } = customer;
    return sendCode(base, tx, { purpose, mail: 'email_change_code', address, flow, customer: id, subject, asked });
  });
}

/**
 * The new address is proven and takes the place of the old one, which is told, no longer signs in, and no longer counts
 * as proven. Links that were mailed to it are dead.
 *
 * @throws Problem identifier_taken, code_wrong (extra: remaining), code_expired, too_many_attempts, busy
 */
export async function completeEmailChange(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  typed: TypedCode & { endSessions: EndSessions },
): Promise<AtDoor> {
  const { asked, endSessions } = typed;
  const { subject, address } = await redeemCode(base, purpose, typed);
  return transact(base.db, async (tx) => {
    const holder = subject && (await findBySubject(tx, subject));
    if (!subject || !holder) throw new Problem('code_expired');
    const [old] = await emailsOf({ db: tx }, subject);
    if (!old) throw new Problem('code_expired');
    const { connection } = old;
    const identifier = { kind: 'email', value: address } as const;
    await lockIdentifier(tx, connection, identifier);
    // Of two changes at once the later must see, and replace, what the earlier wrote.
    await lockCustomers(tx, [holder.id]);
    const taken = await findAccount(tx, connection, identifier);
    if (taken && taken.subject !== subject) throw new Problem('identifier_taken');
    const at = now();
    await tell(base, tx, { customer: holder.id, content: { kind: 'email_changed', address }, asked });
    const gone = await deleteIdentifiers(tx, subject, 'email', address);
    if (!taken) await insertIdentifier(tx, { connection, subject, ...identifier });
    await learn(tx, subject, [{ path: 'email', value: address, source: 'customer', origin: purpose, at }]);
    const proof = { subject, address, how: 'code', origin: purpose, used: [subject], endSessions } as const;
    await recordProof(tx, { ...proof, customer: holder.id });
    for (const value of gone) await disprove(tx, holder.id, 'email', value);
    await dropPending(tx, holder.id);
    await appendTimeline(tx, [happened('address_changed', subject, asked, { occurredAt: at })]);
    const customer = (await findBySubject(tx, subject)) ?? holder;
    return { customer, subject };
  });
}

async function emailsOf({ db }: Pick<Base, 'db'>, subject: string) {
  return (await readIdentifiers(db, [subject])).filter((one) => one.kind === 'email');
}
