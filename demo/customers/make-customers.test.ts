import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signInWithPassword } from '../../server/features/accounts/accounts.ts';
import { brandBySlug, createBrand } from '../../server/features/brands/brands.ts';
import { countCustomers, findIdentity, visitsOf } from '../../server/features/customers/customers.ts';
import { testBase } from '../../test/base.ts';
import { brandDrafts } from '../umbrella/brands.ts';
import { makeCustomers, sharedPassword } from './make-customers.ts';
import { syntheticCustomer } from './synthetic-customers.ts';

const base = await testBase();
after(() => base.close());
before(async () => {
  for (const draft of Object.values(brandDrafts)) await createBrand(base, draft);
});
const never = new AbortController().signal;

test('customers of the demo have their facts, sign-ins and visits, and begin when they first came', async () => {
  const told: number[] = [];
  assert.ok(await makeCustomers(base, { from: 0, to: 25 }, (count) => told.push(count), never));
  assert.equal(told.at(-1), 25);
  assert.equal(await countCustomers(base.db), 25);
  for (let number = 0; number < 25; number += 1) {
    const person = syntheticCustomer(number);
    const connection = person.wayIn === 'password' ? 'Username-Password-Authentication' : person.wayIn;
    const found = await findIdentity(base.db, connection, person.id);
    assert.ok(found);
    const { customer } = found;
    assert.equal(customer.email, person.email);
    assert.equal(customer.email_verified, person.wayIn === 'password');
    assert.equal(customer.attributes.birthdate, person.birthdate);
    assert.deepEqual(customer.user_metadata, person.user_metadata);
    assert.equal(customer.logins_count, person.signIns.length);
    assert.ok(customer.last_login && customer.created_at <= customer.last_login);
    const visits = await visitsOf(base.db, customer.id);
    const brands = new Set(person.signIns.map((signIn) => signIn.brand));
    assert.equal(visits.length, brands.size);
  }
});

test('some have a password that works', async () => {
  const brand = await brandBySlug(base.db, 'lumiere');
  assert.ok(brand);
  const { email } = syntheticCustomer(0);
  const door = { connection: 'Username-Password-Authentication', identifier: email, password: sharedPassword };
  const asked = { brand, language: 'en', ip: '127.0.0.1' } as const;
  const { customer } = await signInWithPassword(base, { ...door, asked });
  assert.equal(customer.email, email);
});

test('stopped half-way, it is completed the next time, and nobody is made twice', async () => {
  const stop = new AbortController();
  const stopAt = (count: number) => count === 30 && stop.abort();
  assert.equal(await makeCustomers(base, { from: 0, to: 60 }, stopAt, stop.signal), false);
  const partly = await countCustomers(base.db);
  assert.ok(partly >= 30 && partly < 60, `${partly}`);
  assert.ok(await makeCustomers(base, { from: 0, to: 60 }, () => undefined, never));
  assert.equal(await countCustomers(base.db), 60);
});
