import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Customer, type Erased, findBySubject, subjectsOf } from '../customers/customers.ts';
import { cachedEntries, type EntryInForce, entriesInForce } from './catalogue.ts';
import { deleteConfirmations } from './confirmations-store.ts';
import { type Consent, decisive, type Scope, sameScope, scopesOf, stricter } from './consent.ts';
import { dueOf, isAskable, isBarred } from './due.ts';
import { scopesTooYoungFor } from './preferences.ts';
import { circumstancesOf, type EverythingSaid, readSaid } from './said.ts';
import {
  type ConsentPage,
  countConsents,
  deleteConsents,
  insertConsents,
  type KeptConsent,
  readConsentPage,
  readConsents,
} from './store.ts';

/**
 * Consents: what customers are asked to allow, in which words, and what they said to it, with its proof. This is the
 * face of the feature: other folders import from here only.
 */
export { type Answer, type Answering, answerAhead, answerDue } from './answers.ts';
export {
  cachedEntries,
  changeEntry,
  createEntry,
  type Entry,
  type EntryInForce,
  entriesInForce,
  getEntry,
  listEntries,
  mostInForce,
  removeEntry,
} from './catalogue.ts';
export { consentField, isUnsaid } from './condition-field.ts';
export { confirmConsent, lookAtConfirmation } from './confirm.ts';
export type { Consent } from './consent.ts';
export { allow, type Preference, preferencesOf, stateOf, withdraw } from './preferences.ts';
export { reportConsent } from './report.ts';
export { type SaidColumn, saidColumn, toSaid } from './said.ts';
export type { PostConfirmation, Telling } from './say.ts';
export type { KeptConsent } from './store.ts';
export { readUnsubscribe, type Unsubscription, unsubscribe, unsubscribeBy } from './unsubscribe.ts';
export {
  draftsOf,
  draftWording,
  getWording,
  listWordings,
  publishWording,
  redraftWording,
  removeWording,
  type Wording,
  withdrawWording,
} from './wordings.ts';
export { textOf, type Words, wordsIn } from './words.ts';

/** What is to be written down: one yes or no, with what was shown. */
export type ConsentDraft = {
  subject: string;
  /** Null: the umbrella. */
  brand: string | null;
  purpose: Scope['purpose'];
  topic?: string | null | undefined;
  given: boolean;
  /** Of the wording. */
  version: string;
  wording: string;
  language: string;
  /** Page, connection or client. */
  source: string;
  /** Client id of the portal. */
  portal?: string | null | undefined;
  ip?: string | null | undefined;
  at: Date;
};

/** Appends what was said. When the same holds already, said to the same wording, it writes nothing. */
export async function give(tx: Db, draft: ConsentDraft): Promise<void> {
  const { topic = null, ip = null, portal = null } = draft;
  const customer = await findBySubject(tx, draft.subject);
  const rows = await readConsents(tx, customer ? await subjectsOf(tx, customer.id) : [draft.subject]);
  const holds = decisive(rows, { ...draft, topic });
  const isKnown = holds?.given === draft.given && holds.version === draft.version && holds.wording === draft.wording;
  if (!isKnown) await insertConsents(tx, [{ ...draft, topic, ip, portal, ...unproven }]);
}

const unproven = { place: null, client: null, confirmation: null } as const;

/**
 * What a customer is to be asked now at this brand; `barred`: they are too young to be here at all.
 *
 * @param who `isNewcomer` is only looked up where it matters; `fresh`: not from memory
 */
export async function dueConsents(
  base: Pick<Base, 'db' | 'settings'>,
  customer: Customer,
  who: { brand: string; isNewcomer: () => Promise<boolean>; fresh?: boolean | undefined },
): Promise<{ due: EntryInForce[]; barred: boolean }> {
  const entries = who.fresh ? await entriesInForce(base.db, who.brand) : await cachedEntries(base, who.brand);
  if (entries.length === 0) return { due: [], barred: false };
  const at = now();
  const circumstances = circumstancesOf(customer, at);
  if (isBarred(entries, circumstances.age)) return { due: [], barred: true };
  const said = await readSaid(base.db, customer.id, at);
  const asNewcomer = dueOf(entries, said, { ...circumstances, isNewcomer: true });
  if (asNewcomer.length === 0) return { due: [], barred: false };
  const due = dueOf(entries, said, circumstances);
  const same = due.length === asNewcomer.length || !(await who.isNewcomer());
  return { due: same ? due : asNewcomer, barred: false };
}

