import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import type { Act, Customer } from './customer.ts';
import { readCustomer } from './customers-store.ts';
import { lockCustomers } from './locks.ts';
import { readMembers } from './members-store.ts';
import { refoldLocked } from './refold.ts';
import { setSubjectsBlocked } from './subjects-store.ts';
import { appendTimeline } from './timeline.ts';

/**
 * Blocks a customer, or lets it in again. Every subject is marked, so that unlinking is no way round it. Sessions are
 * the caller's to end.
 *
 * @throws Problem `not_found`
 */
export function setBlocked(db: Db, customerId: string, blocked: boolean, { by, origin, at }: Act): Promise<Customer> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const before = await readCustomer(tx, living);
    await setSubjectsBlocked(tx, await readMembers(tx, living), blocked);
    const customer = await refoldLocked(tx, living, now());
    if (before && before.blocked !== blocked) {
      const name = blocked ? 'blocked' : 'unblocked';
      const subject = before.primary_subject;
      await appendTimeline(tx, [{ class: 'security', subject, source: by, name, occurredAt: at, data: { origin } }]);
    }
    return customer;
  });
}
