import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { lockCustomers } from '../../features/customers/customers.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import type { AccountVisit } from './account-visit.ts';

/**
 * Changes how one comes in while the customer is held: of two changes at once the later sees what the earlier wrote, and
 * whoever's sessions are ended at this moment changes nothing any more.
 *
 * @throws Problem `flow_expired`
 */
export function whileSignedIn<T>({ base, owner, session }: AccountVisit, change: (tx: Db) => Promise<T>): Promise<T> {
  return transact(base.db, async (tx) => {
    const [living] = await lockCustomers(tx, [owner.customer.id]);
    const isThere = living === owner.customer.id && (await isSessionAlive(tx, session.uid));
    if (!isThere) throw new Problem('flow_expired');
    return change(tx);
  });
}
