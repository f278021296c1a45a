import type { Db } from '../../base/db.ts';
import { raiseEra } from './customers-store.ts';

/**
 * From now on nothing goes further that was proven of this customer before and still waits to be finished. For whoever
 * ends their sessions: it holds the customer until the transaction ends.
 */
export function beginEra(tx: Db, customerId: string): Promise<void> {
  return raiseEra(tx, customerId);
}
