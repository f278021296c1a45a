import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../server/base/embedded-postgres.ts';
import { openLog } from '../server/base/log.ts';

const quiet = openLog({ write: () => undefined });
const writer = fileURLToPath(new URL('embedded-writer.ts', import.meta.url));

/** An empty data folder that PostgreSQL's user can reach, removed at the end. */
export async function dataFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'regulars-data-'));
  await chmod(path, 0o711);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the embedded PostgreSQL of a folder, without a word; left at the end of a test, also of one that fails. */
export async function startQuietly(folder: string): Promise<EmbeddedPostgres & AsyncDisposable> {
  const postgres = await startEmbeddedPostgres(folder, quiet);
  return { ...postgres, [Symbol.asyncDispose]: () => postgres.stop() };
}

/** The process id of the PostgreSQL that runs in a data folder. */
export async function postmasterOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** Runs the writer until it has had `rows` rows acknowledged and `ms` more, then kills it; all of it if so wished. */
export async function writeAndKill(folder: string, wish: { rows: number; ms: number; database: boolean }) {
  const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  const ended = new Promise((done) => child.once('close', done));
  child.once('exit', () => reject(new Error('the writer ended by itself')));
  child.stdout.on('data', (chunk) => {
    told += chunk;
    if (told.split('\n').length > wish.rows) resolve();
  });
  await enough;
  await pause(wish.ms);
  const postmaster = await postmasterOf(folder);
  child.kill('SIGKILL');
  if (wish.database) process.kill(postmaster, 'SIGKILL');
  await ended;
  return { acknowledged: told.split('\n').slice(0, -1).map(Number), postmaster };
}

/** Fails if one of these rows is not there. */
export async function assertRows(url: string, numbers: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ number: number }>('select number from acknowledged');
    const there = new Set(found.rows.map(({ number }) => number));
    const lost = numbers.filter((number) => !there.has(number));
    assert.deepEqual(lost, [], 'acknowledged rows that are lost');
  } finally {
    await client.end();
  }
}
