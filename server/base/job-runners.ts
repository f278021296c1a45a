import pg from 'pg';
import type { Logger } from './log.ts';

// Who runs jobs holds this lock, shared, on a connection of its own; the database takes it from who is killed.
const running = 4_711_002;

/**
 * Says for as long as it is held that this process runs jobs. Jobs that a killed one was in the midst of would stay
 * locked for four hours: whoever begins when nobody runs any gives them back to the queue first.
 *
 * @param directUrl unpooled address of the database
 */
export async function holdJobs(directUrl: string, log: Logger): Promise<{ letGo(): Promise<void> }> {
  const client = new pg.Client({ connectionString: directUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', (fault) => log.warn({ err: fault }, 'The database forgot that this server runs jobs.'));
  await client.connect();
  const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [running]);
  if (rows[0]?.alone) await giveBackAbandoned(client);
  await client.query('select pg_advisory_lock_shared($1)', [running]);
  if (rows[0]?.alone) await client.query('select pg_advisory_unlock($1)', [running]);
  return { letGo: () => client.end().catch(() => undefined) };
}

async function giveBackAbandoned(client: pg.Client): Promise<void> {
  await client.query(`select graphile_worker.force_unlock_workers(array(
    select distinct locked_by from graphile_worker.jobs where locked_by is not null))`);
}
