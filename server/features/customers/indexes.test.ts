import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { testDatabase, testVault } from '../../../test/database.ts';
import { act, networkIdentity, saying } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { openErasureKey } from '../../base/erased.ts';
import type { DB } from '../../base/generated/schema.ts';
import { uuid } from '../../base/ids.ts';
import * as customers from './customers.ts';

// Work per sign-in does not grow with the number of customers: with many of them, no statement of these verbs reads a
// table from its beginning to its end.

let database: Awaited<ReturnType<typeof testDatabase>>;
let watched: Db;
let statements: { sql: string; parameters: readonly unknown[] }[] = [];
before(async () => {
  database = await testDatabase();
  const dialect = new PostgresDialect({ pool: database.pool });
  watched = new Kysely<DB>({
    dialect,
    log: ({ query }) => void statements.push({ sql: query.sql, parameters: query.parameters }),
  });
  await openErasureKey(watched, testVault);
  await crowd(20_000);
});
after(() => database.close());

/** Many customers, each with an identity, facts, a proof, a visit, a device and a sign-in. */
async function crowd(count: number): Promise<void> {
  const { db } = database;
  const one = sql`md5('subject' || n)::uuid`;
  const whose = sql`md5('customer' || n)::uuid`;
  const all = sql`from generate_series(1, ${count}::integer) n`;
  await sql`insert into subjects (id, kind, last_sign_in, created_at)
    select ${one}, 'identity', '2026-01-01'::timestamptz + n * interval '1 second' - interval '10000 seconds', now() ${all}`.execute(
    db,
  );
  await sql`insert into customers (id, user_id, primary_subject, email, last_login, created_at, updated_at)
    select ${whose}, 'github|' || n, ${one}, n || '@crowd.test',
      '2026-01-01'::timestamptz + n * interval '1 second' - interval '10000 seconds', now(), now() ${all}`.execute(db);
  await sql`insert into search_words (kind, word, customer)
    select kind, word, ${whose} ${all}, lateral (values
      ('email', n || '@crowd.test'), ('name', 'name' || n % 1000 || ' crowd'), ('name', 'crowd name' || n % 1000)
    ) as one (kind, word)`.execute(db);
  await sql`insert into user_ids (user_id, customer, subject, issued_at)
    select 'github|' || n, ${whose}, ${one}, now() ${all}`.execute(db);
  await sql`insert into members (subject, customer, number, since, reason, act)
    select ${one}, ${whose}, 1, now(), 'created', ${one} ${all}`.execute(db);
  await sql`insert into identities (subject, provider, connection, user_id, is_social, created_at, updated_at)
    select ${one}, 'github', 'github', n, true, now(), now() ${all}`.execute(db);
  await sql`insert into facts (id, subject, path, kind, value, source, origin, at)
    select gen_random_uuid(), ${one}, path, 'said', to_jsonb(n || '@crowd.test'), 'network', 'github', now() ${all},
      unnest(array['email', 'given_name', 'picture']) path`.execute(db);
  await sql`insert into proofs (subject, kind, address, how, origin, at)
    select ${one}, 'email', n || '@crowd.test', 'code', 'login', now() ${all}`.execute(db);
  await sql`insert into visits (subject, brand, first_at, last_at) select ${one}, ${uuid()}, now(), now() ${all}`.execute(
    db,
  );
  await sql`insert into made_for (subject, brand) select ${one}, ${uuid()} ${all}`.execute(db);
  await sql`insert into devices (id, cookie_hash, user_agent, first_seen, last_seen)
    select ${one}, decode(md5(n::text), 'hex'), 'x', now(), now() ${all}`.execute(db);
  await sql`insert into device_subjects (subject, device, connection, first_seen, last_seen)
    select ${one}, ${one}, 'github', now(), now() ${all}`.execute(db);
  await sql`insert into sign_in_places (subject, country, city, first_seen, last_seen)
    select ${one}, 'FR', 'Paris', now(), now() ${all}`.execute(db);
  await sql`insert into timeline (id, class, subject, source, name, occurred_at, received_at)
    select gen_random_uuid(), 'sign_in', ${one}, 'login', 'x', now(), now() ${all}`.execute(db);
  await sql`insert into merges (id, winner, loser, winner_user_id, loser_user_id, user_ids, by, origin, at)
    select gen_random_uuid(), ${whose}, ${one}, 'x', 'x', '{}', 'api', 'test', now() ${all}`.execute(db);
  await sql`analyze`.execute(db);
}

