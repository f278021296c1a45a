import { type Db, transact } from '../../base/db.ts';
import { identitiesOf, lockCustomers, subjectsOf } from '../customers/customers.ts';

/** Writes on the subject that stands first; a merge at the same time waits. */
export function onSubject<T>(
  db: Db,
  customerId: string,
  write: (tx: Db, subject: string, living: string) => Promise<T>,
): Promise<T> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const [identity] = await identitiesOf(tx, living);
    const subject = identity?.subject ?? (await subjectsOf(tx, living))[0];
    if (subject === undefined) throw new Error(`customer ${living} has no subject`);
    return write(tx, subject, living);
  });
}
