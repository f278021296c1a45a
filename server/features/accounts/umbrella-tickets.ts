import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { findBySubject } from '../customers/customers.ts';
import { acceptEmail } from './identifiers.ts';
import { addressOf, type TicketData, ticketData } from './reset.ts';
import { findAccount } from './store.ts';
import { issueTicket, readTicket, type TicketPurpose } from './tickets.ts';

/**
 * A link that the umbrella hands on itself (management API); otherwise as if it had been mailed.
 *
 * @param ticket `seconds` it is good for; an hour for a password, five days for an address when not said
 * @throws Problem not_found
 */
export async function createTicket(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  ticket: {
    purpose: 'reset_password' | 'verify_email';
    subject: string;
    seconds?: number | undefined;
    /** Where the page leads to when it is done. */
    resultUrl?: string | undefined;
    /** Adds the address to `resultUrl`. */
    emailInResult?: boolean | undefined;
    /** Does using it prove the address? Yes, if left out, as when it was mailed. */
    proves?: boolean | undefined;
    portal?: string | undefined;
  },
): Promise<{ ticket: string; url: string }> {
  const { purpose, subject, seconds, resultUrl, emailInResult, proves, portal } = ticket;
  const customer = await findBySubject(tx, subject);
  const address = await addressOf(tx, subject);
  if (!customer || !address) throw new Problem('not_found', 'This account has no e-mail address.');
  const data = { resultUrl, emailInResult, proves, portal };
  const issued = await issueTicket(base, tx, { purpose, customer: customer.id, subject, address, seconds, data });
  return { ticket: issued.ticket, url: issued.url };
}

export type LookedTicket = { address: string; subject: string } & TicketData;

/** What a link is for, without using it up; undefined when it is no longer good. */
export async function lookAtTicket(
  base: Pick<Base, 'db' | 'vault'>,
  purpose: TicketPurpose,
  ticket: string,
): Promise<LookedTicket | undefined> {
  const row = await readTicket(base, purpose, ticket);
  if (!row) return undefined;
  const { address, subject } = row;
  return { address, subject, ...ticketData.parse(row.data) };
}

/** The account of a connection that signs in with this address. Throws Problem invalid_body (extra: field). */
export async function accountWithEmail(db: Db, connection: string, email: string): Promise<string | undefined> {
  return (await findAccount(db, connection, { kind: 'email', value: acceptEmail(email) }))?.subject;
}