/** Runs a verb and explains every statement that it made. */
async function explainAll<T>(verb: (db: Db) => Promise<T>): Promise<{ result: T; plans: string[]; count: number }> {
  statements = [];
  const result = await verb(watched);
  const made = statements.filter((one) => /^\s*(select|insert|update|delete|with)/i.test(one.sql));
  const plans: string[] = [];
  for (const statement of made) {
    const explained = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${statement.sql}`, [
      ...statement.parameters,
    ]);
    plans.push(`${statement.sql}\n${explained.rows.map((row) => row['QUERY PLAN']).join('\n')}`);
  }
  return { result, plans, count: made.length };
}

const at = new Date();
const subjectOf = async (id: string) =>
  (await customers.findIdentity(database.db, 'github', id))?.identity.subject ?? '';
const customerOf = async (id: string) => (await customers.findIdentity(database.db, 'github', id))?.customer.id ?? '';

const search = (db: Db, text: string) =>
  customers.searchCustomers(db, { text, kinds: customers.searchKinds, byIdentity: true }, { limit: 50 });
const list = (db: Db, order: customers.CustomerList) => customers.listCustomers(db, order, { limit: 50 });

const verbs: { name: string; most: number; verb: (db: Db) => Promise<unknown> }[] = [
  { name: 'findIdentity', most: 1, verb: (db) => customers.findIdentity(db, 'github', '777') },
  { name: 'findByUserId', most: 1, verb: (db) => customers.findByUserId(db, 'github|777') },
  { name: 'findIdentitiesByProvider', most: 1, verb: (db) => customers.findIdentitiesByProvider(db, 'github', '777') },
  { name: 'provenOwners', most: 1, verb: (db) => customers.provenOwners(db, 'email', '777@crowd.test') },
  { name: 'customersByEmail', most: 1, verb: (db) => customers.customersByEmail(db, '777@crowd.test') },
  { name: 'searchCustomers, few', most: 4, verb: (db) => search(db, 'name777 cr') },
  { name: 'searchCustomers, many', most: 3, verb: (db) => search(db, 'c') },
  { name: 'searchCustomers, address', most: 4, verb: (db) => search(db, '777@crowd.test') },
  { name: 'searchCustomers, nobody', most: 3, verb: (db) => search(db, 'crowd name777 nobody') },
  { name: 'listCustomers by name', most: 3, verb: (db) => list(db, { by: 'name', descending: false }) },
  { name: 'listCustomers by e-mail', most: 2, verb: (db) => list(db, { by: 'email', descending: true }) },
  { name: 'listCustomers, the newest', most: 2, verb: (db) => list(db, { by: 'created_at', descending: true }) },
  { name: 'listCustomers, who came last', most: 2, verb: (db) => list(db, { by: 'last_login', descending: true }) },
  {
    name: 'listCustomers, who came before',
    most: 2,
    verb: (db) => {
      const after = { value: '2026-01-01T00:00:00.000000Z', id: uuid() };
      return customers.listCustomers(db, { by: 'last_login', descending: true }, { after, limit: 50 });
    },
  },
  { name: 'identitiesOf', most: 1, verb: async (db) => customers.identitiesOf(db, await customerOf('777')) },
  { name: 'visitsOf', most: 1, verb: async (db) => customers.visitsOf(db, await customerOf('777')) },
  {
    name: 'readLastContext, at some brands',
    most: 1,
    verb: async (db) => customers.readLastContext(db, await customerOf('777'), new Set([uuid(), uuid()])),
  },
  { name: 'devicesOf', most: 1, verb: async (db) => customers.devicesOf(db, await customerOf('777')) },
  { name: 'explain', most: 3, verb: async (db) => customers.explain(db, await customerOf('777')) },
  { name: 'exportOf', most: 2, verb: async (db) => customers.exportOf(db, await customerOf('777')) },
  { name: 'previousIds', most: 3, verb: async (db) => customers.previousIds(db, await customerOf('777')) },
  {
    name: 'learn, nothing new',
    most: 1,
    verb: async (db) => {
      const facts = saying({ given_name: '777@crowd.test' }, { source: 'network', origin: 'github', at });
      assert.deepEqual(await customers.learn(db, await subjectOf('777'), facts), []);
    },
  },
  {
    name: 'learn, something new',
    most: 13,
    verb: async (db) => customers.learn(db, await subjectOf('777'), saying({ given_name: 'New' }, { at })),
  },
  {
    name: 'recordSignIn',
    most: 1,
    verb: async (db) =>
      customers.recordSignIn(db, {
        subject: await subjectOf('778'),
        at,
        ip: '192.0.2.1',
        brand: uuid(),
        device: { cookieHash: randomBytes(32), userAgent: 'x' },
        profileData: { id: '778' },
      }),
  },
  {
    name: 'timelineOf',
    most: 1,
    verb: async (db) => customers.timelineOf(db, await customerOf('777'), { perPage: 20, classes: ['sign_in'] }),
  },
  { name: 'followTimeline', most: 1, verb: (db) => customers.followTimeline(db, undefined, 100) },
  { name: 'createCustomer', most: 16, verb: (db) => customers.createCustomer(db, networkIdentity('github', 'new')) },
  {
    name: 'update',
    most: 14,
    verb: async (db) => {
      const said = { source: 'umbrella', origin: 'crm', at } as const;
      await customers.update(db, await customerOf('779'), { root: { email: 'new@crowd.test' } }, said);
    },
  },
  {
    name: 'merge',
    most: 27,
    verb: async (db) =>
      customers.merge(db, { ...act(at), winner: await customerOf('780'), loser: await customerOf('781') }),
  },
  {
    name: 'unlink',
    most: 26,
    verb: async (db) => customers.unlink(db, await customerOf('780'), await subjectOf('781'), act(at)),
  },
  {
    name: 'removeCustomer',
    most: 24,
    verb: async (db) =>
      customers.removeCustomer(db, await customerOf('782'), { at, endSessions: act().endSessions, others: [] }),
  },
];

for (const { name, most, verb } of verbs) {
  test(`${name}: at most ${most} statements, all by index`, async () => {
    const { plans, count } = await explainAll(verb);
    assert.ok(count > 0 && count <= most, `${count} statements`);
    for (const plan of plans) {
      // The catalogue is small, few are watched, and of the timeline's months all but one are empty.
      const scanned = [...plan.matchAll(/Seq Scan on (?!attributes|timeline_|watched_customers)(\w+)/g)].map(
        ([, table]) => table,
      );
      assert.deepEqual(scanned, [], plan);
      assert.doesNotMatch(plan, /Seq Scan on timeline_sign_in_\d+ [^\n]*rows=\d{4,}/, plan);
    }
  });
}
