import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { now } from '../../base/clock.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { give } from '../../features/consents/consents.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { consentsNow } from './consents-now.ts';

const world = await openWorld();
after(() => world.close());
const { db } = world.base;

test('rules are given what holds now: read when they ask, and once for a sign-in', async () => {
  const email = 'rules@example.com';
  await signUp(world, world.browser(), email, 'correct horse battery');
  const customer = await world.customer(email);
  const subject = (await identitiesOf(db, customer.id))[0]?.subject ?? '';
  const brand = (await brandBySlug(db, 'lumiere'))?.id ?? '';
  const said = { subject, brand, version: '1', wording: 'Mail me.', language: 'en', source: 'sign_in' };
  const ask = consentsNow({ db }, { kind: 'known', customer, subject });
  await give(db, { ...said, purpose: 'email', given: true, at: now() });
  assert.deepEqual(
    (await ask()).map(({ purpose, state }) => [purpose, state]),
    [['email', 'given']],
    'said after the step began, and before a rule asked',
  );
  await give(db, { ...said, purpose: 'email', given: false, at: new Date(Date.now() + 1) });
  assert.equal((await ask())[0]?.state, 'given', 'all rules of one sign-in see the same');
  const next = consentsNow({ db }, { kind: 'known', customer, subject });
  assert.equal((await next())[0]?.state, 'withdrawn');
});
