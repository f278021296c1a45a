import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { hex24, uuid } from '../../base/ids.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Customer } from './customer.ts';
import { insertCustomer } from './customers-store.ts';
import type { FactDraft, ProofDraft } from './fact.ts';
import { acceptDrafts } from './fact-drafts.ts';
import { readFoldInput } from './facts-store.ts';
import { insertIdentity } from './identities-store.ts';
import { checkId } from './identity-ids.ts';
import { acceptProofs, writeLearned } from './learn.ts';
import { lockCustomers } from './locks.ts';
import { insertMember } from './members-store.ts';
import { refoldLocked } from './refold.ts';
import { insertSubject, readTotals } from './subjects-store.ts';
import { issueUserId, keepUserId } from './user-ids.ts';

/** A new identity and what is known with it. */
export type IdentityDraft = {
  provider: string;
  /** The connection's name. */
  connection: string;
  /** Left out: 24 new hexadecimal digits. */
  userIdAtProvider?: string | undefined;
  isSocial: boolean;
  /** Raw, as the provider told it; at most 64 kB. */
  profileData?: JsonObject | undefined;
  /** The provider's tokens, encrypted by the caller. */
  sealedTokens?: string | undefined;
  facts: readonly FactDraft[];
  proofs: readonly ProofDraft[];
  at: Date;
};

/**
 * Makes a customer with one identity. Its `user_id` is `userId` (an imported one), or the identity's own
 * `provider|id`, or `provider|<24 hex>` if that was ever issued to somebody.
 *
 * @throws Problem `already_exists` (the identity is known, or `userId` was ever issued), `invalid_body`
 */
export function createCustomer(
  db: Db,
  draft: IdentityDraft & { userId?: string | undefined },
): Promise<{ customer: Customer; subject: string }> {
  return transact(db, async (tx) => {
    const { at } = draft;
    const [customerId, act] = [uuid(), uuid()];
    const { subject, id } = await addSubject(tx, draft, false);
    const to = { customer: customerId, subject, at };
    const userId =
      draft.userId === undefined ? await issueUserId(tx, { ...draft, id }, to) : await keepUserId(tx, draft.userId, to);
    await insertCustomer(tx, { id: customerId, userId, primarySubject: subject, at });
    await insertMember(tx, { ...to, reason: 'created', act });
    return { subject, customer: await learnFirst(tx, customerId, subject, draft) };
  });
}

/**
 * Adds a new identity to a customer (a link that is safe, by the rules of the surface that asks).
 *
 * @throws Problem `not_found` (no such customer), `already_exists` (the identity is known), `invalid_body`
 */
export function addIdentity(
  db: Db,
  customerId: string,
  draft: IdentityDraft,
): Promise<{ customer: Customer; subject: string }> {
  return transact(db, async (tx) => {
    const [customer = customerId] = await lockCustomers(tx, [customerId]);
    // A blocked customer stays blocked in each of its identities, also should one be unlinked.
    const { blocked } = await readTotals(tx, customer);
    const { subject } = await addSubject(tx, draft, blocked);
    await insertMember(tx, { subject, customer, reason: 'linked', act: uuid(), at: draft.at });
    return { subject, customer: await learnFirst(tx, customer, subject, draft) };
  });
}

async function addSubject(tx: Db, draft: IdentityDraft, blocked: boolean): Promise<{ subject: string; id: string }> {
  const { provider, connection, isSocial, sealedTokens = null, at } = draft;
  const id = checkId(draft.userIdAtProvider ?? hex24());
  const subject = uuid();
  const profileData = acceptProfileData(draft.profileData ?? {});
  const added = await insertIdentity(tx, {
    subject,
    provider,
    connection,
    id,
    isSocial,
    profileData,
    sealedTokens,
    at,
  });
  if (!added) throw new Problem('already_exists', 'This identity belongs to a user already.');
  await insertSubject(tx, { id: subject, blocked, at });
  return { subject, id };
}

/** What a provider tells raw, if it can be kept (see `acceptDrafts`), else nothing. */
export function acceptProfileData(raw: JsonObject): JsonObject {
  const draft = { path: 'user_metadata.raw', source: 'network', origin: '', at: new Date(0), value: raw } as const;
  const [accepted] = acceptDrafts([draft]);
  const value = accepted && accepted.kind !== 'withdrawn' ? accepted.value : {};
  return isJsonObject(value) ? value : {};
}

async function learnFirst(tx: Db, customerId: string, subject: string, draft: IdentityDraft): Promise<Customer> {
  const drafts = acceptDrafts(draft.facts);
  const proofs = acceptProofs(draft.proofs);
  await writeLearned(tx, { subject, drafts, proofs, known: await readFoldInput(tx, customerId) });
  return refoldLocked(tx, customerId, draft.at);
}
