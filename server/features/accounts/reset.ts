import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { queueActions } from '../actions/actions.ts';
import {
  appendTimeline,
  type EndSessions,
  findBySubject,
  lockCustomers,
  proofsOf,
  recordPasswordReset,
} from '../customers/customers.ts';
import { acceptFor } from './accept-for.ts';
import { actionsAbout } from './actions-about.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { dropPending } from './drop-pending.ts';
import { recordProof } from './first-proof.ts';
import { readIdentifier } from './identifiers.ts';
import { countMail, forgetFailures } from './limits.ts';
import { tell } from './notices.ts';
import { checkNewPassword, type PasswordGround } from './password.ts';
import { post } from './post.ts';
import { findAccount, readIdentifiers, writePassword } from './store.ts';
import { issueTicket, readTicket, redeemTicket } from './tickets.ts';
import { happened, nobody } from './timeline-names.ts';

const purpose = 'reset_password';

/**
 * Mails a link to choose a new password; to an address without an account, a mail that says so. Looks the same for all.
 *
 * @throws Problem too_many_attempts
 */
export async function startReset(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { connection: string; identifier: string; asked: Asked },
): Promise<void> {
  const { connection, asked } = ask;
  const identifier = readIdentifier(ask.identifier);
  await countMail(base, identifier.value, asked.ip);
  await transact(base.db, async (tx) => {
    const account = await findAccount(tx, connection, identifier);
    // The same statements for all: an account that is not there gets a link that opens nothing and is sent to nobody.
    const subject = account?.subject ?? nobody;
    const customer = await findBySubject(tx, subject);
    const address = await addressOf(tx, subject, connection);
    const known = customer && address ? { customer: customer.id, subject, address } : undefined;
    const { url, expiresAt } = await issueTicket(base, tx, { purpose, ...known, data: wornBy(asked) });
    await appendTimeline(tx, [happened('password_reset_asked', subject, asked, { occurredAt: now() })]);
    if (known) {
      const content = { kind: purpose, link: url } as const;
      await post(base, tx, { to: known.address, asked, content, whose: subject, until: expiresAt });
    } else if (identifier.kind === 'email') {
      const content = { kind: 'no_account', address: identifier.value } as const;
      await post(base, tx, { to: identifier.value, asked, content });
    }
  });
}

/** The address that an account signs in with. */
export async function addressOf(db: Db, subject: string, connection?: string): Promise<string | undefined> {
  const identifiers = await readIdentifiers(db, [subject]);
  return identifiers.find((one) => one.kind === 'email' && (!connection || one.connection === connection))?.value;
}

/**
 * Sets the password by a mailed link and thereby proves the address (not by a link that the umbrella handed on itself,
 * unless it says so). Ends all sessions, drops every pending code and
 * change, what was never proven (see `recordProof`), and the blocks; tells all proven addresses.
 *
 * @throws Problem code_expired, password_weak (extra: reason), busy
 */
export async function completeReset(
  base: PasswordGround & Pick<Base, 'vault'>,
  reset: { ticket: string; password: string; asked: Asked; endSessions: EndSessions },
): Promise<AtDoor & { resultUrl?: string }> {
  const { ticket, password, asked, endSessions } = reset;
  const open = await readTicket(base, purpose, ticket);
  if (!open) throw new Problem('code_expired');
  checkNewPassword(password, open.address);
  const { hash, remember } = await acceptFor(base, { subject: open.subject, password, brand: asked.brand.name }).catch(
    gone,
  );
  return transact(base.db, async (tx) => {
    const row = await redeemTicket(base, tx, purpose, ticket);
    const holder = row && (await findBySubject(tx, row.subject));
    // The account may have got another address since.
    if (!row || !holder || (await addressOf(tx, row.subject)) !== row.address) throw new Problem('code_expired');
    const { subject, address } = row;
    await lockCustomers(tx, [holder.id]);
    const at = now();
    const proof = {
      customer: holder.id,
      subject,
      address,
      how: 'link',
      origin: purpose,
      used: [],
      endSessions,
    } as const;
    const { resultUrl, proves = true } = ticketData.parse(row.data);
    const { customer } = proves
      ? await recordProof(tx, proof)
      : { customer: (await findBySubject(tx, subject)) ?? holder };
    const isProven = proves || (await proofsOf(tx, customer.id)).some((one) => one.address === address);
    await writePassword(tx, { subject, hash, provedAt: isProven ? at : null, at, remember });
    await recordPasswordReset(tx, subject, at);
    await dropPending(tx, customer.id);
    await endSessions(tx, customer.id);
    await forgetFailures(base, tx, { customer: customer.id });
    await appendTimeline(tx, [happened('password_changed', subject, asked, { occurredAt: at, data: { by: 'link' } })]);
    await tell(base, tx, { customer: customer.id, content: { kind: 'password_changed' }, asked });
    await queueActions(base, tx, 'post-change-password', actionsAbout(subject, asked));
    return { customer, subject, ...(resultUrl && { resultUrl }) };
  });
}

/** Whose ticket it is may be gone by now: then it is good for nothing. */
function gone(error: unknown): never {
  throw isProblem(error, 'not_found') ? new Problem('code_expired') : error;
}

/** What the umbrella gave along with a ticket. */
export const ticketData = z.object({
  /** Of `unblock`: what it unlocks. */
  step: z.literal(['first', 'factor']).optional(),
  resultUrl: z.string().optional(),
  emailInResult: z.boolean().optional(),
  proves: z.boolean().optional(),
  portal: z.string().optional(),
  brand: z.string().optional(),
});
export type TicketData = z.infer<typeof ticketData>;

/** Whose clothes the page behind a mailed link wears: those of the mail. */
export function wornBy({ brand, portal }: Pick<Asked, 'brand' | 'portal'>): {
  brand: string;
  portal?: string | undefined;
} {
  return { brand: brand.id, portal };
}
