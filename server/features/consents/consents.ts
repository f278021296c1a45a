import type { ConsentPurpose } from '../../../contract/consents.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Erased, findBySubject, subjectsOf } from '../customers/customers.ts';
import { type Consent, decisive, scopesOf, stricter } from './consent.ts';
import { deleteConsents, insertConsents, readConsents } from './store.ts';

export type { Consent } from './consent.ts';

/** What is to be written down: one yes or no, with what was shown. */
export type ConsentDraft = {
  subject: string;
  /** Null: the umbrella. */
  brand: string | null;
  purpose: ConsentPurpose;
  topic?: string | null | undefined;
  given: boolean;
  /** Of the wording. */
  version: string;
  wording: string;
  language: string;
  /** Page, connection or client. */
  source: string;
  ip?: string | null | undefined;
  at: Date;
};

/** Appends what was said. When the same holds already, said to the same wording, it writes nothing. */
export async function give(tx: Db, draft: ConsentDraft): Promise<void> {
  const { topic = null, ip = null } = draft;
  const customer = await findBySubject(tx, draft.subject);
  const rows = await readConsents(tx, customer ? await subjectsOf(tx, customer.id) : [draft.subject]);
  const holds = decisive(rows, { ...draft, topic });
  const isKnown = holds?.given === draft.given && holds.version === draft.version && holds.wording === draft.wording;
  if (!isKnown) await insertConsents(tx, [{ ...draft, topic, ip }]);
}

/** `undefined`: never asked. A wider no (the whole purpose, the umbrella) closes what was allowed before it. */
export async function stateOf(
  db: Db,
  customerId: string,
  of: { brand: string | null; purpose: ConsentPurpose; topic?: string | null | undefined },
): Promise<'given' | 'withdrawn' | undefined> {
  const rows = await readConsents(db, await subjectsOf(db, customerId));
  const holds = decisive(rows, { ...of, topic: of.topic ?? null });
  return holds && (holds.given ? 'given' : 'withdrawn');
}

/** What holds now, for every scope (brand, purpose, topic) that something was said about. */
export async function currentConsents(db: Db, customerId: string): Promise<Consent[]> {
  const rows = await readConsents(db, await subjectsOf(db, customerId));
  return scopesOf(rows).flatMap((scope) => {
    const holds = decisive(rows, scope);
    return holds ? [{ ...holds, ...scope }] : [];
  });
}

/** Before two customers are joined: where one said no and the other yes, no will hold. Hand it to the merge. */
export async function settleMerge(tx: Db, winner: string, loser: string): Promise<void> {
  const [ours, theirs] = [await subjectsOf(tx, winner), await subjectsOf(tx, loser)];
  const noes = stricter(await readConsents(tx, ours), await readConsents(tx, theirs), now());
  await insertConsents(
    tx,
    noes.map((no) => ({ ...no, ip: null })),
  );
}

/** Deletes what this feature holds of an erased customer. */
export function eraseConsents(tx: Db, { subjects }: Erased): Promise<void> {
  return deleteConsents(tx, subjects);
}

/** Everything the customer ever allowed or refused, to be handed to them. Instants are ISO texts. */
export async function exportConsents(db: Db, customerId: string): Promise<JsonObject> {
  const rows = await readConsents(db, await subjectsOf(db, customerId));
  return { consents: rows.map(({ id: _id, subject: _subject, at, ...row }) => ({ ...row, at: at.toISOString() })) };
}
