import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { testDatabase } from '../../../test/database.ts';
import { findPlanted } from '../../../test/find-planted.ts';
import { act, networkIdentity, passwordIdentity, saying } from '../../../test/people.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { writeJson } from '../../base/json-stream.ts';
import { writeTogether } from '../../base/statement.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

const alone = () => ({ at: new Date(), endSessions: act().endSessions, others: [] });

/** A merged customer with something in every table of this feature; every value holds `mark`. */
async function plant(mark: string) {
  const at = new Date();
  const own = await customers.createCustomer(db, {
    ...passwordIdentity(`${mark}@example.com`, { proven: true, at }),
    userIdAtProvider: mark,
  });
  const told = { given_name: `Jane ${mark}`, email: `${mark}@gmail.com`, likes: [{ id: mark, name: mark }] };
  const google = await customers.createCustomer(db, {
    ...networkIdentity('google-oauth2', mark, told, { at }),
    sealedTokens: `sealed-${mark}`,
  });
  await customers.learn(db, own.subject, saying({ [`user_metadata.${mark}`]: mark }, { at, origin: mark }));
  await customers.learn(db, own.subject, saying({ [`user_metadata.${mark}`]: 'changed' }, { origin: mark }));
  await customers.merge(db, { ...act(), winner: own.customer.id, loser: google.customer.id });
  const device = { cookieHash: randomBytes(32), userAgent: `Browser ${mark}` };
  await customers.recordSignIn(db, { subject: google.subject, at, ip: '192.0.2.9', brand: uuid(), device });
  await writeTogether(db, [customers.placePart(google.subject, { country: 'FR', city: mark }, at)]);
  await customers.appendTimeline(db, [
    { class: 'sign_in', subject: google.subject, source: 'login', name: 'x', occurredAt: at, data: { mark } },
  ]);
  return { own, google };
}

test('an erased customer is found in no table, nor resolves', async () => {
  const { own, google } = await plant('planted1');
  assert.ok((await findPlanted(db, 'planted1')).length > 6, 'it was planted');
  await customers.removeCustomer(db, own.customer.id, alone());
  assert.deepEqual(await findPlanted(db, 'planted1'), []);
  assert.equal(await customers.findByUserId(db, own.customer.user_id), undefined);
  assert.equal(await customers.findByUserId(db, google.customer.user_id), undefined);
  assert.equal(await customers.findById(db, google.customer.id), undefined);
  await assert.rejects(customers.removeCustomer(db, own.customer.id, alone()), (error) =>
    isProblem(error, 'not_found'),
  );
});

