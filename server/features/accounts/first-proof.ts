import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import {
  type Customer,
  disprove,
  type EndSessions,
  findById,
  findBySubject,
  type Identity,
  identitiesOf,
  lockCustomers,
  proofsOf,
  prove,
  unlink,
} from '../customers/customers.ts';
import { dropClaimed } from './drop-pending.ts';
import { deleteErasedAddress } from './erasure-store.ts';
import { deleteFactors, moveFactors } from './factors/factor-store.ts';
import { deletePasskeys } from './passkey-store.ts';
import { deleteIdentifiers, deletePasswords, markProven, readAccounts } from './store.ts';

/** What a first proof took away, and from which subject. */
export type Dropped = {
  readonly subject: string;
  readonly what: 'password' | 'passkey' | 'factor' | 'identity' | 'identifier';
};

export type AddressProof = {
  customer: string;
  /** Of this customer; the address will be proven on it. */
  subject: string;
  /** Normalised. */
  address: string;
  how: 'code' | 'link' | 'provider';
  /** Page or connection. */
  origin: string;
  /** Subjects whose ways in were proven in this very act, beside the address. */
  used: readonly string[];
  endSessions: EndSessions;
};

/**
 * An e-mail address was proven. Every proof at the door comes through here instead of `prove` of customers, because the
 * first one settles whose the address is: what was claimed of it before without proof is dropped, so that nobody who
 * made an account with somebody else's address waits inside it (account pre-hijacking).
 *
 * - Proven by mail alone (`used` names none of the customer's subjects): the proof is worth only the subject that holds
 *   the address. Its password, passkeys, second factors, other addresses and pending codes go, other identities are parted from it, and all
 *   sessions end.
 * - Proven by somebody who also came in by a way of the customer's (`used`): if nothing of the customer was ever
 *   proven before, what was not used goes; the password that was used is proven from now on.
 * - Others who hold the address unproven lose their unproven passwords and passkeys, pending codes and sessions.
 *
 * @returns the customer whose subject it is now: another one when the subject was parted from its customer
 */
export function recordProof(db: Db, told: AddressProof): Promise<{ customer: Customer; dropped: Dropped[] }> {
  return transact(db, async (tx) => {
    const { subject, address, how, origin, used } = told;
    const at = now();
    // Two first proofs at once must not both find nothing proven.
    const [customer = told.customer] = await lockCustomers(tx, [told.customer]);
    const proof = { ...told, customer };
    const known = await proofsOf(tx, customer);
    const isFirst = !known.some((one) => one.kind === 'email' && one.address === address);
    const dropped: Dropped[] = [];
    let owner = customer;
    if (isFirst) {
      const identities = await identitiesOf(tx, customer);
      if (identities.some((identity) => used.includes(identity.subject))) {
        if (known.length === 0) dropped.push(...(await dropUnused(tx, proof, identities)));
      } else {
        const parted = await partUnproven(tx, proof);
        owner = parted.owner;
        dropped.push(...parted.dropped);
      }
    }
    const proven = await prove(tx, subject, { kind: 'email', address, how, origin, at });
    // Who was erased has come back: from now on the address may be imported again.
    if (isFirst) await deleteErasedAddress(tx, 'email', address);
    if (isFirst) dropped.push(...(await dropClaims(tx, { address, owner: proven.id, endSessions: proof.endSessions })));
    return { customer: (await findById(tx, owner)) ?? proven, dropped };
  });
}

