import type { Language } from '../../../contract/brands.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type Customer, findById, lockCustomers, subjectsOf } from '../customers/customers.ts';
import { sayingOf } from './answers.ts';
import { type EntryInForce, entriesInForce, listEntries } from './catalogue.ts';
import { holdEntries } from './catalogue-store.ts';
import { covers, decisive, type Scope, sameScope, scopesOf } from './consent.ts';
import { isAskable, isUnderAge, type Standing, standingOf } from './due.ts';
import { circumstancesOf, readSaid } from './said.ts';
import { type PostConfirmation, say, type Telling } from './say.ts';
import type { KeptConsent } from './store.ts';

/** One thing that a customer may allow or take back, and where they stand with it. */
export type Preference = {
  readonly entry: EntryInForce;
  readonly standing: Standing;
  /** What was said last, if anything was. */
  readonly holds: KeptConsent | undefined;
  /** Too young, or no address to mail to: it cannot be allowed now. */
  readonly askable: boolean;
};

/** What these brands, and the umbrella, ask a customer, and what they said to it. */
export async function preferencesOf(
  db: Db,
  customer: Customer,
  { brands, at }: { brands: readonly string[]; at: Date },
): Promise<Preference[]> {
  const said = await readSaid(db, customer.id, at);
  const who = circumstancesOf(customer, at);
  return (await entriesInForce(db, ...brands)).map((entry) => ({
    entry,
    standing: standingOf(entry, said),
    holds: decisive(said.rows, entry),
    askable: isAskable(entry, who),
  }));
}

/**
 * A customer allows something of their own accord. Said again to the same words it writes nothing.
 *
 * @param wish `brand`: where it is said, whose name stands in the words
 * @throws Problem `consent_changed` when another version is in force than was shown; `access_denied`
 *   when it cannot be allowed
 */
export function allow(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  telling: Telling & { readonly customer: string; readonly post: PostConfirmation },
  wish: {
    readonly consent: string;
    readonly version: string;
    readonly language: Language;
    readonly brand: { readonly id: string; readonly name: string };
  },
): Promise<'given' | 'pending'> {
  const { customer, post, ...how } = telling;
  return transact(base.db, async (tx) => {
    const [id = customer] = await lockCustomers(tx, [customer]);
    await holdEntries(tx);
    const entry = (await entriesInForce(tx, wish.brand.id)).find((one) => one.id === wish.consent);
    const person = await findById(tx, id);
    if (!entry || !person || entry.version !== wish.version) throw new Problem('consent_changed');
    if (!isAskable(entry, circumstancesOf(person, how.at))) {
      throw new Problem('access_denied', 'This customer is too young for it, or has no address to confirm it by.');
    }
    const said = await readSaid(tx, id, how.at);
    if (standingOf(entry, said) !== 'allowed') {
      const saying = sayingOf({ entry, language: wish.language, given: true }, wish.brand.name, person.email);
      await say(base, tx, how, [saying], { subjects: await subjectsOf(tx, id), post });
      return saying.confirmBy ? 'pending' : 'given';
    }
    return 'given';
  });
}

/** What was shown to somebody who says no to what they were never asked. */
export type Shown = { readonly version: string; readonly wording: string; readonly language: string };

/**
 * A customer takes something back, with all that is narrower, or says no before it was confirmed. Where nothing of it
 * was allowed it writes nothing.
 *
 * @param shown where a no is to be kept all the same, as for a mail that came without a consent
 */
export function withdraw(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  { customer, ...telling }: Telling & { readonly customer: string },
  scope: Scope,
  shown?: Shown,
): Promise<void> {
  return transact(base.db, async (tx) => {
    const [id = customer] = await lockCustomers(tx, [customer]);
    const { rows, waiting } = await readSaid(tx, id, telling.at);
    const covered = scopesOf(rows).filter((one) => covers(scope, one));
    const allowed = covered.flatMap((one) => decisive(rows, one) ?? []).find((row) => row.given);
    const holds = decisive(rows, scope);
    const taken = allowed ?? waiting.find((one) => covers(scope, one)) ?? (holds ? undefined : shown);
    if (!taken) return;
    const { version, wording, language } = taken;
    const subjects = await subjectsOf(tx, id);
    await say(base, tx, telling, [{ ...scope, given: false, version, wording, language }], { subjects });
  });
}

/**
 * What holds for a scope. `undefined`: never asked. Only `given` allows anything: `pending` waits for its mail, and
 * `under_age` was said by somebody too young to say it. A wider no (the whole purpose, the umbrella) closes what was
 * allowed before it.
 */
export async function stateOf(
  db: Db,
  customerId: string,
  of: Omit<Scope, 'topic'> & { topic?: string | null | undefined },
): Promise<'given' | 'withdrawn' | 'pending' | 'under_age' | undefined> {
  const scope = { ...of, topic: of.topic ?? null };
  const at = now();
  const { rows, waiting } = await readSaid(db, customerId, at);
  const holds = decisive(rows, scope);
  if (holds?.given) {
    const tooYoungFor = await scopesTooYoungFor(db, customerId, at);
    return tooYoungFor.some((one) => sameScope(one, scope)) ? 'under_age' : 'given';
  }
  if (waiting.some((one) => sameScope(one, scope))) return 'pending';
  return holds && 'withdrawn';
}

/** What this customer is too young to allow, by the birthday in the profile. */
export async function scopesTooYoungFor(db: Db, customerId: string, at: Date): Promise<Scope[]> {
  const bounded = (await listEntries(db)).filter((entry) => entry.minimum_age !== null);
  const customer = bounded.length > 0 ? await findById(db, customerId) : undefined;
  if (!customer) return [];
  const { age } = circumstancesOf(customer, at);
  return bounded.filter((entry) => isUnderAge(entry, age));
}
