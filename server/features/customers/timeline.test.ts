import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity } from '../../../test/people.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

const row = (subject: string, name: string, timelineClass: customers.TimelineClass = 'sign_in') =>
  ({ class: timelineClass, subject, source: 'login', name, occurredAt: new Date() }) as const;

/** Names of everything that a follower sees from here on. */
async function followAll(from: customers.TimelinePosition | undefined, limit = 3) {
  const names: string[] = [];
  let position = from;
  for (;;) {
    const next = await customers.followTimeline(db, position, limit);
    names.push(...next.entries.map(({ name }) => name));
    position = next.position;
    if (next.entries.length < limit) return { names, position };
  }
}

/** Follows until so many rows came: any transaction of the whole server, also of another test's, holds them back. */
async function followUntil(from: customers.TimelinePosition | undefined, count: number) {
  const names: string[] = [];
  let position = from;
  for (const end = Date.now() + 30_000; names.length < count && Date.now() < end; ) {
    const next = await followAll(position);
    names.push(...next.names);
    position = next.position;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { names, position };
}

/** A follower that has seen all there is: it comes behind a row of its own. */
async function upToDate(subject: string) {
  let position: customers.TimelinePosition | undefined = (await followAll(undefined, 1000)).position;
  await customers.appendTimeline(db, [row(subject, 'now')]);
  for (let seen: string[] = []; !seen.includes('now'); ) ({ names: seen, position } = await followUntil(position, 1));
  return position;
}

test('a timeline is that of all subjects, the newest first, by page and by mark', async () => {
  const one = await customers.createCustomer(db, networkIdentity('github', 't1'));
  const two = await customers.addIdentity(db, one.customer.id, networkIdentity('apple', 't1'));
  const names = Array.from({ length: 7 }, (_, index) => `n${index}`);
  for (const [index, name] of names.entries()) {
    await customers.appendTimeline(db, [row(index % 2 ? one.subject : two.subject, name)]);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await customers.appendTimeline(db, [row(one.subject, 'other class', 'security')]);

  const { id } = one.customer;
  const classes = ['sign_in'] as const;
  const newest = names.toReversed();
  const pages = await Promise.all([0, 1, 2].map((page) => customers.timelineOf(db, id, { perPage: 3, page, classes })));
  assert.deepEqual(
    pages.flatMap(({ entries }) => entries.map(({ name }) => name)),
    newest,
  );
  const read: string[] = [];
  let before: string | undefined;
  do {
    const { entries, next } = await customers.timelineOf(db, id, { perPage: 3, before, classes });
    read.push(...entries.map(({ name }) => name));
    before = next;
  } while (before);
  assert.deepEqual(read, newest);
  assert.equal(await customers.countTimeline(db, id, { classes }), 7);
  assert.equal(await customers.countTimeline(db, id), 8);
});

test('rows appended together keep their order', async () => {
  const { subject, customer } = await customers.createCustomer(db, networkIdentity('github', 't2'));
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await customers.appendTimeline(
    db,
    names.map((name) => row(subject, name)),
  );
  const { entries } = await customers.timelineOf(db, customer.id, { perPage: 50 });
  assert.deepEqual(entries.map(({ name }) => name).toReversed(), names);
});

test('a mark that is none is refused', async () => {
  const { customer } = await customers.createCustomer(db, networkIdentity('github', 't3'));
  for (const before of ['', 'x', "1'; drop table timeline", Buffer.from('1.x').toString('base64url')]) {
    await assert.rejects(customers.timelineOf(db, customer.id, { perPage: 3, before }), (error) =>
      isProblem(error, 'invalid_query'),
    );
  }
});

test('who follows the timeline skips nothing of a transaction that commits late', async () => {
  const { subject } = await customers.createCustomer(db, networkIdentity('github', 't4'));
  const from = await upToDate(subject);
  const late = new pg.Client({ connectionString: database.url });
  await late.connect();
  try {
    // The open transaction has its number before the other one begins, and commits after it.
    await late.query('begin');
    await late.query(
      `insert into timeline (id, class, subject, source, name, occurred_at, received_at)
       values (gen_random_uuid(), 'sign_in', $1, 'login', 'late', now(), now())`,
      [subject],
    );
    await customers.appendTimeline(db, [row(subject, 'early')]);
    const during = await followAll(from);
    assert.deepEqual(during.names, [], 'nothing is given that something late could come before');
    await late.query('commit');
    const afterwards = await followUntil(during.position, 2);
    assert.deepEqual(afterwards.names, ['late', 'early']);
    assert.deepEqual((await followAll(afterwards.position)).names, [], 'and nothing is given twice');
  } finally {
    await late.end();
  }
});

test('many who append at once: a follower sees each row once', async () => {
  const { subject } = await customers.createCustomer(db, networkIdentity('github', 't5'));
  const from = await upToDate(subject);
  const following = followUntil(from, 60);
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      transact(db, async (tx) => {
        await customers.appendTimeline(tx, [row(subject, `w${index}`)]);
        await sql`select pg_sleep(${(index % 5) / 500})`.execute(tx);
      }),
    ),
  );
  const { names, position } = await following;
  assert.equal(new Set(names).size, 60);
  assert.equal(names.length, 60);
  assert.deepEqual((await followAll(position)).names, []);
});

