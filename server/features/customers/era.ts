import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Customer } from './customer.ts';
import { lockEra, raiseEra } from './customers-store.ts';

/**
 * From now on nothing goes further that was proven of this customer before and still waits to be finished. For whoever
 * ends their sessions: it holds the customer until the transaction ends.
 */
export function beginEra(tx: Db, customerId: string): Promise<void> {
  return raiseEra(tx, customerId);
}

/**
 * Holds the customer in the era in which they were proven, until the transaction ends.
 *
 * @throws Problem `flow_expired` when another one has begun, or they were merged
 */
export async function holdEra(tx: Db, { id, era }: Pick<Customer, 'id' | 'era'>): Promise<void> {
  if ((await lockEra(tx, id)) !== era) throw new Problem('flow_expired');
}
