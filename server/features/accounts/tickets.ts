import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { hashesOf, makeTicket, ticketId } from '../../base/credentials/one-time-code.ts';
import type { Db } from '../../base/db.ts';
import { type CodeRow, insertCode, readOpenCode, tryCode } from './code-store.ts';

export type TicketPurpose = 'reset_password' | 'verify_email' | 'unblock' | 'not_me' | 'change_email';

const pages = {
  reset_password: 'reset-password',
  verify_email: 'email-verification',
  unblock: 'unblock',
  not_me: 'not-me',
  change_email: 'email-change',
} as const;
const day = 86_400;
const goodForSeconds = {
  reset_password: 3600,
  verify_email: 5 * day,
  unblock: 5 * day,
  not_me: 7 * day,
  change_email: 3600,
} as const;

/** A link that works once: the secret in it, the page on this server it leads to, and its end. */
export type Ticket = { readonly ticket: string; readonly url: string; readonly expiresAt: Date };

/**
 * Makes a link for somebody's account; one for no account opens nothing. Its address is built from the configured
 * origin only.
 */
export async function issueTicket(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  draft: {
    purpose: TicketPurpose;
    customer?: string | undefined;
    subject?: string | undefined;
    address?: string | undefined;
    seconds?: number | undefined;
    data?: Readonly<Record<string, unknown>> | undefined;
  },
): Promise<Ticket> {
  const { purpose, customer, subject, address, seconds = goodForSeconds[purpose], data = {} } = draft;
  const { id, secret, hash } = makeTicket(base.vault, { purpose });
  const expiresAt = inSeconds(seconds);
  await insertCode(tx, {
    id,
    purpose,
    flow: null,
    customer: customer ?? null,
    subject: subject ?? null,
    address: address ?? null,
    data,
    secretHash: hash,
    at: now(),
    expiresAt,
  });
  return { ticket: secret, url: `${base.config.url}/u/${pages[purpose]}?ticket=${secret}`, expiresAt };
}

/** A ticket's row, whose subject and address are there. */
export type TicketRow = CodeRow & { customer: string; subject: string; address: string };

/** Uses a ticket up in the caller's transaction; of fifty at once one gets the row, the others undefined. */
export async function redeemTicket(
  base: Pick<Base, 'vault'>,
  tx: Db,
  purpose: TicketPurpose,
  ticket: string,
): Promise<TicketRow | undefined> {
  const id = ticketId(ticket);
  if (!id) return undefined;
  const hashes = hashesOf(base.vault, id, ticket, { purpose });
  const tried = await tryCode(tx, { id, purpose, flow: null, hashes }, now());
  return tried?.right ? whole(tried.row) : undefined;
}

/** Is this ticket still good? Uses nothing up. */
export async function readTicket(
  base: Pick<Base, 'db' | 'vault'>,
  purpose: TicketPurpose,
  ticket: string,
): Promise<TicketRow | undefined> {
  const id = ticketId(ticket);
  if (!id) return undefined;
  const hashes = hashesOf(base.vault, id, ticket, { purpose });
  const row = await readOpenCode(base.db, { id, purpose, flow: null, hashes }, now());
  return row && whole(row);
}

function whole(row: CodeRow): TicketRow | undefined {
  const { customer, subject, address } = row;
  return customer && subject && address ? { ...row, customer, subject, address } : undefined;
}
