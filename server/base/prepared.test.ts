import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { withTestDatabase } from '../../test/database.ts';
import { type Database, openDatabase } from './db.ts';
import { statement } from './statement.ts';

const over = Promise.withResolvers<void>();
let one: Database;
let many: Database;
let held: Promise<void>;
before(async () => {
  const opened = Promise.withResolvers<void>();
  held = withTestDatabase(async (url) => {
    one = openDatabase(url, 1);
    many = openDatabase(url, 4);
    opened.resolve();
    await over.promise;
    await Promise.all([one.close(), many.close()]);
  });
  await Promise.race([opened.promise, held]);
});
after(async () => {
  over.resolve();
  await held;
});

const values = [
  ['text', 'plain'],
  ['text', ''],
  ['text', 'Ünïcode \u{1f33f} \ud800 "quoted" \\ {a,b}'],
  ['text', 'long '.repeat(40_000)],
  ['text', null],
  ['text', undefined],
  ['integer', 2_147_483_647],
  ['bigint', 9_007_199_254_740_993n],
  ['double precision', -0.1],
  ['numeric', '12345678901234567890.5'],
  ['boolean', true],
  ['boolean', false],
  ['bytea', Buffer.from([0, 1, 255, 92])],
  ['bytea', Buffer.alloc(0)],
  ['bytea', new Uint8Array([1, 2])],
  ['timestamptz', new Date('2026-02-28T23:59:59.999Z')],
  ['timestamptz', new Date('0001-01-01T00:00:00Z')],
  ['timestamptz', new Date('-000044-03-15T12:00:00Z')],
  ['timestamptz', new Date('+010000-01-01T00:00:00Z')],
  ['timestamptz', 'infinity'],
  ['date', '2024-02-29'],
  ['uuid', '0190b7a2-0000-7000-8000-000000000001'],
  ['inet', '2001:db8::1'],
  ['jsonb', '{"a": [1, null, "ä"]}'],
  ['jsonb', 'null'],
  ['jsonb', { an: 'object' }],
  ['text[]', ['a', null, 'b "c"']],
  ['integer[]', [1, 2, 3]],
  ['text[]', []],
] as const;

test('a planned statement takes and gives the same values as the driver', async () => {
  for (const [type, value] of values) {
    const text = `select $1::${type} as value, $1::${type} is null as missing, $2::text as other, null as nothing`;
    const given = [value, 'beside it'];
    const expected = (await one.pool.query(text, given)).rows;
    const run = statement(text);
    assert.deepEqual(await run(one.db, given), expected, `${type} ${String(value)}, the first time`);
    assert.deepEqual(await run(one.db, given), expected, `${type} ${String(value)}, planned`);
  }
});

test('many rows, none, and rows without columns', async () => {
  const rows = statement<{ n: number; as_text: string | null }>(
    'select n, case when n % 2 = 0 then repeat(n::text, 50) end as as_text from generate_series(1, $1::integer) n',
  );
  const nothing = statement('select from generate_series(1, $1::integer)');
  const written = statement("delete from settings where name = 'no such ' || $1::text");
  for (const count of [3, 0, 5000, 1]) {
    const found = await rows(one.db, [count]);
    assert.equal(found.length, count);
    assert.deepEqual(
      found.map(({ n }) => n),
      Array.from({ length: count }, (_, i) => i + 1),
    );
    assert.ok(found.every((row) => row.as_text === (row.n % 2 === 0 ? `${row.n}`.repeat(50) : null)));
    assert.equal((await nothing(one.db, [count])).length, count);
    assert.deepEqual(await written(one.db, ['one']), []);
  }
});

test('many at once, on fewer connections: each gets its own rows', async () => {
  const echo = statement<{ told: string }>('select $1::text as told from pg_sleep(random() * 0.005)');
  const asked = Array.from({ length: 200 }, (_, i) => `call ${i}`);
  const answers = await Promise.all(asked.map((one) => echo(many.db, [one])));
  assert.deepEqual(
    answers.map(([row]) => row?.told),
    asked,
  );
});

