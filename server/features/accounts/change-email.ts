import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, type EndSessions, findBySubject, identitiesOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { type MailedCode, redeemCode, sendCode, type TypedCode } from './codes.ts';
import { acceptEmail } from './identifiers.ts';
import { countMail } from './limits.ts';
import { addressesOf, tell } from './notices.ts';
import { replaceAddress } from './replace-address.ts';
import { readIdentifiers } from './store.ts';
import { happened } from './timeline-names.ts';

const purpose = 'change_email';

/** The addresses that a customer's accounts sign in with, each with its account, the primary one first. */
export async function signInAddresses(db: Db, customer: string): Promise<{ subject: string; address: string }[]> {
  const subjects = (await identitiesOf(db, customer)).map(({ subject }) => subject);
  const addresses = (await readIdentifiers(db, subjects)).filter(({ kind }) => kind === 'email');
  return subjects.flatMap((subject) =>
    addresses.filter((one) => one.subject === subject).map(({ value }) => ({ subject, address: value })),
  );
}

/**
 * Begins to change what an account signs in with, or to add the first address: mails a code to the new address and
 * tells the proven ones. Nothing changes before the code is typed; a new password drops it. The caller has made sure
 * that a way in was proven within the last ten minutes.
 *
 * @param change `subject`: the account, or any identity of somebody who has none
 * @throws Problem invalid_body (extra: field), not_found, too_many_attempts
 */
export async function beginEmailChange(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  change: { subject: string; email: string; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { subject, flow, asked } = change;
  const address = acceptEmail(change.email);
  const customer = await findBySubject(base.db, subject);
  if (!customer) throw new Problem('not_found', 'There is no such account.');
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
 * The code was typed: the new address takes the place of the old one, or is the first (see `replaceAddress`).
 *
 * @throws Problem identifier_taken, code_wrong (extra: remaining), code_expired, flow_expired, too_many_attempts, busy
 */
export async function completeEmailChange(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  typed: TypedCode & {
    /** Where an account is made for who has none. */
    connection?: string | undefined;
    endSessions: EndSessions;
    isSignedIn?: ((tx: Db) => Promise<boolean>) | undefined;
  },
): Promise<AtDoor> {
  const { asked, connection, endSessions, isSignedIn } = typed;
  const { subject, address } = await redeemCode(base, purpose, typed);
  if (!subject) throw new Problem('code_expired');
  return transact(base.db, (tx) =>
    replaceAddress(base, tx, {
      subject,
      address,
      connection,
      how: 'code',
      used: () => [subject],
      asked,
      endSessions,
      isSignedIn,
    }),
  );
}
