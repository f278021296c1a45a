import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { act, networkIdentity, passwordIdentity } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

const nowhere = { portal: null, brand: null, country: null, language: null, device: null, hour: 9 } as const;

let made = 0;
/** A customer with a password, to whom Google was linked. */
async function linked() {
  made += 1;
  const { customer, subject } = await customers.createCustomer(db, passwordIdentity(`jane${made}@example.com`));
  const told = { given_name: 'Jane', picture: 'https://p.test/j.png' };
  const google = await customers.addIdentity(db, customer.id, networkIdentity('google-oauth2', `u${made}`, told));
  return { own: subject, google: google.subject, customer: google.customer };
}

test('an unlinked identity is a customer of its own, under its own id, with what was learned of it', async () => {
  const { customer, google } = await linked();
  const { remaining, separated } = await customers.unlink(db, customer.id, google, act());
  assert.equal(separated.user_id, `google-oauth2|u${made}`);
  assert.equal(separated.given_name, 'Jane');
  assert.equal(remaining.user_id, customer.user_id);
  assert.equal(remaining.given_name, null);
  assert.equal((await customers.identitiesOf(db, customer.id)).length, 1);
  const found = await customers.findIdentity(db, 'google-oauth2', `u${made}`);
  assert.equal(found?.customer.id, separated.id);
  assert.equal(found?.identity.is_primary, true);
});

test('an id that was issued once stays where it is: the second time the identity gets a new one', async () => {
  const { customer, google } = await linked();
  const first = await customers.unlink(db, customer.id, google, act());
  await customers.merge(db, { ...act(), winner: customer.id, loser: first.separated.id });
  const second = await customers.unlink(db, customer.id, google, act());
  assert.match(second.separated.user_id, /^google-oauth2\|[0-9a-f]{24}$/);
  assert.equal((await customers.findByUserId(db, first.separated.user_id))?.id, customer.id);
});

test('unlinked and linked again the profile is exact', async () => {
  const { customer, google } = await linked();
  const { updated_at: _, ...before } = (await customers.findById(db, customer.id)) ?? customer;
  const identities = await customers.identitiesOf(db, customer.id);
  const { separated } = await customers.unlink(db, customer.id, google, act());
  const { updated_at: __, ...after } = await customers.merge(db, {
    ...act(),
    winner: customer.id,
    loser: separated.id,
  });
  assert.deepEqual(after, before);
  assert.deepEqual(await customers.identitiesOf(db, customer.id), identities);
});

test('where they were and how they came last goes with the identity by which they came', async () => {
  const { customer, own, google } = await linked();
  const [first, second] = [uuid(), uuid()];
  const came = (subject: string, connection: string, brand: string, at: Date) => {
    return customers.recordSignIn(db, { subject, at, ip: null, brand, context: { ...nowhere, connection } });
  };
  await came(google, 'google-oauth2', first, new Date('2026-03-01T10:00:00Z'));
  for (const hour of [10, 11]) await came(own, 'customers', second, new Date(`2026-03-02T${hour}:00:00Z`));
  const told = async (id: string) => {
    const { visited } = await db
      .selectFrom('customers')
      .select('visited')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { visited, last: (await customers.readLastContext(db, id, null))?.connection };
  };
  const both = { visited: [first, second], last: 'customers' };
  assert.deepEqual(await told(customer.id), both);
  const { remaining, separated } = await customers.unlink(db, customer.id, own, act());
  assert.deepEqual(await told(remaining.id), { visited: [first], last: 'google-oauth2' });
  assert.deepEqual(await told(separated.id), { visited: [second], last: 'customers' });
  await customers.merge(db, { ...act(), winner: remaining.id, loser: separated.id });
  assert.deepEqual(await told(remaining.id), both);
});

test('without its primary identity a customer keeps its user_id, and the oldest left is primary', async () => {
  const { customer, own, google } = await linked();
  const { remaining, separated } = await customers.unlink(db, customer.id, own, act());
  assert.equal(remaining.user_id, customer.user_id);
  assert.match(separated.user_id, /^auth0\|[0-9a-f]{24}$/);
  assert.notEqual(separated.user_id, customer.user_id);
  const [first] = await customers.identitiesOf(db, customer.id);
  assert.deepEqual([first?.subject, first?.is_primary], [google, true]);
});

test('the only identity cannot be unlinked, nor one of somebody else', async () => {
  const { customer, google } = await linked();
  const other = await linked();
  await assert.rejects(customers.unlink(db, customer.id, other.google, act()), (error) =>
    isProblem(error, 'not_found'),
  );
  await customers.unlink(db, customer.id, google, act());
  const [last] = await customers.identitiesOf(db, customer.id);
  await assert.rejects(customers.unlink(db, customer.id, last?.subject ?? '', act()), (error) =>
    isProblem(error, 'last_way_in'),
  );
});

test('two who unlink the two identities of a customer at once: one stays', async () => {
  const { customer, own, google } = await linked();
  const tries = [own, google].map((subject) => customers.unlink(db, customer.id, subject, act()));
  const results = await Promise.allSettled(tries);
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.equal((await customers.identitiesOf(db, customer.id)).length, 1);
});

test('unlinking is no way round a block', async () => {
  const { customer, google } = await linked();
  await customers.setBlocked(db, customer.id, true, act());
  const { remaining, separated } = await customers.unlink(db, customer.id, google, act());
  assert.deepEqual([remaining.blocked, separated.blocked], [true, true]);
});

test('the sessions of the customer end', async () => {
  const { customer, google } = await linked();
  const ended: string[] = [];
  const endSessions = async (_tx: Db, id: string) => ended.push(id);
  await customers.unlink(db, customer.id, google, { ...act(), endSessions });
  assert.deepEqual(ended, [customer.id]);
});
