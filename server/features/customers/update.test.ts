import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { networkIdentity, passwordIdentity, saying } from '../../../test/people.ts';
import type { Db } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import * as customers from './customers.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Db;
before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());

let clock = Date.now();
const next = () => {
  clock += 1000;
  return new Date(clock);
};
const api = () => ({ source: 'umbrella', origin: 'crm', at: next() }) as const;
const account = () => ({ source: 'customer', origin: 'account', at: next() }) as const;

test('metadata merge one level; null deletes; root values replace', async () => {
  const { customer } = await customers.createCustomer(db, passwordIdentity('m@example.com'));
  const first = { user_metadata: { a: { deep: 1 }, b: 2, 'c.d e': 3 }, app_metadata: { plan: 'gold' } };
  await customers.update(db, customer.id, { root: { given_name: 'Jane' }, ...first }, api());
  const changed = await customers.update(
    db,
    customer.id,
    { root: { given_name: null }, user_metadata: { a: { other: 1 }, b: null }, brands: { shop: { size: 'M' } } },
    api(),
  );
  assert.deepEqual(changed.user_metadata, { a: { other: 1 }, 'c.d e': 3 });
  assert.deepEqual(changed.app_metadata, { plan: 'gold' });
  assert.deepEqual(changed.brand_values, { shop: { size: 'M' } });
  assert.equal(changed.given_name, null);
});

test('a change that changes nothing writes nothing', async () => {
  const { customer, subject } = await customers.createCustomer(db, passwordIdentity('n@example.com'));
  const patch = { root: { given_name: 'Jane' }, user_metadata: { a: 1, gone: null } };
  const once = await customers.update(db, customer.id, patch, api());
  const rows = () => db.selectFrom('facts').selectAll().where('subject', '=', subject).execute();
  const before = await rows();
  assert.deepEqual(await customers.update(db, customer.id, patch, api()), once);
  assert.equal((await rows()).length, before.length);
  assert.equal(
    before.some((row) => row.kind === 'withdrawn'),
    false,
    'nothing was there to delete',
  );
});

test('the umbrella’s new e-mail address is not undone by the next sign-in with a network', async () => {
  const told = { email: 'old@gmail.com', given_name: 'Jane' };
  const draft = networkIdentity('google-oauth2', 'e1', told, { proves: 'old@gmail.com' });
  const { customer, subject } = await customers.createCustomer(db, draft);
  const changed = await customers.update(db, customer.id, { root: { email: 'New@Example.com' } }, api());
  assert.deepEqual([changed.email, changed.email_verified], ['new@example.com', false]);

  const at = next();
  const again = saying(told, { source: 'network', origin: 'google-oauth2', at });
  await customers.learn(
    db,
    subject,
    again,
    draft.proofs.map((proof) => ({ ...proof, at })),
  );
  assert.equal((await customers.findById(db, customer.id))?.email, 'new@example.com');
});

test('every address that would outrank the umbrella’s is excluded, not the winner alone', async () => {
  const draft = networkIdentity('google-oauth2', 'e2', { email: 'one@gmail.com' }, { proves: 'one@gmail.com' });
  const { customer } = await customers.createCustomer(db, draft);
  const other = networkIdentity('apple', 'e2', { email: 'two@icloud.com' }, { proves: 'two@icloud.com' });
  await customers.addIdentity(db, customer.id, other);
  const changed = await customers.update(db, customer.id, { root: { email: 'new2@example.com' } }, api());
  assert.equal(changed.email, 'new2@example.com');
});

test('the customer gets the old address back by proving it or by saying so', async () => {
  for (const way of ['proof', 'word']) {
    const old = `${way}@gmail.com`;
    const draft = networkIdentity('google-oauth2', way, { email: old }, { proves: old });
    const { customer, subject } = await customers.createCustomer(db, draft);
    await customers.update(db, customer.id, { root: { email: `new-${way}@example.com` } }, api());
    if (way === 'proof') {
      await customers.prove(db, subject, { kind: 'email', address: old, how: 'code', origin: 'login', at: next() });
    } else {
      await customers.update(db, customer.id, { root: { email: old } }, account());
    }
    const { email, email_verified } = (await customers.findById(db, customer.id)) ?? customer;
    assert.deepEqual([email, email_verified], [old, true], way);
  }
});

test('the umbrella may change its mind', async () => {
  const { customer } = await customers.createCustomer(db, passwordIdentity('a@example.com', { proven: true }));
  await customers.update(db, customer.id, { root: { email: 'b@example.com' } }, api());
  const back = await customers.update(db, customer.id, { root: { email: 'a@example.com' } }, api());
  assert.deepEqual([back.email, back.email_verified], ['a@example.com', true]);
});

test('an address that is none, and what is not ours to set, are refused; nothing is half-written', async () => {
  const { customer } = await customers.createCustomer(db, passwordIdentity('r@example.com'));
  for (const root of [{ email: 'x' }, { email_verified: true }, { user_id: 'auth0|1' }, { blocked: true }]) {
    await assert.rejects(customers.update(db, customer.id, { root: { given_name: 'Half', ...root } }, api()), (error) =>
      isProblem(error, 'invalid_body'),
    );
  }
  assert.equal((await customers.findById(db, customer.id))?.given_name, null);
});

test('an unknown customer cannot be changed', async () => {
  await assert.rejects(
    customers.update(db, '00000000-0000-7000-8000-000000000000', { root: { given_name: 'x' } }, api()),
    (error) => isProblem(error, 'not_found'),
  );
});

test('who is told where a value comes from sees the winning fact first, and the others', async () => {
  const { customer } = await customers.createCustomer(db, networkIdentity('github', 'why', { given_name: 'Told' }));
  await customers.update(db, customer.id, { root: { given_name: 'Set' } }, api());
  const facts = (await customers.explain(db, customer.id)).filter((fact) => fact.path === 'given_name');
  assert.deepEqual(
    facts.map(({ value, source, origin, identity, wins }) => [value, source, origin, identity, wins]),
    [
      ['Set', 'umbrella', 'crm', 'github|why', true],
      ['Told', 'network', 'github', 'github|why', false],
    ],
  );
});
