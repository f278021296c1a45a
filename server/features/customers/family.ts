import type { Db } from '../../base/db.ts';
import { readMergedInto } from './erase-store.ts';

/** Internal ids of a customer and of all that were merged into it. */
export function familyOf(db: Db, customerId: string): Promise<string[]> {
  return readMergedInto(db, customerId);
}

/** Those of these internal ids whose customers were not erased; merged ones are there. */
export async function livingOf(db: Db, customerIds: readonly string[]): Promise<Set<string>> {
  return new Set((await userIdsOf(db, customerIds)).keys());
}

/** The `user_id` of each of these internal ids that was not erased; that of a merged one still leads to the winner. */
export async function userIdsOf(db: Db, customerIds: readonly string[]): Promise<Map<string, string>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db.selectFrom('customers').select(['id', 'user_id']).where('id', 'in', customerIds).execute();
  return new Map(rows.map(({ id, user_id }) => [id, user_id]));
}
