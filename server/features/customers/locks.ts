import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { lockCustomerRows, lockEra, readLivingId } from './customers-store.ts';
import { readMembership } from './members-store.ts';

// Whoever writes for a subject, or changes whose it is, holds the row of its customer first: so two acts on one
// customer follow each other, and none sees half of the other.

/** Locks these customers until the transaction ends. Ids of merged ones mean the living one. @throws `not_found` */
export async function lockCustomers(tx: Db, ids: readonly string[]): Promise<string[]> {
  const [id] = ids;
  // One who lives is found and locked at once: whoever had to wait looks at the row as it is by then.
  if (id !== undefined && ids.length === 1 && (await lockEra(tx, id)) !== undefined) return [id];
  return lockFound(tx, async () => {
    const living: string[] = [];
    for (const id of ids) living.push((await readLivingId(tx, id)) ?? notFound());
    return living;
  });
}

/** Locks the customer whose subject this is; gives its id. @throws `not_found` */
export async function lockCustomerOf(tx: Db, subject: string): Promise<string> {
  const [customer] = await lockFound(tx, async () => [(await readMembership(tx, subject))?.customer ?? notFound()]);
  return customer ?? notFound();
}

/**
 * Finds, locks and finds again: while waiting for the lock, a merge may have changed who it is. Then the lock is given
 * back before the next try, for holding one and asking for another out of order could end in a deadlock.
 */
export async function lockFound(tx: Db, find: () => Promise<string[]>): Promise<string[]> {
  for (;;) {
    const ids = await find();
    await sql`savepoint customers_lock`.execute(tx);
    await lockCustomerRows(tx, ids);
    const again = await find();
    if (again.every((id, index) => id === ids[index])) {
      await sql`release savepoint customers_lock`.execute(tx);
      return ids;
    }
    await sql`rollback to savepoint customers_lock`.execute(tx);
  }
}

function notFound(): never {
  throw new Problem('not_found', 'The user does not exist.');
}
