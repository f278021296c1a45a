import type { Db } from '../../base/db.ts';
import { readCustomer, setPrimarySubject } from './customers-store.ts';
import { readIdentitiesOf } from './identities-store.ts';

/** Keeps the customer's primary identity if it is still the customer's; else the oldest identity becomes it. */
export async function choosePrimary(tx: Db, customerId: string): Promise<void> {
  const customer = await readCustomer(tx, customerId);
  const [first] = (await readIdentitiesOf(tx, [customerId])).get(customerId) ?? [];
  if (customer && first && first.subject !== customer.primary_subject) {
    await setPrimarySubject(tx, customerId, first.subject);
  }
}