/** Is this customer too young to sign in at this brand? */
export async function isBarredFrom(
  base: Pick<Base, 'db' | 'settings'>,
  customer: Customer,
  brand: string,
): Promise<boolean> {
  return isBarred(await cachedEntries(base, brand), circumstancesOf(customer, now()).age);
}

/** What a stranger is asked on the sign-up page of a brand. */
export async function consentsAtSignUp(db: Db, brand: string): Promise<EntryInForce[]> {
  return (await entriesInForce(db, brand)).filter((entry) => entry.at_sign_up && isAskable(entry, stranger));
}

/** Is there something at this brand that nobody comes in without, and that a stranger can be asked? */
export async function requiresOfStrangers(base: Pick<Base, 'db' | 'settings'>, brand: string): Promise<boolean> {
  return (await cachedEntries(base, brand)).some((entry) => entry.required && isAskable(entry, stranger));
}

const stranger = { age: undefined, hasAddress: true };

/** What holds now for a scope, or waits for its mail. `under_age`: allowed by somebody too young for it. */
export type CurrentConsent = Consent & { readonly state: 'given' | 'withdrawn' | 'pending' | 'under_age' };

/** What holds now, for every scope (brand, purpose, topic) that something was said about. */
export async function currentConsents(db: Db, customerId: string): Promise<CurrentConsent[]> {
  const at = now();
  return currentOf(db, customerId, await readSaid(db, customerId, at), at);
}

/** The same, where what was said is there already. */
export async function currentOf(
  db: Db,
  customerId: string,
  { rows, waiting }: EverythingSaid,
  at: Date,
): Promise<CurrentConsent[]> {
  const tooYoungFor = rows.some(({ given }) => given) ? await scopesTooYoungFor(db, customerId, at) : [];
  const settled = scopesOf(rows).flatMap((scope) => {
    const holds = decisive(rows, scope);
    if (!holds) return [];
    const allows = tooYoungFor.some((one) => sameScope(one, scope)) ? ('under_age' as const) : ('given' as const);
    return [{ ...holds, ...scope, state: holds.given ? allows : ('withdrawn' as const) }];
  });
  const pending = waiting.map((one) => ({ ...one, given: false, state: 'pending' as const }));
  const waits = (scope: Scope) => pending.some((one) => sameScope(one, scope));
  return [...settled.filter((one) => one.given || !waits(one)), ...pending.filter((one) => !isGiven(settled, one))];
}

function isGiven(settled: readonly CurrentConsent[], scope: Scope): boolean {
  return settled.some((one) => one.given && sameScope(one, scope));
}

/** A page (the first, if not said) of everything that was ever said, with its proof, the newest first. */
export async function consentHistory(
  db: Db,
  customerId: string,
  page: ConsentPage = { offset: 0, limit: 100 },
): Promise<KeptConsent[]> {
  return readConsentPage(db, await subjectsOf(db, customerId), page);
}

/** How much that is. */
export async function countConsentHistory(
  db: Db,
  customerId: string,
  brands: ConsentPage['brands'] = null,
): Promise<number> {
  return countConsents(db, await subjectsOf(db, customerId), brands);
}

/** Before two customers are joined: where one said no and the other yes, no will hold. Hand it to the merge. */
export async function settleMerge(tx: Db, winner: string, loser: string): Promise<void> {
  const [ours, theirs] = [await subjectsOf(tx, winner), await subjectsOf(tx, loser)];
  const noes = stricter(await readConsents(tx, ours), await readConsents(tx, theirs), now());
  await insertConsents(
    tx,
    noes.map((no) => ({ ...no, ip: null, portal: null, ...unproven })),
  );
}

/** Deletes what this feature holds of an erased customer. */
export async function eraseConsents(tx: Db, { subjects }: Erased): Promise<void> {
  await deleteConsents(tx, subjects);
  await deleteConfirmations(tx, subjects);
}

/** Everything the customer ever allowed or refused, to be handed to them. Instants are ISO texts. */
export async function exportConsents(db: Db, customerId: string): Promise<JsonObject> {
  const { rows, waiting } = await readSaid(db, customerId, now());
  return {
    consents: rows.map(({ id: _id, subject: _subject, at, ...row }) => ({ ...row, at: at.toISOString() })),
    consents_to_confirm: waiting.map(({ id: _id, subject: _subject, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
    })),
  };
}
