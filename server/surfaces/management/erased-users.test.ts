import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { appendTimeline, findByUserId, identitiesOf } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', {
    name: connection,
    strategy: 'auth0',
    options: {
      passwordPolicy: 'good',
      password_history: { enable: true, size: 5 },
      password_no_personal_info: { enable: true },
      password_dictionary: { enable: true, dictionary: ['our own shop name'] },
    },
  });
});
after(() => api.close());
const password = 'correct horse battery';

async function create(email = `${unique('u')}@example.com`): Promise<{ id: string; email: string }> {
  const body = { connection, email, password, email_verified: true, given_name: 'Catherine' };
  return { id: encodeURIComponent(String(object(await api.call('POST', '/users', body)).user_id)), email };
}

test('an erased address is not made anew by the API: 409 with a code of its own, nor given to another user', async () => {
  const { id, email } = await create();
  await api.run({ name: 'erase', call: ['DELETE', `/users/${id}`], status: 204 });
  const refused = { statusCode: 409, error: 'Conflict', errorCode: 'address_erased' };
  const body = { connection, email: email.toUpperCase(), password };
  await api.run({ name: 'make anew', call: ['POST', '/users', body], status: 409, reply: refused });
  const other = await create();
  await api.run({ name: 'give', call: ['PATCH', `/users/${other.id}`, { email }], status: 409, reply: refused });
});

test('nor is an erased phone number', async () => {
  const phone = { phone_number: '+4915112345001', phone_verified: true };
  const fresh = () => ({ connection, password, email: `${unique('u')}@example.com` });
  const { user_id } = object(await api.call('POST', '/users', { ...fresh(), ...phone }));
  const other = await create();
  await api.run({ name: 'erase', call: ['DELETE', `/users/${user_id}`], status: 204 });
  const refused = { statusCode: 409, error: 'Conflict', errorCode: 'address_erased' };
  await api.run({
    name: 'make anew',
    call: ['POST', '/users', { ...fresh(), ...phone }],
    status: 409,
    reply: refused,
  });
  await api.run({ name: 'give', call: ['PATCH', `/users/${other.id}`, phone], status: 409, reply: refused });
});

test('the export is one JSON of everything, for read:user_exports only', async () => {
  const { id, email } = await create();
  const customer = await findByUserId(api.base.db, decodeURIComponent(id));
  const [identity] = await identitiesOf(api.base.db, customer?.id ?? '');
  const row = { class: 'sign_in', subject: identity?.subject ?? '', source: 'login', name: 'x' } as const;
  const count = 2500;
  for (let done = 0; done < count; done += 500) {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, done));
    await appendTimeline(
      api.base.db,
      Array.from({ length: 500 }, () => ({ ...row, occurredAt: at })),
    );
  }
  const all = object(await api.call('GET', `/users/${id}/export`));
  assert.equal(Object(all.customer).email, email);
  const ids = Object(all.timeline).map((one: { id: string }) => one.id);
  assert.equal(new Set(ids).size, ids.length, 'none twice');
  assert.ok(ids.length >= count, 'none left out');
  assert.doesNotMatch(JSON.stringify(all), /argon2/);
  const get = `/users/${id}/export`;
  for (const less of ['update:users', 'read:users read:users_app_metadata read:user_idp_tokens']) {
    assert.equal((await api.call('GET', get, undefined, less)).status, 403, `security row 16: ${less}`);
  }
  assert.equal((await api.call('GET', get, undefined, 'read:user_exports')).status, 200);
  assert.equal((await api.call('GET', '/users/auth0%7Cnobody/export')).status, 404);
});

test('passwords that the connection refuses are told in Auth0’s names', async () => {
  const { id } = await create();
  const table: [password: string, message: RegExp][] = [
    ['abcdefghij', /^PasswordStrengthError: /],
    ['i am catherine, hello', /^PasswordNoUserInfoError: /],
    ['our own shop name', /^PasswordDictionaryError: /],
    [password, /^PasswordHistoryError: /],
  ];
  for (const [next, message] of table) {
    const answer = await api.call('PATCH', `/users/${id}`, { password: next });
    assert.equal(answer.status, 400, next);
    assert.match(String(object(answer).message), message);
  }
  await api.run({
    name: 'a good one',
    call: ['PATCH', `/users/${id}`, { password: 'staple battery horse' }],
    status: 200,
  });
});

test('settings of the umbrella: how long to change one’s mind, where breached passwords are looked up', async () => {
  const first = object(await api.call('GET', '/umbrella'));
  assert.equal(first.erasure_days, 14);
  assert.equal(first.breached_passwords, null);
  const patch = {
    erasure_days: 30,
    breached_passwords: { source: 'address', address: 'https://range.example/range/' },
  };
  await api.run({ name: 'change', call: ['PATCH', '/umbrella', patch], status: 200, reply: patch });
  await api.run({ name: 'too long', call: ['PATCH', '/umbrella', { erasure_days: 91 }], status: 400 });
  const clear = { breached_passwords: { source: 'address', address: 'http://range.example/' } };
  await api.run({ name: 'in the clear', call: ['PATCH', '/umbrella', clear], status: 400 });
  await api.run({ name: 'nowhere', call: ['PATCH', '/umbrella', { breached_passwords: null }], status: 200 });
});
