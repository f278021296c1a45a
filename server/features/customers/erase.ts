import { type Db, transact } from '../../base/db.ts';
import type { EndSessions } from './customer.ts';
import { queueLeftovers } from './erase-leftovers.ts';
import {
  deleteCustomers,
  deleteSubjects,
  type ProvenAddress,
  readMergedInto,
  readProvenAddresses,
} from './erase-store.ts';
import type { Erased, ErasureVerb } from './erased.ts';
import { lockCustomers } from './locks.ts';
import { readMembers } from './members-store.ts';
import { eraseFromMerges } from './merges-store.ts';
import { readUserIds, retireUserIds } from './user-ids-store.ts';

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
    const addresses = await readProvenAddresses(tx, subjects);
    const [emails, phones, sharedEmails] = [
      addressesOf(addresses, 'email', false),
      addressesOf(addresses, 'phone', false),
      addressesOf(addresses, 'email', true),
    ];
    const erased: Erased = { customer, customers, subjects, userIds, emails, phones, sharedEmails, at };

    for (const erase of others) await erase(tx, erased);
    await eraseFromMerges(tx, customers, userIds);
    await retireUserIds(tx, userIds, at);
    await deleteSubjects(tx, subjects);
    await deleteCustomers(tx, customers);
    await queueLeftovers(tx, erased);
  });
}

function addressesOf(proven: readonly ProvenAddress[], kind: string, shared: boolean): string[] {
  return proven.filter((one) => one.kind === kind && one.shared === shared).map(({ address }) => address);
}
