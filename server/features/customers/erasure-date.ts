import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Customer } from './customer.ts';
import { readCustomer, readDueForErasure, setEraseAt, toCustomer } from './customers-store.ts';
import { lockCustomers } from './locks.ts';

/**
 * Sets when a customer who asked for it is to be erased; null: they changed their mind. Until then they keep everything
 * and can be joined to nobody. Sessions are the caller's to end.
 *
 * @returns the customer as it was before
 * @throws Problem `not_found`
 */
export function setErasure(db: Db, customerId: string, eraseAt: Date | null): Promise<Customer> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const before = await readCustomer(tx, living);
    if (!before) throw new Problem('not_found', 'The user does not exist.');
    await setEraseAt(tx, living, eraseAt);
    return toCustomer(before);
  });
}

/** Ids of customers whose day has come, the longest waiting first. */
export function dueForErasure(db: Db, at: Date, limit: number): Promise<string[]> {
  return readDueForErasure(db, at, limit);
}

/** Who is about to be erased is joined to nobody. @throws Problem `being_erased` */
export function refuseErasing(...customers: readonly Pick<Customer, 'erase_at'>[]): void {
  if (customers.some(({ erase_at }) => erase_at !== null)) throw new Problem('being_erased');
}
