import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, disownDevice, findById, identitiesOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { provenAddressesOf } from './notices.ts';
import { post } from './post.ts';
import { addressOf, wornBy } from './reset.ts';
import { readPasswords } from './store.ts';
import { issueTicket, readTicket, redeemTicket } from './tickets.ts';
import { happened } from './timeline-names.ts';

const purpose = 'not_me';

/** What the mail says of a sign-in, in words. */
export type SignInWords = { readonly time: string; readonly browser: string; readonly place: string };

const ticketData = z.object({
  signIn: z.string(),
  words: z.object({ time: z.string(), browser: z.string(), place: z.string() }),
  /** Hash of the device's cookie, base64url. */
  device: z.string().optional(),
});

/** Ends what a sign-in gave; handed in by the surface that owns sessions. */
export type EndSignIn = (tx: Db, customerId: string, signIn: string) => Promise<void>;

/**
 * Tells every proven address of the customer of a sign-in by a device or from a place that was not known, each with a
 * link of its own that ends it and may lead to a new password: who only claimed an address, or had it claimed of them,
 * is sent none.
 */
export async function tellOfNewDevice(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  told: {
    customer: string;
    subject: string;
    signIn: string;
    words: SignInWords;
    /** Hash of the cookie of the device, if there is one. */
    device: Buffer | undefined;
    asked: Asked;
  },
): Promise<void> {
  const { customer, subject, signIn, words, asked } = told;
  const device = told.device?.toString('base64url');
  for (const { address, subject: whose } of await provenAddressesOf(tx, customer)) {
    const data = { ...wornBy(asked), signIn, words, device };
    const { url, expiresAt } = await issueTicket(base, tx, { purpose, customer, subject, address, data });
    const content = { kind: 'new_device', link: url, ...words } as const;
    await post(base, tx, { to: address, asked, content, whose, until: expiresAt });
  }
}

/** What the link is about, for the page that asks; undefined when it is no longer good. */
export async function lookAtNotMe(base: Pick<Base, 'db' | 'vault'>, ticket: string): Promise<SignInWords | undefined> {
  const row = await readTicket(base, purpose, ticket);
  return row && ticketData.parse(row.data).words;
}

/**
 * The customer says that it was not them: what that sign-in gave ends, and its device is not theirs.
 *
 * @returns `choosePassword`: a reset ticket, where the mail went to the address of an account that has a password
 * @throws Problem code_expired
 */
export async function completeNotMe(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  act: { ticket: string; asked: Asked; endSignIn: EndSignIn },
): Promise<{ choosePassword?: string }> {
  const { ticket, asked, endSignIn } = act;
  return transact(base.db, async (tx) => {
    const row = await redeemTicket(base, tx, purpose, ticket);
    const customer = row && (await findById(tx, row.customer));
    if (!row || !customer) throw new Problem('code_expired');
    const { signIn, device } = ticketData.parse(row.data);
    await endSignIn(tx, customer.id, signIn);
    if (device !== undefined) await disownDevice(tx, customer.id, Buffer.from(device, 'base64url'));
    const data = { by: 'mail' };
    await appendTimeline(tx, [happened('session_ended', row.subject, asked, { occurredAt: now(), data })]);
    const subject = await accountOf(tx, customer.id, row.address);
    if (!subject) return {};
    const draft = { purpose: 'reset_password', customer: customer.id, subject, address: row.address } as const;
    const reset = await issueTicket(base, tx, { ...draft, data: wornBy(asked) });
    return { choosePassword: reset.ticket };
  });
}

/** The customer's account with a password that signs in with this very address: only its mailbox gets a new one. */
async function accountOf(tx: Db, customerId: string, address: string): Promise<string | undefined> {
  const subjects = (await identitiesOf(tx, customerId)).map((one) => one.subject);
  for (const { subject } of await readPasswords(tx, subjects)) {
    if ((await addressOf(tx, subject)) === address) return subject;
  }
  return undefined;
}
