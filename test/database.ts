import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { openVault } from '../server/base/crypto.ts';
import { type Database, openDatabase } from '../server/base/db.ts';
import { openErasureKey } from '../server/base/erased.ts';
import { migrate } from '../server/base/migrate.ts';
import { testPostgres } from './postgres.ts';

/** Of databases without a server. */
export const testVault = openVault([Buffer.alloc(32, 1)]);

/** Runs `act` with a fresh, migrated database of its own (a copy of a template), dropped afterwards. */
export async function withTestDatabase<T>(act: (url: string) => Promise<T>): Promise<T> {
  const { url, drop } = await createTestDatabase();
  try {
    return await act(url);
  } finally {
    await drop();
  }
}

/** Runs `act` with a database in which there is nothing at all, dropped afterwards. */
export async function withEmptyDatabase<T>(act: (url: string) => Promise<T>): Promise<T> {
  const server = await testPostgres();
  const name = `regulars_test_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name}`);
  try {
    return await act(databaseUrl(server, name));
  } finally {
    await run(server, `drop database ${name} with (force)`);
  }
}

/** A fresh, migrated database and its pool, for one test file: `const { db, close } = await testDatabase()`. */
export async function testDatabase(): Promise<Database & { url: string }> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase(url, 8);
  await openErasureKey(database.db, testVault);
  return {
    ...database,
    url,
    async close() {
      await database.close();
      await drop();
    },
  };
}

let template: Promise<string> | undefined;

/** Makes a fresh, migrated database; the caller drops it. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await testPostgres();
  template ??= ensureTemplate(server);
  const name = `regulars_test_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name} template ${await template} strategy file_copy`);
  return { url: databaseUrl(server, name), drop: () => run(server, `drop database ${name} with (force)`) };
}

/** The template is named after the migrations, so that it is made once and never stale; looked for once in a process. */
async function ensureTemplate(server: string): Promise<string> {
  const folder = new URL('../server/migrations/', import.meta.url);
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort()) hash.update(await readFile(new URL(file, folder)));
  hash.update(await readFile(new URL('../package-lock.json', import.meta.url))); // the job queue's tables
  const name = `regulars_template_${hash.digest('hex').slice(0, 16)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    // Test files run in parallel processes: one makes the template, the others wait.
    await client.query('select pg_advisory_lock(7348202)');
    const found = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name]);
    if (found.rowCount === 0) {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query(`create database ${name}`);
      await migrate(databaseUrl(server, name));
      await client.query(`alter database ${name} is_template true`);
    }
  } finally {
    await client.end();
  }
  return name;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function run(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
