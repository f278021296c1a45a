import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askFor } from '../../../test/consents.ts';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { insertConsents } from '../../features/consents/store.ts';
import { findByUserId, recordSignIn, subjectsOf } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let user: string;
let subject = '';
const brands: Record<string, string> = {};

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  for (const slug of ['own', 'other']) {
    brands[slug] = String(object(await api.call('POST', '/brands', { slug, name: slug })).id);
  }
  const draft = { connection, email: 'ada@example.com', password: 'correct horse battery', verify_email: false };
  user = String(object(await api.call('POST', '/users', draft)).user_id);
  const customer = await findByUserId(api.base.db, user);
  [subject = ''] = customer ? await subjectsOf(api.base.db, customer.id) : [];
});
after(() => api.close());

async function come(brand: string): Promise<void> {
  const context = {
    portal: null,
    brand,
    connection: 'x',
    country: null,
    language: 'en',
    device: null,
    hour: 9,
  } as const;
  await recordSignIn(api.base.db, { subject, at: new Date(), ip: null, brand: brands[brand], context });
}

async function say(brand: string): Promise<void> {
  const said = { subject, brand: brands[brand] ?? null, purpose: 'email' as const, topic: null, given: true };
  const shown = { version: '1', wording: 'Mail me.', language: 'en', source: 'account' as const, at: new Date() };
  const nowhere = { portal: null, place: null, client: null, ip: null, confirmation: null };
  await insertConsents(api.base.db, [{ ...said, ...shown, ...nowhere }]);
}

async function make(): Promise<string> {
  const fields = [{ type: 'consent', key: 'mail', purpose: 'email' }];
  const when = { attribute: 'user_id', is: 'equals', value: user };
  const content = { variants: [{ key: 'a', heading: { en: 'Mail?' }, fields }], when };
  const made = await api.call('POST', '/questions', { name: 'Mail', content });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return String(object(made).id);
}

test('security row 16: whom a question finds tells nothing of consents to who may not see them, nor of other brands', async () => {
  for (const brand of ['own', 'other']) {
    await askFor(api.base, { brand: brands[brand] ?? null, purpose: 'email', texts: { en: { label: 'Mail me.' } } });
  }
  const path = `/questions/${await make()}/audience?exact=true`;
  await api.run({ name: 'audience', call: ['GET', path], scopes: 'read:questions read:users', status: 403 });
  const limited = await signInStaff(api, { ready: 'marketer', brands: [String(brands.own)] });
  const count = async () => object(await api.send('GET', path, { headers: limited.headers })).count;
  const all = async () => object(await api.call('GET', path)).count;

  await come('other');
  await come('own');
  assert.deepEqual([await count(), await all()], [1, 1]);
  await say('other');
  assert.deepEqual([await count(), await all()], [1, 1], 'what was said elsewhere is of no matter here');
  await come('other');
  assert.deepEqual(
    [await count(), await all()],
    [1, 0],
    'that they came elsewhere, and said something there, is not told',
  );
  await come('own');
  await say('own');
  assert.deepEqual([await count(), await all()], [0, 0]);
});
