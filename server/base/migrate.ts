import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { ConfigError } from './config.ts';
import { openQueuePool } from './db.ts';

const folder = new URL('../migrations/', import.meta.url);
// Any fixed number: it only has to be the same in every server that migrates this database.
const lock = 7_348_201;

const oldestMajor = 15;

/**
 * Brings the database to the newest migration, with the tables of the job queue. Several servers may call it at once:
 * one does the work, the others wait and find it done. A migration that was changed after it ran stops the start.
 *
 * @param url unpooled address of the database
 * @returns names of the migrations that this call ran
 * @throws ConfigError when the database cannot be reached or is too old
 */
export async function migrate(url: string): Promise<string[]> {
  const client = await connect(url);
  const pgPool = openQueuePool(url, 1);
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    // The job queue brings its own migrations; its only words are "done".
    await runMigrations({ pgPool, logger: new Logger(() => () => undefined) });
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
    await pgPool.end();
    await client.end(); // gives the lock back
  }
}

/** Names of the migrations that this program has and the database has not. Throws when it cannot be asked. */
export async function pendingMigrations(client: pg.Pool): Promise<string[]> {
  ourNames ??= readMigrations().then((all) => all.map(({ name }) => name));
  const names = await ourNames;
  const known = await client.query<{ name: string }>('select name from migrations');
  const done = new Set(known.rows.map((row) => row.name));
  return names.filter((name) => !done.has(name));
}

// Asked at every /readyz; the files of a running program do not change.
let ourNames: Promise<string[]> | undefined;

/**
 * Looks whether this is a database that we can work on.
 *
 * @throws ConfigError when it cannot be reached or is too old
 */
export async function checkDatabase(url: string): Promise<void> {
  const client = await connect(url);
  await client.end();
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const answer = await client.query<{ server_version: string }>('show server_version');
    const version = answer.rows[0]?.server_version ?? '';
    if (Number.parseInt(version, 10) >= oldestMajor) return client;
    throw new ConfigError(`DATABASE_URL must be a PostgreSQL ${oldestMajor} or newer, but it is ${version}.`);
  } catch (error) {
    await client.end().catch(() => undefined);
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`DATABASE_URL must be a database that answers: ${reason(error)}.`, { cause: error });
  }
}

/** What went wrong in a few words; a refused connection to `localhost` is one error for each of its addresses. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
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
