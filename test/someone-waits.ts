import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../server/base/db.ts';

/** Resolves when some request to this database waits for a lock: for races with a certain end. */
export async function someoneWaits(db: Db): Promise<void> {
  for (let waits = false; !waits; await sleep(5)) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    waits = rows.length > 0;
  }
}
