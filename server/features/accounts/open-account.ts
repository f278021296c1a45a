import type { SignUpProfile } from '../../../contract/accounts.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  addIdentity,
  createCustomer,
  type EndSessions,
  type FactDraft,
  findBySubject,
  identitiesOf,
} from '../customers/customers.ts';
import type { AtDoor } from './at-door.ts';
import { recordProof } from './first-proof.ts';
import { insertPasskey, type PackedPasskey } from './passkey-store.ts';
import { findAccount, insertIdentifier, lockIdentifier, writePassword } from './store.ts';

/** What a new account is opened with the next time, beside a mailed code. */
export type FirstWay = {
  readonly hash?: string | undefined;
  readonly passkey?: { readonly name: string; readonly packed: PackedPasskey } | undefined;
};

/**
 * Makes an account for an address that was just proven by a code, or finds the one that has it by now; then what was
 * typed beside the address is dropped. Runs in the caller's transaction.
 */
export async function openAccount(
  tx: Db,
  draft: FirstWay & {
    connection: string;
    address: string;
    username?: string | undefined;
    profile?: SignUpProfile | undefined;
    /** The page that proved the address. */
    origin: string;
    /** A customer of whom the caller has a proof too: the account becomes theirs. */
    joins?: string | undefined;
    /** Its subjects whose ways in were proven in this act; all when not said. */
    used?: readonly string[] | undefined;
    endSessions: EndSessions;
  },
): Promise<AtDoor & { isNew: boolean }> {
  const { connection, address, hash, passkey, username, profile = {}, origin, joins, endSessions } = draft;
  const at = now();
  const identifier = { kind: 'email', value: address } as const;
  await lockIdentifier(tx, connection, identifier);
  const existing = await findAccount(tx, connection, identifier);
  const holder = existing && (await findBySubject(tx, existing.subject));
  const proof = { address, how: 'code', origin, endSessions } as const;
  if (existing && holder) {
    const { subject } = existing;
    const { customer } = await recordProof(tx, { ...proof, customer: holder.id, subject, used: [] });
    return { customer, subject, isNew: false };
  }
  const identity = {
    provider: 'auth0',
    connection,
    isSocial: false,
    facts: factsOf({ ...profile, email: address, ...(username && { username }) }, origin, at),
    proofs: [],
    at,
  };
  const used = joins ? (draft.used ?? (await identitiesOf(tx, joins)).map((one) => one.subject)) : [];
  const made = await (joins ? addIdentity(tx, joins, identity) : createCustomer(tx, identity));
  const { subject } = made;
  await insertIdentifier(tx, { connection, subject, ...identifier });
  if (username) await claimUsername(tx, connection, subject, username);
  // What was typed together with the code is part of this proof.
  const { customer } = await recordProof(tx, {
    ...proof,
    customer: made.customer.id,
    subject,
    used: [subject, ...used],
  });
  if (hash) await writePassword(tx, { subject, hash, provedAt: at, at });
  if (passkey) {
    const { name, packed } = passkey;
    await insertPasskey(tx, { subject, connection, name, passkey: packed, provedAt: at, at });
  }
  return { customer, subject, isNew: true };
}

async function claimUsername(tx: Db, connection: string, subject: string, username: string): Promise<void> {
  try {
    await insertIdentifier(tx, { connection, subject, kind: 'username', value: username });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Problem('identifier_taken', 'This username is taken. Choose another one.', { field: 'username' });
  }
}

/** What the customer said of themselves, as facts. */
export function factsOf(
  profile: SignUpProfile & { email?: string; username?: string },
  origin: string,
  at: Date,
): FactDraft[] {
  const { user_metadata = {}, ...root } = profile;
  const said = [
    ...Object.entries(root),
    ...Object.entries(user_metadata).map(([key, value]) => [`user_metadata.${key}`, value] as const),
  ];
  return said.flatMap(([path, value]) => {
    return value === undefined ? [] : [{ path, value, source: 'customer' as const, origin, at }];
  });
}
