import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../server/base/db.ts';

/** Resolves when so many requests to this database wait for a lock: for races with a certain end. Throws after 20 s. */
export async function someoneWaits(db: Db, count = 1): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(5)) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows.length >= count) return;
  }
  throw new Error('Nobody waits for a lock.');
}