test('what a planned statement is refused is told, with where it was asked', async () => {
  const divide = statement<{ result: number }>('select 10 / $1::integer as result');
  for (let n = 0; n < 3; n += 1) assert.deepEqual(await divide(many.db, [5]), [{ result: 2 }]);
  for (let n = 0; n < 8; n += 1) {
    await assert.rejects(divide(many.db, [0]), { code: '22012', severity: 'ERROR' });
    await assert.rejects(divide(many.db, ['no number']), { code: '22P02' });
    assert.deepEqual(await divide(many.db, [2]), [{ result: 5 }]);
  }
  async function someVerb() {
    await divide(many.db, [0]);
  }
  await assert.rejects(someVerb(), ({ stack }: Error) => stack?.includes('someVerb') === true);
  await assertAllThere(many.pool);
});

test('a connection that is killed ends its statement alone, and another takes its place', async () => {
  const slowly = 'select pg_backend_pid() as pid, pg_sleep($1::double precision)';
  const slow = statement<{ pid: number }>(slowly);
  const beside = statement<{ pid: number }>(`${slowly} as beside`);
  // On every connection they are planned first.
  await Promise.all(Array.from({ length: 8 }, () => slow(many.db, [0.05])));
  await Promise.all(Array.from({ length: 8 }, () => beside(many.db, [0.05])));
  const failures = Promise.allSettled([slow(many.db, [30]), slow(many.db, [30])]);
  const kept = beside(many.db, [1]);
  const active = statement<{ pid: number }>(
    "select pid from pg_stat_activity where state = 'active' and query = $1::text",
  );
  let pids: { pid: number }[] = [];
  while (pids.length < 2) pids = await active(one.db, [slowly]);
  await one.pool.query(
    'select pg_terminate_backend($1), pg_cancel_backend($2)',
    pids.map(({ pid }) => pid),
  );
  const outcomes = await failures;
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code).sort();
  assert.deepEqual(codes, ['57014', '57P01'], 'one cancelled, one terminated');
  assert.equal((await kept).length, 1);
  assert.equal((await Promise.all(Array.from({ length: 8 }, () => slow(many.db, [0])))).length, 8);
  await assertAllThere(many.pool);
});

test('an idle connection that is killed is not noticed by who comes next', async () => {
  const ask = statement<{ pid: number }>('select pg_backend_pid() as pid where $1::boolean');
  const [before] = await ask(one.db, [true]);
  const [again] = await ask(one.db, [true]);
  assert.deepEqual(again, before);
  await many.pool.query('select pg_terminate_backend($1)', [before?.pid]);
  while (one.pool.totalCount > 0) await new Promise((soon) => setTimeout(soon, 10));
  const [next] = await ask(one.db, [true]);
  assert.notEqual(next?.pid, before?.pid);
});

test('columns that change under a plan fail once; then it is planned anew', async () => {
  await one.pool.query('create table things (id integer); insert into things values (1)');
  const all = statement('select * from things where id = $1::integer');
  for (let n = 0; n < 2; n += 1) assert.deepEqual(await all(one.db, [1]), [{ id: 1 }]);
  await one.pool.query("alter table things add column name text default 'new'");
  await assert.rejects(all(one.db, [1]), { code: '0A000' });
  for (let n = 0; n < 2; n += 1) assert.deepEqual(await all(one.db, [1]), [{ id: 1, name: 'new' }]);
});

test('a pool that is closed says so', async () => {
  await withTestDatabase(async (url) => {
    const database = openDatabase(url, 1);
    const ask = statement('select $1::integer as n');
    await ask(database.db, [1]);
    await database.pool.end();
    await assert.rejects(ask(database.db, [1]), /after calling end/);
  });
});

/** Nobody keeps a connection, and nothing listens to one twice. */
async function assertAllThere(pool: pg.Pool): Promise<void> {
  assert.equal(pool.idleCount, pool.totalCount);
  assert.equal(pool.waitingCount, 0);
  const client = await pool.connect();
  assert.equal(client.listenerCount('error'), 0);
  client.release();
}
