import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../server/base/embedded-postgres.ts';
import { openLog } from '../server/base/log.ts';

/** Address of the PostgreSQL server that tests make their databases on, given by `scripts/test.ts`. */
export async function testPostgres(): Promise<string> {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('Set TEST_DATABASE_URL, or run tests by `npm test`.');
  return url;
}

// To make and drop a database of a thousand files takes a quarter of the processor time in memory that it takes on a disk.
const memoryDisk = '/dev/shm';
const roomBytes = 4 * 2 ** 30;

/** Where databases of tests live: in memory, where the system has a disk there with room for them. */
async function placeOfDatabases(): Promise<string> {
  const disk = await statfs(memoryDisk).catch(() => undefined);
  return disk && disk.bavail * disk.bsize > roomBytes ? memoryDisk : tmpdir();
}

/**
 * Sees to it that `TEST_DATABASE_URL` is set for this process and its children: if it is not, an embedded PostgreSQL
 * is started in a temporary folder, without durability and with many connections, and removed at the end.
 */
export async function ensureTestPostgres(): Promise<AsyncDisposable> {
  if (process.env.TEST_DATABASE_URL) return { [Symbol.asyncDispose]: async () => undefined };
  const folder = await mkdtemp(join(await placeOfDatabases(), 'regulars-test-'));
  await chmod(folder, 0o711); // when root runs the tests, another user runs PostgreSQL
  const log = openLog();
  log.level = 'warn';
  const postgres = await startEmbeddedPostgres(folder, log, {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
  });
  process.env.TEST_DATABASE_URL = postgres.url;
  return {
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
