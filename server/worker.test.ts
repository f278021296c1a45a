import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { sql } from 'kysely';
import { testBase } from '../test/base.ts';
import { addJob } from './base/jobs.ts';
import { crons, expiring, jobs } from './worker.ts';

const base = await testBase();
after(() => base.close());

test('every table whose rows expire is emptied by the clock', async () => {
  const found = await sql<{ name: string }>`
    select t.relname as name from pg_attribute a join pg_class t on t.oid = a.attrelid
    where a.attname = 'expires_at' and t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace
    order by 1`.execute(base.db);
  assert.deepEqual(
    [...expiring].sort(),
    found.rows.map(({ name }) => name),
  );
});

test('what expired a day ago is deleted, however many rows; what is younger stays', async () => {
  const day = 24 * 3_600_000;
  await sql`
    insert into attempts (scope, key, window_start, count, expires_at)
    select 'test', int4send(n), now(), 1, ${new Date(Date.now() - day)}::timestamptz - make_interval(secs => n - 1)
    from generate_series(0, 2500) n`.execute(base.db);
  await jobs.delete_expired?.(base, null);
  const left = await base.db.selectFrom('attempts').select('expires_at').execute();
  assert.equal(left.length, 1, 'only the one whose day is not over');
});

test('a sign-in is forgotten when it is a day old and no grant points to it', async () => {
  const [customer, old, used, fresh] = Array.from({ length: 4 }, () => crypto.randomUUID());
  const insert = (id: string | undefined, hours: number) =>
    sql`insert into sign_ins (id, customer, subject, portal, brand, connection, amr, at)
      values (${id}, ${customer}, ${customer}, 'p', ${customer}, 'c', '{pwd}', ${new Date(Date.now() - hours * 3_600_000)})`.execute(
      base.db,
    );
  await insert(old, 25);
  await insert(used, 25);
  await insert(fresh, 23);
  await sql`insert into grants (id, customer, portal, sign_in, payload, created_at, expires_at)
    values ('g', ${customer}, 'p', ${used}, '{}', now(), now())`.execute(base.db);
  await jobs.delete_old_sign_ins?.(base, null);
  const left = await base.db.selectFrom('sign_ins').select('id').execute();
  assert.deepEqual(new Set(left.map(({ id }) => id)), new Set([used, fresh]));
});

test('a job that was given up is kept for a day, and one that still waits is not touched', async () => {
  for (const sub of ['given-up', 'given-up-today', 'waits']) await addJob(base.db, 'backchannel_logout', { sub });
  const age = (sub: string, attempts: number, hours: number) =>
    sql`update graphile_worker._private_jobs set attempts = ${attempts},
      updated_at = now() - make_interval(hours => ${hours}) where payload ->> 'sub' = ${sub}`.execute(base.db);
  await age('given-up', 25, 25);
  await age('given-up-today', 25, 23);
  await age('waits', 24, 25);
  await jobs.delete_expired?.(base, null);
  const left = await sql<{ sub: string }>`
    select payload ->> 'sub' as sub from graphile_worker._private_jobs
    where payload ->> 'sub' is not null order by 1`.execute(base.db);
  assert.deepEqual(
    left.rows.map(({ sub }) => sub),
    ['given-up-today', 'waits'],
  );
});

test('the months of the timeline are made ahead', async () => {
  const later = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 5, 15));
  mock.timers.enable({ apis: ['Date'], now: later });
  try {
    await jobs.keep_timeline?.(base, null);
  } finally {
    mock.timers.reset();
  }
  const name = `timeline_sign_in_${later.getUTCFullYear()}06`;
  const found = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(base.db);
  assert.ok(found.rows[0]?.there);
});

test('crons start jobs that exist, and all queued names are jobs', async () => {
  for (const { job } of crons) assert.ok(jobs[job], job);
  await addJob(base.db, 'send_mail', {});
  const queued = await sql<{ name: string }>`select identifier as name from graphile_worker._private_tasks`.execute(
    base.db,
  );
  for (const { name } of queued.rows) assert.ok(jobs[name], name);
});
