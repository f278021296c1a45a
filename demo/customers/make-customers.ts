import type { Base } from '../../server/base/base.ts';
import { type Db, transact } from '../../server/base/db.ts';
import { createAccount } from '../../server/features/accounts/accounts.ts';
import { brandBySlug } from '../../server/features/brands/brands.ts';
import { defaultPasswordConnection } from '../../server/features/connections/connections.ts';
import {
  appendTimeline,
  createCustomer,
  type FactDraft,
  findIdentity,
  recordSignIn,
} from '../../server/features/customers/customers.ts';
import type { BrandSlug } from '../places.ts';
import { brandSlugs, portalIds } from '../umbrella/umbrella.ts';
import { type SyntheticCustomer, syntheticCustomer } from './synthetic-customers.ts';

/** The password of every synthetic customer that has one. */
export const sharedPassword = 'four seasons in one day';

const atOnce = 4;
const dayMs = 86_400_000;

type Making = { base: Base; brands: Readonly<Record<BrandSlug, string>>; today: Date };

/**
 * Makes the synthetic customers from number `from` to `to - 1`, each with all that belongs to it in one transaction.
 * Those that are there already are left as they are, so an interrupted run can be repeated.
 *
 * @param progress is told how many are there, now and then
 * @param signal stops it early
 * @returns whether all of them are there now
 */
export async function makeCustomers(
  base: Base,
  range: { from: number; to: number },
  progress: (count: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const making: Making = { base, brands: await readBrands(base.db), today: new Date() };
  let next = range.from;
  let done = range.from;
  async function work(): Promise<void> {
    while (next < range.to && !signal.aborted) {
      const number = next;
      next += 1;
      await makeCustomer(making, syntheticCustomer(number));
      done += 1;
      progress(done);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return done === range.to;
}

async function makeCustomer(making: Making, person: SyntheticCustomer): Promise<void> {
  const { base, brands, today } = making;
  const connection = person.wayIn === 'password' ? defaultPasswordConnection : person.wayIn;
  if (await findIdentity(base.db, connection, person.id)) return;
  await transact(base.db, async (tx) => {
    const subject = await addIdentity(base, tx, person, connection, today);
    for (const { brand, daysAgo } of person.signIns) {
      await recordSignIn(tx, { subject, at: before(today, daysAgo), ip: null, brand: brands[brand] });
    }
    const rows = person.signIns.map(({ brand, daysAgo }) => ({
      class: 'sign_in' as const,
      subject,
      brand: brands[brand],
      portal: portalIds[brand],
      source: 'login',
      name: 'signed_in',
      occurredAt: before(today, daysAgo),
      data: { connection },
    }));
    await appendTimeline(tx, rows);
  });
}

/** The identity with what it told, at the customer's first sign-in. */
async function addIdentity(
  base: Base,
  tx: Db,
  person: SyntheticCustomer,
  connection: string,
  today: Date,
): Promise<string> {
  const [first] = person.signIns;
  const at = before(today, first?.daysAgo ?? 0);
  const { email, id } = person;
  if (person.wayIn === 'password') {
    const facts = factsOf(person, 'customer', portalIds[first?.brand ?? 'lumiere'], at);
    const account = { connection, email, password: sharedPassword, emailVerified: true, userIdAtProvider: id };
    return (await createAccount(base, tx, { ...account, facts, origin: 'demo', at })).subject;
  }
  const facts = factsOf(person, 'network', connection, at);
  const identity = { provider: person.wayIn, connection, userIdAtProvider: id, isSocial: true };
  return (await createCustomer(tx, { ...identity, facts, proofs: [], at })).subject;
}

/** What the network (or the customer, who has a password) told of the person, and the answers the shops were given. */
function factsOf(person: SyntheticCustomer, source: FactDraft['source'], origin: string, at: Date): FactDraft[] {
  const { given_name, family_name, gender, birthdate, locale, email, user_metadata } = person;
  const told = { name: `${given_name} ${family_name}`, given_name, family_name, gender, birthdate, locale, email };
  const facts: FactDraft[] = [];
  for (const [path, value] of Object.entries(told)) {
    if (value !== undefined) facts.push({ path, value, source, origin, at });
  }
  const shop = portalIds[person.signIns[0]?.brand ?? 'lumiere'];
  for (const [key, value] of Object.entries(user_metadata)) {
    facts.push({ path: `user_metadata.${key}`, value, source: 'customer', origin: shop, at });
  }
  return facts;
}

async function readBrands(db: Db): Promise<Record<BrandSlug, string>> {
  const [lumiere, northtrail] = await Promise.all(brandSlugs.map((slug) => brandBySlug(db, slug)));
  if (!lumiere || !northtrail) throw new Error('the brands come before their customers');
  return { lumiere: lumiere.id, northtrail: northtrail.id };
}

function before(today: Date, days: number): Date {
  return new Date(today.getTime() - days * dayMs);
}
