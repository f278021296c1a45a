import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity, passwordIdentity } from '../../../test/people.ts';
import { isProblem } from '../../base/errors.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

test('a customer of a password store gets a user_id of 24 hexadecimal digits', async () => {
  const { customer } = await customers.createCustomer(database.db, passwordIdentity('jane@example.com'));
  assert.match(customer.user_id, /^auth0\|[0-9a-f]{24}$/);
  assert.equal(customer.email, 'jane@example.com');
  assert.equal(customer.email_verified, false);
  assert.equal(customer.name, 'jane@example.com');
});

test('a customer of a network gets provider|id; of an OIDC connection oidc|connection|id', async () => {
  const google = await customers.createCustomer(database.db, networkIdentity('google-oauth2', '1001'));
  assert.equal(google.customer.user_id, 'google-oauth2|1001');

  const partner = { ...networkIdentity('oidc', 'abc|def'), connection: 'partner' };
  const { customer } = await customers.createCustomer(database.db, partner);
  assert.equal(customer.user_id, 'oidc|partner|abc|def');
  const [identity] = await customers.identitiesOf(database.db, customer.id);
  assert.equal(identity?.user_id, 'partner|abc|def');
  const [found] = await customers.findIdentitiesByProvider(database.db, 'oidc', 'partner|abc|def');
  assert.equal(found?.customer.id, customer.id);
  assert.deepEqual(await customers.findIdentitiesByProvider(database.db, 'oidc', 'other|abc|def'), []);
});

test('what the network vouches for is proven at once', async () => {
  const draft = networkIdentity('google-oauth2', '1002', { email: 'a@gmail.com' }, { proves: 'a@gmail.com' });
  const { customer } = await customers.createCustomer(database.db, draft);
  assert.deepEqual([customer.email, customer.email_verified], ['a@gmail.com', true]);
  assert.deepEqual(
    (await customers.provenOwners(database.db, 'email', 'a@gmail.com')).map(({ id }) => id),
    [customer.id],
  );
});

test('an imported user_id is kept, and never given twice', async () => {
  const at = new Date();
  const draft = { ...passwordIdentity('i@example.com', { at }), userIdAtProvider: 'old-1', userId: 'auth0|old-1' };
  const { customer } = await customers.createCustomer(database.db, draft);
  assert.equal(customer.user_id, 'auth0|old-1');
  const other = { ...passwordIdentity('k@example.com', { at }), userId: 'auth0|old-1' };
  await assert.rejects(customers.createCustomer(database.db, other), (error) => isProblem(error, 'already_exists'));
  assert.equal((await customers.customersByEmail(database.db, 'k@example.com')).length, 0, 'nothing half-written');
});

test('an identity whose own user_id was issued to somebody gets a new one', async () => {
  const first = { ...passwordIdentity('t@example.com'), userId: 'twitter|77' };
  await customers.createCustomer(database.db, first);
  const { customer } = await customers.createCustomer(database.db, networkIdentity('twitter', '77'));
  assert.match(customer.user_id, /^twitter\|[0-9a-f]{24}$/);
});

test('an identity belongs to one customer: twenty first sign-ins at once make one', async () => {
  const tries = Array.from({ length: 20 }, () =>
    customers.createCustomer(database.db, networkIdentity('github', '5')).catch((error: unknown) => error),
  );
  const results = await Promise.all(tries);
  assert.equal(results.filter((one) => isProblem(one, 'already_exists')).length, 19);
  const found = await customers.findIdentity(database.db, 'github', '5');
  assert.equal(found?.customer.user_id, 'github|5');
});

test('an id of an identity that is not plain text is refused', async () => {
  for (const id of ['', 'a\u0000', 'x'.repeat(256), 'a\n']) {
    const draft = networkIdentity('github', id);
    await assert.rejects(customers.createCustomer(database.db, draft), (error) => isProblem(error, 'invalid_body'));
  }
});

test('an identity is added to a customer, who keeps its user_id', async () => {
  const { customer } = await customers.createCustomer(database.db, passwordIdentity('add@example.com'));
  const added = await customers.addIdentity(
    database.db,
    customer.id,
    networkIdentity('facebook', '9', { given_name: 'Ada' }),
  );
  assert.equal(added.customer.user_id, customer.user_id);
  assert.equal(added.customer.given_name, 'Ada');
  const identities = await customers.identitiesOf(database.db, customer.id);
  assert.deepEqual(
    identities.map((one) => [one.provider, one.is_primary]),
    [
      ['auth0', true],
      ['facebook', false],
    ],
  );
  assert.equal(await customers.findByUserId(database.db, 'facebook|9'), undefined, 'its own id was not issued');
  await assert.rejects(customers.addIdentity(database.db, customer.id, networkIdentity('facebook', '9')), (error) =>
    isProblem(error, 'already_exists'),
  );
});
