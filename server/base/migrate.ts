import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const folder = new URL('../migrations/', import.meta.url);
// Any fixed number: it only has to be the same in every server that migrates this database.
const lock = 7_348_201;

/**
 * Brings the database to the newest migration. Several servers may call it at once: one does the work, the others
 * wait and find it done. A migration that was changed after it ran stops the start.
 *
 * @returns names of the migrations that this call ran
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, ran_at timestamptz not null)',
    );
    const done = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations');
    const checksums = new Map(done.rows.map((row) => [row.name, row.checksum]));
    const ran: string[] = [];
    for (const { name, sql } of await readMigrations()) {
      const checksum = createHash('sha256').update(sql).digest('hex');
      const known = checksums.get(name);
      if (known === checksum) continue;
      if (known) throw new Error(`Migration ${name} was changed after it ran on this database.`);
      await runOne(client, name, sql, checksum);
      ran.push(name);
    }
    return ran;
  } finally {
    await client.end(); // gives the lock back
  }
}

/** Names of the migrations that this program has and the database has not. Throws when it cannot be asked. */
export async function pendingMigrations(client: pg.Pool): Promise<string[]> {
  const files = await readMigrations();
  const known = await client.query<{ name: string }>('select name from migrations');
  const done = new Set(known.rows.map((row) => row.name));
  return files.map((file) => file.name).filter((name) => !done.has(name));
}

async function readMigrations(): Promise<{ name: string; sql: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(new URL(name, folder), 'utf8') })));
}

async function runOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into migrations (name, checksum, ran_at) values ($1, $2, now())', [name, checksum]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