test('every table that names subjects or customers is emptied of them', async () => {
  const { own, google } = await plant('planted2');
  const ids = [own.subject, google.subject];
  await customers.removeCustomer(db, own.customer.id, alone());
  const columns = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and data_type = 'uuid' and column_name like '%subject%'`.execute(db);
  assert.ok(columns.rows.length > 8);
  for (const { table, column } of columns.rows) {
    const left = await sql`select 1 from ${sql.table(table)} where ${sql.ref(column)} = any(${ids})`.execute(db);
    assert.equal(left.rows.length, 0, `${table}.${column}`);
  }
});

test('its ids are given to nobody again', async () => {
  const { own } = await plant('planted3');
  const { user_id } = own.customer;
  await customers.removeCustomer(db, own.customer.id, alone());
  const back = await customers.createCustomer(db, networkIdentity('google-oauth2', 'planted3'));
  assert.match(back.customer.user_id, /^google-oauth2\|[0-9a-f]{24}$/);
  const imported = { ...passwordIdentity('someone@example.com'), userId: user_id };
  await assert.rejects(customers.createCustomer(db, imported), (error) => isProblem(error, 'already_exists'));
});

test('a merge with somebody who was taken apart again stays on record, without the erased ids', async () => {
  const [one, other] = [
    await customers.createCustomer(db, networkIdentity('github', 'stays')),
    await customers.createCustomer(db, networkIdentity('github', 'planted4')),
  ];
  await customers.merge(db, { ...act(), winner: one.customer.id, loser: other.customer.id });
  const [merge] = await db.selectFrom('merges').select('id').where('winner', '=', one.customer.id).execute();
  await customers.unmerge(db, merge?.id ?? '', act());
  await customers.removeCustomer(db, other.customer.id, alone());
  assert.deepEqual(await findPlanted(db, 'planted4'), []);
  const row = await db
    .selectFrom('merges')
    .selectAll()
    .where('id', '=', merge?.id ?? '')
    .executeTakeFirst();
  assert.equal(row?.winner_user_id, 'github|stays');
  assert.match(row?.loser_user_id ?? '', /^erased\|[0-9a-f]{64}$/);
  assert.equal((await customers.findById(db, one.customer.id))?.user_id, 'github|stays');
});

test('sessions end first, then every other feature erases, told who it is', async () => {
  const { own, google } = await plant('planted5');
  const calls: string[] = [];
  await customers.removeCustomer(db, own.customer.id, {
    at: new Date(),
    endSessions: async (_tx, id) => calls.push(`end ${id}`),
    others: [
      async (tx, erased) => {
        assert.ok(await customers.findById(tx, own.customer.id), 'the customer is still there to be read');
        assert.deepEqual(erased.subjects.toSorted(), [own.subject, google.subject].toSorted());
        assert.deepEqual(erased.customers.toSorted(), [own.customer.id, google.customer.id].toSorted());
        assert.deepEqual(erased.emails, ['planted5@example.com'], 'only what was proven');
        assert.deepEqual(erased.userIds.toSorted(), ['auth0|planted5', 'google-oauth2|planted5']);
        calls.push('other');
      },
    ],
  });
  assert.deepEqual(calls, [`end ${own.customer.id}`, 'other']);
});

test('when one erasure fails nothing is erased', async () => {
  const { own } = await plant('planted6');
  const fails = () => Promise.reject(new Error('not now'));
  await assert.rejects(customers.removeCustomer(db, own.customer.id, { ...alone(), others: [fails] }), /not now/);
  assert.ok(await customers.findById(db, own.customer.id));
});

test('a device that somebody else uses, too, stays', async () => {
  const [one, other] = [
    await customers.createCustomer(db, networkIdentity('github', 'd1')),
    await customers.createCustomer(db, networkIdentity('github', 'd2')),
  ];
  const device = { cookieHash: randomBytes(32), userAgent: 'Shared' };
  for (const { subject } of [one, other]) {
    await customers.recordSignIn(db, { subject, at: new Date(), ip: null, device });
  }
  await customers.removeCustomer(db, one.customer.id, alone());
  assert.equal((await customers.devicesOf(db, other.customer.id)).length, 1);
});

test('the export holds what every table knows, and no secret', async () => {
  const { google } = await plant('planted7');
  await db.insertInto('made_for').values({ subject: google.subject, brand: randomUUID() }).execute();
  let text = '';
  for await (const piece of writeJson(parts(google.customer.id))) text += piece;
  const all: unknown = JSON.parse(text);
  const names = [
    'customer',
    'devices',
    'facts',
    'identities',
    'made_for',
    'merges',
    'places',
    'proofs',
    'timeline',
    'user_ids',
    'visits',
  ];
  assert.deepEqual(Object.keys(Object(all)).toSorted(), names);
  for (const [name, value] of Object.entries(Object(all))) assert.ok(JSON.stringify(value).length > 2, name);
  assert.doesNotMatch(JSON.stringify(all), /sealed-|cookie_hash/);
});

test('security row 16: of a merge that was undone the export does not say who the other one is', async () => {
  const [one, other] = [
    await customers.createCustomer(db, networkIdentity('github', 'mine')),
    await customers.createCustomer(db, networkIdentity('github', 'not-mine')),
  ];
  await customers.merge(db, { ...act(), winner: one.customer.id, loser: other.customer.id });
  const [merge] = await db.selectFrom('merges').select('id').where('winner', '=', one.customer.id).execute();
  await customers.unmerge(db, merge?.id ?? '', act());
  let text = '';
  for await (const piece of writeJson(parts(one.customer.id))) text += piece;
  assert.match(text, /undone_at/);
  assert.doesNotMatch(text, /not-mine/);
});

async function* parts(customer: string) {
  yield await customers.exportOf(db, customer);
}

test('security row 16: an id that is being erased at this moment is not given to whoever asks for it', async () => {
  const draft = networkIdentity('google-oauth2', 'same-id', {}, { at: new Date() });
  const first = await customers.createCustomer(db, { ...draft, connection: 'google-one' });
  assert.equal(first.customer.user_id, 'google-oauth2|same-id');
  const { asking } = await transact(db, async (tx) => {
    await customers.removeCustomer(tx, first.customer.id, alone());
    const asking = customers.createCustomer(db, { ...draft, connection: 'google-two' });
    for (let waits = false; !waits; ) {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      waits = rows.length > 0;
    }
    return { asking };
  });
  const { customer } = await asking;
  assert.match(customer.user_id, /^google-oauth2\|[0-9a-f]{24}$/);
  assert.equal(await customers.findByUserId(db, 'google-oauth2|same-id'), undefined);
});
