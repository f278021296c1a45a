import { sql } from 'kysely';
import { now } from './clock.ts';
import type { Db } from './db.ts';

const batch = 1000;
const graceMs = 24 * 3_600_000;

/**
 * Deletes the rows of a table whose `expires_at` is more than a day ago (until then they can still say "expired"
 * instead of "unknown"), in small transactions, skipping rows that someone holds.
 *
 * @param table a table with an index on its column `expires_at`
 * @returns how many rows went
 */
export async function deleteExpired(db: Db, table: string): Promise<number> {
  const before = new Date(now().getTime() - graceMs);
  const name = sql.table(table);
  for (let total = 0; ; ) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${name} where ctid = any(array(
        select ctid from ${name} where expires_at < ${before} order by expires_at limit ${batch} for update skip locked
      ))`.execute(db);
    total += Number(numAffectedRows);
    if (numAffectedRows < batch) return total;
  }
}