test('months are made ahead, by several at once, and what came before its month is moved into it', async () => {
  const { subject, customer } = await customers.createCustomer(db, networkIdentity('github', 't6'));
  const far = new Date('2031-05-17T12:00:00Z');
  await sql`insert into timeline (id, class, subject, source, name, occurred_at, received_at)
    values (gen_random_uuid(), 'sign_in', ${subject}, 'login', 'early bird', ${far}, ${far})`.execute(db);
  assert.equal(await partitionOf('early bird'), 'timeline_sign_in_rest');
  await Promise.all(Array.from({ length: 4 }, () => customers.ensureTimeline(db, far)));
  await customers.ensureTimeline(db, far);
  assert.equal(await partitionOf('early bird'), 'timeline_sign_in_203105');
  assert.equal(await customers.countTimeline(db, customer.id), 1);
});

test('months are those of UTC, whatever the server’s clock says', async () => {
  await transact(db, async (tx) => {
    await sql`set local timezone to 'Pacific/Auckland'`.execute(tx);
    await customers.ensureTimeline(tx, new Date('2033-01-15T00:00:00Z'));
  });
  const { subject } = await customers.createCustomer(db, networkIdentity('github', 't7'));
  const last = new Date('2033-01-31T23:59:59Z');
  await sql`insert into timeline (id, class, subject, source, name, occurred_at, received_at)
    values (gen_random_uuid(), 'sign_in', ${subject}, 'login', 'last second', ${last}, ${last})`.execute(db);
  assert.equal(await partitionOf('last second'), 'timeline_sign_in_203301');
});

test('after 13 months rows go, after 90 days IP addresses', async () => {
  const { subject, customer } = await customers.createCustomer(db, networkIdentity('github', 't8'));
  const today = new Date('2035-06-15T00:00:00Z');
  for (const day of ['2034-04-20', '2035-03-10', '2035-06-14']) {
    const at = new Date(`${day}T00:00:00Z`);
    await customers.ensureTimeline(db, at);
    await sql`insert into timeline (id, class, subject, source, name, occurred_at, received_at, ip)
      values (gen_random_uuid(), 'sign_in', ${subject}, 'login', ${day}, ${at}, ${at}, '192.0.2.1')`.execute(db);
  }
  await customers.trimTimeline(db, today);
  const { entries } = await customers.timelineOf(db, customer.id, { perPage: 10 });
  assert.deepEqual(
    entries.map(({ name, ip }) => [name, ip]),
    [
      ['2035-06-14', '192.0.2.1'],
      ['2035-03-10', null],
    ],
  );
});

async function partitionOf(name: string): Promise<string | undefined> {
  const found = await sql<{ table: string }>`
    select tableoid::regclass::text as table from timeline where name = ${name}`.execute(db);
  return found.rows[0]?.table;
}
