import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { lookAtSession } from './records.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

test('what a session was last used for costs the same however often the customer came', async () => {
  const { db } = database;
  const [customer, brand] = [uuid(), uuid()];
  // The newest third is by another session.
  await sql`insert into sign_ins (id, customer, subject, portal, brand, connection, amr, at)
    select md5(n::text)::uuid, ${customer}, ${customer}, 'shop', ${brand}, 'at ' || n, '{pwd}', now() + n * interval '1 s'
    from generate_series(1, 3000) n`.execute(db);
  await sql`insert into grants (id, customer, portal, sign_in, session_uid, payload, created_at, expires_at)
    select n::text, ${customer}, 'shop', md5(n::text)::uuid, case when n > 2000 then 'other' else 'this' end, '{}',
      now() + n * interval '1 s', now() + interval '1 day'
    from generate_series(1, 3000) n`.execute(db);
  await db.connection().execute(async (one) => {
    const before = await rowsRead(one);
    const { last } = await lookAtSession(one, { uid: 'this', customer }, { brand, cookieHash: null });
    assert.equal(last?.connection, 'at 2000');
    const rows = (await rowsRead(one)) - before;
    assert.ok(rows < 20, `${rows} rows were read`);
  });
});

/** How many rows of sign-ins and grants were read so far, by an index or without. */
async function rowsRead(db: Db): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ count: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as count from pg_stat_user_tables
    where relname in ('grants', 'sign_ins')`.execute(db);
  return rows[0]?.count ?? 0;
}
