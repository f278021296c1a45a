import { sql } from 'kysely';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { hashesOf, makeTicket, ticketId } from '../../base/credentials/one-time-code.ts';
import { type Db, isUniqueViolation } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';

export type TicketPurpose = 'administrator' | 'invitation' | 'reset' | 'unblock';

const day = 86_400;
const goodForSeconds: Readonly<Record<TicketPurpose, number>> = {
  administrator: day,
  invitation: 7 * day,
  reset: 3600,
  unblock: 5 * day,
};
/** The page below `/staff` that a link leads to. */
const pages: Readonly<Record<TicketPurpose, string>> = {
  administrator: 'administrator',
  invitation: 'invitation',
  reset: 'reset',
  unblock: 'unblock',
};

/** What else a ticket keeps: of an invitation, who they will be; of an unblock link, what it opens. */
const ticketData = z.object({
  name: z.string().optional(),
  roles: z.array(z.string()).default([]),
  brands: z.array(z.string()).nullable().default(null),
  stores: z.array(z.string()).default([]),
  ip: z.string().optional(),
  step: z.enum(['first', 'factor']).optional(),
  /** Client id of the machine that invited. */
  machine: z.string().optional(),
});
export type TicketData = z.input<typeof ticketData>;

export type Ticket = z.output<typeof ticketData> & {
  readonly id: string;
  readonly staff: string | null;
  readonly email: string | null;
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/**
 * Makes a link that works once. Its address is built from the configured origin only.
 *
 * @throws Problem already_exists for a second open invitation of one address
 */
export async function issueTicket(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  purpose: TicketPurpose,
  draft: { staff?: string; email?: string; invitedBy?: string | undefined; data?: TicketData } = {},
): Promise<{ id: string; url: string; expiresAt: Date }> {
  const { id, secret, hash } = makeTicket(base.vault, { purpose: `staff ${purpose}` });
  const expiresAt = inSeconds(goodForSeconds[purpose]);
  try {
    await tx
      .insertInto('staff_tickets')
      .values({
        id,
        purpose,
        secret_hash: hash,
        staff: draft.staff ?? null,
        email: draft.email ?? null,
        invited_by: draft.invitedBy ?? null,
        data: JSON.stringify(draft.data ?? {}),
        created_at: now(),
        expires_at: expiresAt,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error, 'staff_tickets_invitation')) throw error;
    throw new Problem('already_exists', 'There is an open invitation for this address already. Revoke it first.');
  }
  return { id, url: `${base.config.url}/staff/${pages[purpose]}?ticket=${secret}`, expiresAt };
}

type Row = {
  id: string;
  staff: string | null;
  email: string | null;
  invited_by: string | null;
  data: unknown;
  created_at: Date;
  expires_at: Date;
};
const columns = ['id', 'staff', 'email', 'invited_by', 'data', 'created_at', 'expires_at'] as const;

/** Is this ticket still good? Uses nothing up. */
export async function readTicket(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  purpose: TicketPurpose,
  ticket: string,
): Promise<Ticket | undefined> {
  const id = ticketId(ticket);
  if (!id) return undefined;
  const row = await db
    .selectFrom('staff_tickets')
    .select(columns)
    .where('id', '=', id)
    .where('purpose', '=', purpose)
    .where('secret_hash', 'in', hashesOf(vault, id, ticket, { purpose: `staff ${purpose}` }))
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst();
  return row && toTicket(row);
}

/** Uses a ticket up in the caller's transaction. @throws Problem code_expired for all but the first of any number */
export async function redeemTicket(
  { vault }: Pick<Base, 'vault'>,
  tx: Db,
  purpose: TicketPurpose,
  ticket: string,
): Promise<Ticket> {
  const id = ticketId(ticket);
  const row =
    id &&
    (await tx
      .updateTable('staff_tickets')
      .set({ consumed_at: now() })
      .where('id', '=', id)
      .where('purpose', '=', purpose)
      .where('secret_hash', 'in', hashesOf(vault, id, ticket, { purpose: `staff ${purpose}` }))
      .where('consumed_at', 'is', null)
      .where('expires_at', '>', now())
      .returning(columns)
      .executeTakeFirst());
  if (!row) throw new Problem('code_expired', 'This link was used already, or is too old. Ask for a new one.');
  return toTicket(row);
}

/** Whose or which tickets are to end. */
export type EndingTickets =
  | { readonly staff: string }
  | { readonly invitedBy: string }
  | { readonly purpose: 'administrator' };

/** These links are worth nothing from now on. */
export async function endTickets(tx: Db, which: EndingTickets): Promise<void> {
  const query = tx.deleteFrom('staff_tickets').where('consumed_at', 'is', null);
  if ('staff' in which) await query.where('staff', '=', which.staff).execute();
  else if ('invitedBy' in which) await query.where('invited_by', '=', which.invitedBy).execute();
  else await query.where('purpose', '=', which.purpose).execute();
}

/** Open invitations, the oldest first. */
export async function readInvitations(
  db: Db,
  page: { limit: number; start: { offset: number } | { after: { created_at: Date; id: string } } },
): Promise<Ticket[]> {
  const query = openInvitations(db).select(columns).orderBy('created_at').orderBy('id').limit(page.limit);
  if ('offset' in page.start) return (await query.offset(page.start.offset).execute()).map(toTicket);
  const { created_at, id } = page.start.after;
  const rows = await query.where(sql<boolean>`(created_at, id) > (${created_at}, ${id}::uuid)`).execute();
  return rows.map(toTicket);
}

export async function countInvitations(db: Db): Promise<number> {
  const row = await openInvitations(db)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** One open invitation. */
export async function readInvitation(db: Db, key: { id: string } | { email: string }): Promise<Ticket | undefined> {
  const query = openInvitations(db).select(columns);
  const row = await ('id' in key
    ? query.where('id', '=', key.id)
    : query.where('email', '=', key.email)
  ).executeTakeFirst();
  return row && toTicket(row);
}

/** Takes an invitation back. @returns false when there is no such that is open */
export async function deleteInvitation(db: Db, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('staff_tickets')
    .where('id', '=', id)
    .where('purpose', '=', 'invitation')
    .where('consumed_at', 'is', null)
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

function openInvitations(db: Db) {
  return db
    .selectFrom('staff_tickets')
    .where('purpose', '=', 'invitation')
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now());
}

function toTicket(row: Row): Ticket {
  const { id, staff, email, invited_by, data, created_at, expires_at } = row;
  return {
    ...ticketData.parse(data),
    id,
    staff,
    email,
    invitedBy: invited_by,
    createdAt: created_at,
    expiresAt: expires_at,
  };
}

/** Who was invited and did not come in time is invited no more. */
export async function deleteExpiredInvitation(tx: Db, email: string): Promise<void> {
  await tx
    .deleteFrom('staff_tickets')
    .where('purpose', '=', 'invitation')
    .where('email', '=', email)
    .where('consumed_at', 'is', null)
    .where('expires_at', '<=', now())
    .execute();
}
