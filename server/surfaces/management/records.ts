import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

/** Servers that start at once go on from here one after the other, each until its transaction ends. */
export async function lockFirstStart(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('regulars:first_start'))`.execute(tx);
}
