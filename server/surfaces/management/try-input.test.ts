import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { addIdentity, appendTimeline, findByUserId } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let userId = '';
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', {
    name: connection,
    strategy: 'auth0',
    metadata: { note: 'of-the-connection' },
  });
  const made = await api.call('POST', '/users', {
    ...{ connection, password: 'correct horse battery', email: 'hidden-one@example.com', given_name: 'Hiddengiven' },
    app_metadata: { plan: 'gold', income: 'hidden-income', roles: ['keeper'] },
  });
  userId = String(object(made).user_id);
  const customer = await findByUserId(api.base.db, userId);
  assert.ok(customer);
  const { subject } = await addIdentity(api.base.db, customer.id, {
    ...{ provider: 'google-oauth2', connection: 'google-oauth2', userIdAtProvider: '77', isSocial: true, facts: [] },
    profileData: {
      email: 'hidden-one@example.com',
      given_name: 'Hiddengiven',
      gender: 'seen-gender',
      salary: 'hidden-raw',
    },
    ...{ proofs: [], at: now() },
  });
  const place = { country: 'FR', city: 'Hiddencity', latitude: 45.7, longitude: 4.8 };
  await appendTimeline(api.base.db, [
    {
      ...{ class: 'sign_in', name: 'signed_in', subject, source: 'login', occurredAt: now(), ip: '192.0.2.55' },
      data: { connection, amr: ['pwd', 'otp', 'mfa'], place, new_place: true },
    },
  ]);
});
after(() => api.close());

const asked = () => [
  `/rules/try/input?user_id=${encodeURIComponent(userId)}`,
  `/actions/triggers/post-login/event?user_id=${encodeURIComponent(userId)}`,
];

async function told(member: Omit<Member, 'ready'>): Promise<string[]> {
  const { headers } = await signInStaff(api, { ready: 'administrator', ...member });
  const answers = await Promise.all(asked().map((path) => api.send('GET', path, { headers })));
  return answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`);
}

const hidden = ['hidden-one', 'Hiddengiven', 'hidden-income', 'hidden-raw', 'Hiddencity', '192.0.2.55'];
const found = (text: string) => hidden.filter((one) => text.includes(one));

test('security row 16: what a role hides of a customer stays hidden in what code is tried with', async () => {
  for (const text of await told({})) assert.deepEqual(found(text), hidden, 'it is planted');
  const reads = ['*', '-email', '-given_name', '-name', '-app_metadata.income', '-last_ip'];
  for (const text of await told({ reads })) {
    assert.match(text, /^200 /);
    assert.deepEqual(found(text), []);
    assert.match(text, /gold/);
    assert.match(text, /seen-gender/);
  }
});

test('what is read by a scope of its own is made up without it, and a customer takes the right to read them', async () => {
  const own = ['update:rules', 'create:actions', 'read:users'];
  for (const text of await told({ scopes: own })) {
    assert.match(text, /hidden-income/);
    assert.doesNotMatch(text, /Hiddencity|192\.0\.2\.55|"mfa"|of-the-connection/);
  }
  for (const text of await told({ scopes: [...own, 'read:logs_users'] })) {
    assert.match(text, /Hiddencity.*"mfa"|"mfa".*Hiddencity/);
    assert.doesNotMatch(text, /of-the-connection/);
  }
  for (const text of await told({ scopes: own.slice(0, 2) })) assert.match(text, /^403 .*insufficient_scope/);
  for (const text of await told({ scopes: ['read:users', 'read:rules', 'read:actions'] })) assert.match(text, /^403 /);
});
