import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { normaliseAddress } from './address.ts';
import type { Customer } from './customer.ts';
import type { AddressKind, Proof, ProofDraft } from './fact.ts';
import { deleteProofs, readProofs, writeProofs } from './facts-store.ts';
import { acceptProofs } from './learn.ts';
import { lockCustomerOf, lockCustomers } from './locks.ts';
import { refoldLocked } from './refold.ts';

/**
 * Keeps that an address belongs to a subject, and how that is known. The address holds only if a fact says it, too.
 *
 * @throws Problem `not_found` (no such subject), `invalid_body` (no address)
 */
export function prove(db: Db, subject: string, proof: ProofDraft): Promise<Customer> {
  const proofs = acceptProofs([proof]);
  return transact(db, async (tx) => {
    const customerId = await lockCustomerOf(tx, subject);
    await writeProofs(tx, subject, proofs);
    return refoldLocked(tx, customerId, now());
  });
}

/**
 * Takes every proof of an address from the customer's subjects: the umbrella says that it is not verified.
 *
 * @throws Problem `not_found` (no such customer), `invalid_body` (no address)
 */
export function disprove(db: Db, customerId: string, kind: AddressKind, address: string): Promise<Customer> {
  const normal = normaliseAddress(kind, address);
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    await deleteProofs(tx, living, kind, normal);
    return refoldLocked(tx, living, now());
  });
}

/** Every proof on the customer's subjects, the oldest first. */
export function proofsOf(db: Db, customerId: string): Promise<Proof[]> {
  return readProofs(db, customerId);
}
