import { sql } from 'kysely';
import pg from 'pg';
import { type Db, transact } from './db.ts';
import { Problem } from './errors.ts';

const patienceMs = 2000;

/**
 * Reads what may cost more the more customers there are, and gives up after two seconds, unless said otherwise.
 *
 * @throws Problem `busy`
 */
export async function patiently<T>(db: Db, act: (tx: Db) => Promise<T>, forMs = patienceMs): Promise<T> {
  try {
    return await transact(db, async (tx) => {
      // To compile a plan takes longer than what is asked here.
      await sql`select set_config('statement_timeout', ${String(forMs)}, true), set_config('jit', 'off', true)`.execute(
        tx,
      );
      return act(tx);
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '57014')) throw error;
    throw new Problem('busy', 'The query exceeded the timeout. Please ask for less.');
  }
}
