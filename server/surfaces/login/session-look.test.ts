import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { give } from '../../features/consents/consents.ts';
import { createCustomer, identitiesOf } from '../../features/customers/customers.ts';
import { lookAtSession, lookAtSessionForCode } from './records.ts';

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

test('where code will run, what it is told comes with the look, with instants of any time and in any time zone', async () => {
  const { db } = database;
  // Paris was 9 minutes and 21 seconds before Greenwich by then.
  const at = new Date('1900-01-01T00:00:00.123Z');
  const identity = { provider: 'github', connection: 'github', isSocial: true, sealedTokens: 'sealed', facts: [] };
  const made = await createCustomer(db, { ...identity, profileData: { id: '1', none: null }, proofs: [], at });
  const { subject, customer } = made;
  const said = { subject, brand: uuid(), purpose: 'email', version: '1', wording: '', language: 'en' } as const;
  await give(db, { ...said, given: true, source: 'import', at });
  await give(db, { ...said, given: false, source: 'account', at: new Date() });
  await db.connection().execute(async (one) => {
    await sql`set time zone 'Europe/Paris'`.execute(one);
    const session = { uid: 'none', customer: customer.id };
    const by = { brand: said.brand, cookieHash: null };
    const { ahead, ...look } = await lookAtSessionForCode(one, session, by);
    assert.deepEqual(look, await lookAtSession(one, session, by));
    assert.deepEqual(await ahead?.kept(), {
      identities: [{ identity: (await identitiesOf(one, customer.id))[0], sealedTokens: 'sealed' }],
      consents: [{ brand: said.brand, purpose: 'email', topic: null, state: 'withdrawn' }],
    });
    await sql`reset time zone`.execute(one);
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
