import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { testBase } from '../../test/base.ts';
import { transact } from './db.ts';
import { addJob, type Job, runJobs } from './jobs.ts';
import type { Json } from './json.ts';

const base = await testBase();
after(() => base.close());
const { db } = base;
const name = (await sql<{ name: string }>`select current_database() as name`.execute(db)).rows[0]?.name ?? '';
const url = new URL(process.env.TEST_DATABASE_URL ?? '');
url.pathname = `/${name}`;

/** Runs jobs and keeps what they were given. */
async function run(job: Job = async () => undefined) {
  const done: Json[] = [];
  const running = await runJobs(
    base,
    url.href,
    {
      async work(at, payload) {
        done.push(payload);
        await job(at, payload);
      },
    },
    [],
  );
  return { done, running };
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await is())) {
    assert.ok(Date.now() < deadline, 'it did not happen within 20 s');
    await pause(20);
  }
}

async function waiting(): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from graphile_worker._private_jobs`.execute(db);
  return Number(rows[0]?.count);
}

test('what a killed server was in the midst of is run by the next one, if no other server runs jobs', async () => {
  const abandon = () =>
    sql`update graphile_worker._private_jobs set locked_by = 'worker-killed', locked_at = now()`.execute(db);
  await addJob(db, 'work', { n: 1 });
  await abandon();
  const next = await run();
  await until(() => next.done.length === 1);
  await addJob(db, 'work', { n: 2 }, { runAt: new Date(Date.now() + 3_600_000) });
  await abandon();
  const other = await run();
  await pause(300);
  const { rows } = await sql<{ locked_by: string }>`select locked_by from graphile_worker.jobs`.execute(db);
  assert.deepEqual(rows, [{ locked_by: 'worker-killed' }], 'it may be the work of the one that runs');
  await Promise.all([next.running.stop(1000), other.running.stop(1000)]);
  await sql`delete from graphile_worker._private_jobs`.execute(db);
});

test('a job exists exactly if its transaction commits', async () => {
  const { done, running } = await run();
  await transact(db, (tx) => addJob(tx, 'work', { n: 1 }));
  await assert.rejects(
    transact(db, async (tx) => {
      await addJob(tx, 'work', { n: 2 });
      throw new Error('no');
    }),
  );
  await until(() => done.length > 0);
  await running.stop(1000);
  assert.deepEqual(done, [{ n: 1 }]);
  assert.equal(await waiting(), 0);
});

test('a key replaces what waits, runAt delays, a failed job is tried again', async () => {
  await addJob(db, 'work', { n: 1 }, { key: 'one' });
  await addJob(db, 'work', { n: 2 }, { key: 'one' });
  await addJob(db, 'work', { n: 3 }, { runAt: new Date(Date.now() + 3_600_000), key: 'later' });
  let failed = false;
  const { done, running } = await run(async () => {
    if (failed) return;
    failed = true;
    throw new Error('the first time');
  });
  await until(() => done.length === 2);
  assert.deepEqual(done, [{ n: 2 }, { n: 2 }]);
  await running.stop(1000);
  await sql`delete from graphile_worker._private_jobs`.execute(db);
});

test('stop waits for a job that runs, but not for ever; what was cut off is tried again', async () => {
  await addJob(db, 'work', { n: 1 });
  const quick = await run(() => pause(300));
  await until(() => quick.done.length === 1);
  await quick.running.stop(5000);
  assert.equal(await waiting(), 0, 'it ended first');

  await addJob(db, 'work', { n: 2 });
  const slow = await run(() => pause(60_000, undefined, { ref: false }));
  await until(() => slow.done.length === 1);
  const begin = Date.now();
  await slow.running.stop(200);
  assert.ok(Date.now() - begin < 5000, `stop took ${Date.now() - begin} ms`);
  const locked = await sql`select from graphile_worker._private_jobs where locked_at is not null`.execute(db);
  assert.equal(locked.rows.length, 0, 'another server may take it');
  assert.equal(await waiting(), 1);
  await sql`delete from graphile_worker._private_jobs`.execute(db);
});

test('jobs go on after the database threw every connection out', async () => {
  const { done, running } = await run();
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  await until(
    async () =>
      await addJob(db, 'work', { n: 1 }).then(
        () => true,
        () => false,
      ),
  );
  await until(() => done.length > 0);
  await running.stop(1000);
});
