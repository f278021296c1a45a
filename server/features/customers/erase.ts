import { type Db, transact } from '../../base/db.ts';
import type { EndSessions } from './customer.ts';
import { deleteCustomers, deleteSubjects, readAddresses, readMergedInto } from './erase-store.ts';
import { lockCustomers } from './locks.ts';
import { readMembers } from './members-store.ts';
import { eraseFromMerges } from './merges-store.ts';
import { readUserIds, retireUserIds } from './user-ids-store.ts';

/** Who is being erased: everything by which a table may hold something of this person. */
export type Erased = {
  customer: string;
  /** The customer and those that were merged into it. */
  customers: readonly string[];
  subjects: readonly string[];
  userIds: readonly string[];
  /** Normalised; every one that was ever said or proven. */
  emails: readonly string[];
  phones: readonly string[];
};

/** Deletes what one feature holds of an erased customer, in the erasing transaction. */
export type ErasureVerb = (tx: Db, erased: Erased) => Promise<unknown>;

/**
 * Erases a customer for ever: identities, facts, proofs, visits, devices, timeline; then what the other features hold.
 * Its `user_id`s are retired: unreadable, resolving to nobody, never issued again. That there were merges stays on
 * record, without ids.
 *
 * @param options `others` are the erasures of every other feature; `endSessions` is called first
 * @throws Problem `not_found`
 */
export function removeCustomer(
  db: Db,
  customerId: string,
  { at, endSessions, others }: { at: Date; endSessions: EndSessions; others: readonly ErasureVerb[] },
): Promise<void> {
  return transact(db, async (tx) => {
    const [customer = customerId] = await lockCustomers(tx, [customerId]);
    await endSessions(tx, customer);
    const customers = await readMergedInto(tx, customer);
    const subjects = await readMembers(tx, customer);
    const userIds = await readUserIds(tx, customer);
    const addresses = await readAddresses(tx, subjects);
    const emails = addresses.filter(({ kind }) => kind === 'email').map(({ address }) => address);
    const phones = addresses.filter(({ kind }) => kind === 'phone').map(({ address }) => address);

    for (const erase of others) await erase(tx, { customer, customers, subjects, userIds, emails, phones });
    await eraseFromMerges(tx, customers, userIds);
    await retireUserIds(tx, [customer], at);
    await deleteSubjects(tx, subjects);
    await deleteCustomers(tx, customers);
  });
}
