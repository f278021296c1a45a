import type { Base } from '../../../base/base.ts';
import { isJsonObject, type Json } from '../../../base/json.ts';
import { findByUserId } from '../../../features/customers/customers.ts';
import { rulesEnabled, rulesNewlyAllowed, runRules } from '../../../features/rules/rules.ts';
import type { Done } from '../flow-state.ts';
import type { Learned } from '../learn.ts';
import type { Visit } from '../visit.ts';
import { contextOfRules } from './context.ts';
import { openHost } from './host.ts';
import { readKept } from './kept.ts';
import { noteFailures } from './note.ts';
import type { Occasion } from './occasion.ts';
import { showUser, userOfRules } from './user.ts';

/** What a customer said yes to during a sign-in: to the whole purpose, or one topic of it. */
export type Yes = { readonly purpose: string; readonly topic: string | null; readonly brand: string | null };

/** What was answered before the customer left for a network. */
export function saidYesTo({ consent }: Learned): Yes[] {
  if (!consent?.given) return [];
  const { purpose, topic = null, brand } = consent;
  return [{ purpose, topic, brand }];
}

/**
 * A consent is asked for when the sign-in is safe already, so the rules of the library that need it were left out. Those
 * that a yes lets run do so here, for the same sign-in: what they learn is in the profile when the portal gets to see it.
 * Nothing is refused any more, and nothing goes into the tokens.
 */
export async function catchUp(base: Base, visit: Visit, done: Done, said: readonly Yes[]): Promise<void> {
  if (said.length === 0 || !(await rulesEnabled(base))) return;
  const occasion = await occasionAfter(base, visit, done);
  if (!occasion) return;
  const context = await contextOfRules(base, occasion);
  const only = await rulesNewlyAllowed(base, { ...context, consents: without(context.consents, said) }, context);
  if (only.length === 0) return;
  const [host, shown] = await Promise.all([openHost(base, occasion), showUser(base, occasion)]);
  const input = { user: userOfRules(occasion, shown), context };
  const { id: customer } = occasion.customer;
  const { runs } = await runRules(base, { customer, input, only, host: host.call, auth0: host.auth0 });
  await noteFailures(base, occasion, runs);
}

/** The sign-in as it was recorded, with what the customer allows by now. */
async function occasionAfter(base: Base, visit: Visit, done: Done): Promise<Occasion | undefined> {
  const customer = await findByUserId(base.db, done.customer);
  if (!customer || customer.blocked) return undefined;
  return {
    visit,
    customer,
    subject: done.subject,
    amr: done.amr,
    factor: undefined,
    connection: done.connection,
    anew: done.proved,
    told: { facts: [] },
    signals: {},
    kept: await readKept(base, customer.id),
    // It counts by now.
    logins: customer.logins_count,
  };
}

function without(consents: Json | undefined, said: readonly Yes[]): Json[] {
  const isSaid = (one: Json) =>
    isJsonObject(one) &&
    said.some(({ purpose, topic, brand }) => one.purpose === purpose && one.topic === topic && one.brand === brand);
  return Array.isArray(consents) ? consents.filter((one) => !isSaid(one)) : [];
}
