import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import { tagField } from './notes.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => {
  database = await testDatabase();
  const { db } = database;
  const all = sql`from generate_series(1, 50000) n`;
  await sql`insert into customers (id, user_id, primary_subject, created_at, updated_at)
    select md5('c' || n)::uuid, 'x|' || n, md5('s' || n)::uuid, now(), now() ${all}`.execute(db);
  await sql`insert into members (subject, customer, number, since, reason, act)
    select md5('s' || n)::uuid, md5('c' || n)::uuid, 1, now(), 'created', md5('s' || n)::uuid ${all}`.execute(db);
  await sql`insert into tags (subject, tag, author_kind, author, created_at)
    select md5('s' || n)::uuid, case when n % 5000 = 0 then 'rare' else 'tag' || n % 50 end, 'staff', 'x', now() ${all}
    where n % 5 = 0`.execute(db);
  await sql`analyze`.execute(db);
});
after(() => database.close());

test('who has a rare tag is found by the tag, however many customers there are', async () => {
  const { db } = database;
  const query = sql`select customers.id from customers where customers.merged_into is null and (${tagField(['rare'])})
    order by customers.created_at desc, customers.id desc limit 51`;
  const found = await query.execute(db);
  assert.equal(found.rows.length, 10);
  const explained = await sql<{ 'QUERY PLAN': string }>`explain ${query}`.execute(db);
  const plan = explained.rows.map((row) => row['QUERY PLAN']).join('\n');
  assert.match(plan, /tags_tag/, plan);
  assert.doesNotMatch(plan, /Seq Scan/, plan);
});