/** Proven by mail alone: the subject keeps nothing but what it learned. */
async function partUnproven(tx: Db, proof: AddressProof): Promise<{ owner: string; dropped: Dropped[] }> {
  const { customer, subject, address, endSessions } = proof;
  const at = now();
  const act = { by: 'customer', origin: 'first proof', at, endSessions } as const;
  const dropped: Dropped[] = [];
  const identities = await identitiesOf(tx, customer);
  const others = identities.filter((identity) => identity.subject !== subject);
  // It keeps no second factor, else whoever claimed the address would lock its owner out. They protect the identities
  // that it is parted from, whichever of them all they were added by.
  if (others[0]) await moveFactors(tx, subject, others[0].subject);
  const factors = await deleteFactors(tx, { subjects: [subject] });
  dropped.push(...factors.map((one) => ({ subject: one, what: 'factor' as const })));
  let owner = customer;
  if (others.length > 0 && !identities[0]?.is_primary) throw new Error('the primary identity stands first');
  if (others.length > 0 && identities[0]?.subject !== subject) {
    owner = (await unlink(tx, customer, subject, act)).separated.id;
    dropped.push(...others.map((other) => ({ subject: other.subject, what: 'identity' as const })));
  } else {
    for (const other of others) {
      await unlink(tx, customer, other.subject, act);
      dropped.push({ subject: other.subject, what: 'identity' });
    }
  }
  dropped.push(...(await dropSecrets(tx, subject, { unproven: false })));
  const identifiers = await deleteIdentifiers(tx, subject, 'email', address);
  dropped.push(...identifiers.map(() => ({ subject, what: 'identifier' as const })));
  for (const old of await proofsOf(tx, owner)) {
    if (old.subject === subject && old.address !== address) await disprove(tx, owner, old.kind, old.address);
  }
  for (const id of new Set([customer, owner])) {
    await dropClaimed(tx, id);
    await endSessions(tx, id);
  }
  return { owner, dropped };
}

/**
 * Proven from inside an account that nobody had proven: who came in keeps what they came in with. An account of a
 * password connection stays, without its password and its other addresses; an identity of a network is parted.
 */
async function dropUnused(tx: Db, proof: AddressProof, identities: readonly Identity[]): Promise<Dropped[]> {
  const { customer, subject, address, used, endSessions } = proof;
  const at = now();
  const dropped: Dropped[] = [];
  for (const other of identities.filter((identity) => !used.includes(identity.subject))) {
    const drop = (what: Dropped['what']) => dropped.push({ subject: other.subject, what });
    dropped.push(...(await dropSecrets(tx, other.subject, { unproven: true })));
    for (const _ of await deleteFactors(tx, { subjects: [other.subject] })) drop('factor');
    for (const _ of await deleteIdentifiers(tx, other.subject, 'email', address)) drop('identifier');
    if (other.provider === 'auth0' || other.subject === subject) continue;
    await unlink(tx, customer, other.subject, { by: 'customer', origin: 'first proof', at, endSessions });
    drop('identity');
  }
  await markProven(tx, used, at);
  await dropClaimed(tx, customer);
  if (dropped.length > 0) await endSessions(tx, customer);
  return dropped;
}

/**
 * Others who hold this address as their identifier without ever having proven it can no longer come in with what they
 * set. The identifier stays: whoever proves the address later gets to that account, too.
 */
export async function dropClaims(
  tx: Db,
  claim: { address: string; owner: string; endSessions: EndSessions },
): Promise<Dropped[]> {
  const { address, owner, endSessions } = claim;
  const dropped: Dropped[] = [];
  for (const { subject } of await readAccounts(tx, { kind: 'email', value: address })) {
    const holder = await findBySubject(tx, subject);
    if (!holder || holder.id === owner) continue;
    const proofs = await proofsOf(tx, holder.id);
    if (proofs.some((one) => one.kind === 'email' && one.address === address)) continue;
    dropped.push(...(await dropSecrets(tx, subject, { unproven: true })));
    await dropClaimed(tx, holder.id);
    await endSessions(tx, holder.id);
  }
  return dropped;
}

/** Takes from a subject what it comes in with: all of it, or what nobody proved. */
async function dropSecrets(tx: Db, subject: string, only: { unproven: boolean }): Promise<Dropped[]> {
  const passwords = await deletePasswords(tx, [subject], only);
  const passkeys = await deletePasskeys(tx, [subject], only);
  return [
    ...passwords.map(() => ({ subject, what: 'password' as const })),
    ...passkeys.map(() => ({ subject, what: 'passkey' as const })),
  ];
}
