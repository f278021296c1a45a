import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { languages } from '../../base/languages.ts';
import { getBrand } from '../brands/brands.ts';
import { appendTimeline, findById, findBySubject, identitiesOf } from '../customers/customers.ts';
import { readIdentifier } from './identifiers.ts';
import { forgetFactorFailures, forgetFailures, forgetFailuresAt, type LimitGround, readBlocksOf } from './limits.ts';
import { addressesOf } from './notices.ts';
import { post } from './post.ts';
import { readAccounts } from './store.ts';
import { issueTicket, redeemTicket } from './tickets.ts';
import { happened } from './timeline-names.ts';

/** A place from which somebody cannot sign in after too many failures. */
export type Block = { readonly ip: string; readonly until: Date };

type Who = { customer: string } | { identifier: string };

/** Where a customer, or whoever signs in with this identifier in any connection, is shut out now. */
export async function blocksOf(base: LimitGround, who: Who): Promise<Block[]> {
  const found = await Promise.all((await everyone(base.db, who)).map((one) => readBlocksOf(base, one)));
  return found.flat();
}

/** Lets them in again from everywhere. @returns the ids of the customers whom that let in */
export async function unblock(base: LimitGround, who: Who): Promise<string[]> {
  const all = await everyone(base.db, who);
  for (const one of all) {
    await forgetFailures(base, base.db, one);
    if ('customer' in one) await forgetFactorFailures(base, base.db, one.customer);
  }
  return all.flatMap((one) => ('customer' in one ? [one.customer] : []));
}

/** An identifier stands for itself (as long as it had no account) and for each customer who signs in with it. */
async function everyone(db: Db, who: Who): Promise<Who[]> {
  if ('customer' in who) return [who];
  const identifier = readIdentifier(who.identifier);
  const accounts = await readAccounts(db, identifier);
  const customers = await Promise.all(accounts.map((account) => findBySubject(db, account.subject)));
  const ids = new Set(customers.flatMap((customer) => (customer ? [customer.id] : [])));
  return [{ identifier: identifier.value }, ...[...ids].map((customer) => ({ customer }))];
}

const job = z.object({
  customer: z.uuid().nullable(),
  brand: z.uuid(),
  language: z.literal([...languages]),
  ip: z.string(),
  /** Left out by servers of before. */
  step: z.literal(['first', 'factor']).default('first'),
});

/**
 * Job `mail_unblock_link`: tells the owner of an account that was guessed at, with a link that lifts the block of one
 * place, or of the second factor.
 */
export async function mailUnblockLink(base: Base, payload: Json): Promise<void> {
  const { customer: id, brand: brandId, language, ip, step } = job.parse(payload);
  const customer = id === null ? undefined : await findById(base.db, id);
  const brand = await getBrand(base.db, brandId);
  if (!customer || !brand) return;
  const asked = { brand, language, ip };
  await transact(base.db, async (tx) => {
    const [primary] = await identitiesOf(tx, customer.id);
    if (!primary) return;
    for (const { address, subject = primary.subject } of await addressesOf(tx, customer.id)) {
      const draft = {
        purpose: 'unblock',
        customer: customer.id,
        subject,
        address,
        data: { ip, brand: brandId, step },
      } as const;
      const { url, expiresAt } = await issueTicket(base, tx, draft);
      const content =
        step === 'factor'
          ? ({ kind: 'unlock_factor', link: url } as const)
          : ({ kind: 'unblock', link: url, place: ip } as const);
      await post(base, tx, { to: address, asked, content, whose: subject, until: expiresAt });
    }
    await appendTimeline(tx, [happened('blocked', primary.subject, asked, { occurredAt: now(), data: { ip, step } })]);
  });
}

const unblockData = z.object({ ip: z.string(), step: z.literal(['first', 'factor']).default('first') });

/** The mailed link that lifts the block of one place, or of the second factor. Throws code_expired. */
export async function completeUnblock(base: Pick<Base, 'db' | 'vault'>, act: { ticket: string }): Promise<void> {
  await transact(base.db, async (tx) => {
    const row = await redeemTicket(base, tx, 'unblock', act.ticket);
    const customer = row && (await findBySubject(tx, row.subject));
    if (!row || !customer) throw new Problem('code_expired');
    const { ip, step } = unblockData.parse(row.data);
    if (step === 'factor') await forgetFactorFailures(base, tx, customer.id);
    else await forgetFailuresAt(base, tx, customer.id, ip);
    const at = { occurredAt: now(), data: { ip, step } };
    await appendTimeline(tx, [
      { class: 'security', name: 'unblocked', subject: row.subject, source: 'accounts', ...at },
    ]);
  });
}
