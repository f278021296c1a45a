import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { madePasskey } from '../../../contract/passkeys.ts';
import { createAuthenticator } from '../../../test/authenticator.ts';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { addPasskey, beginPasskey, renewRecoveryCodes } from '../../features/accounts/accounts.ts';
import { createBrand, defaultBrand } from '../../features/brands/brands.ts';
import { findByUserId, identitiesOf } from '../../features/customers/customers.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await createBrand(api.base, { slug: 'lumiere', name: 'Lumière' });
  await api.call('POST', '/connections', { name: 'Store', strategy: 'auth0' });
});
after(() => api.close());

async function someone(verified = true) {
  const email = `${unique('methods')}@example.com`;
  const draft = {
    connection: 'Store',
    email,
    password: 'correct horse',
    email_verified: verified,
    verify_email: false,
  };
  const userId = String(object(await api.call('POST', '/users', draft)).user_id);
  return { email, userId, path: `/users/${encodeURIComponent(userId)}/authentication-methods` };
}
const typesAt = async (path: string) => list(await api.call('GET', path)).map((one) => Object(one).type);

test('passwords and proven addresses are listed as Auth0 lists them', async () => {
  const { path, email, userId } = await someone();
  const [password, code] = list(await api.call('GET', path)).map((one) => Object(one));
  assert.match(password.id, /^password\|dev_[0-9a-f]{32}$/);
  assert.deepEqual(
    [password.type, password.confirmed, `auth0|${password.identity_user_id}`],
    ['password', true, userId],
  );
  assert.deepEqual([code.type, code.confirmed, code.email], ['email-verification', true, email]);
  const { path: other } = await someone(false);
  const unproven = list(await api.call('GET', other));
  assert.deepEqual(
    unproven.map((one) => [Object(one).type, Object(one).confirmed]),
    [['password', false]],
  );
});

test('all second factors are replaced at once, or none is', async () => {
  const { path, userId } = await someone();
  const { base } = api;
  await api.call('POST', path, { type: 'totp', name: 'Old phone' });
  const { id: customer } = (await findByUserId(base.db, userId)) ?? assert.fail();
  const [identity] = await identitiesOf(base.db, customer);
  assert.ok(identity);
  const asked = { brand: await defaultBrand(base), language: 'en', ip: '192.0.2.1' } as const;
  await renewRecoveryCodes(base, base.db, { customer, subject: identity.subject, asked });
  const before = list(await api.call('GET', path));
  const phone = { type: 'phone', phone_number: '+4915112345678', name: 'New phone' };
  for (const [status, drafts] of [
    [400, [phone, { type: 'email' }]],
    [400, [phone, { type: 'password' }]],
    [409, [phone, { ...phone, name: 'Twice' }]],
    [400, Array.from({ length: 11 }, () => ({ type: 'totp' }))],
    [400, phone],
  ] as const) {
    assert.equal((await api.call('PUT', path, drafts)).status, status);
    assert.deepEqual(list(await api.call('GET', path)), before, 'as it was');
  }
  const answer = await api.call('PUT', path, [phone, { type: 'totp' }]);
  assert.equal(answer.status, 200);
  const [first, second] = list(answer).map((one) => Object(one));
  assert.deepEqual([first.type, first.name, first.phone_number], ['phone', 'New phone', '+4915112345678']);
  assert.match(second.totp_secret, /^[A-Z2-7]{32}$/);
  assert.deepEqual((await typesAt(path)).sort(), ['email-verification', 'password', 'phone', 'totp']);
  assert.deepEqual(list(await api.call('PUT', path, [])), []);
  assert.deepEqual((await typesAt(path)).sort(), ['email-verification', 'password']);
});

test('second factors are added, read, named and removed', async () => {
  const { path } = await someone();
  const totp = object(await api.call('POST', path, { type: 'totp', name: 'My phone' }));
  assert.match(String(totp.totp_secret), /^[A-Z2-7]{32}$/);
  const given = { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
  assert.equal(object(await api.call('POST', path, given)).totp_secret, given.totp_secret);
  const phone = object(await api.call('POST', path, { type: 'phone', phone_number: '+4915112345678' }));
  assert.deepEqual([phone.phone_number, phone.preferred_authentication_method], ['+4915112345678', 'sms']);
  const email = object(await api.call('POST', path, { type: 'email', email: 'Second@Example.com' }));
  assert.equal(email.email, 'second@example.com');
  assert.equal((await api.call('POST', path, { type: 'email', email: 'second@example.com' })).status, 409);

  const one = `${path}/${encodeURIComponent(String(totp.id))}`;
  const read = object(await api.call('GET', one));
  assert.deepEqual([read.name, read.confirmed, 'totp_secret' in read], ['My phone', true, false]);
  assert.equal(object(await api.call('PATCH', one, { name: 'Old phone' })).name, 'Old phone');
  assert.equal(object(await api.call('GET', one)).name, 'Old phone');
  assert.equal((await api.call('PATCH', one, { preferred_authentication_method: 'sms' })).status, 400);
  assert.equal((await api.call('DELETE', one)).status, 204);
  assert.equal((await api.call('GET', one)).status, 404);
  assert.deepEqual(await typesAt(path), ['password', 'email-verification', 'totp', 'phone', 'email']);

  const page = object(await api.call('GET', `${path}?per_page=2&page=1&include_totals=true`));
  assert.deepEqual([page.start, page.limit, page.total], [2, 2, 5]);
  assert.equal((await api.call('DELETE', path)).status, 204);
  assert.deepEqual(await typesAt(path), ['password', 'email-verification'], 'ways in stay');
});

test('recovery codes are shown as one, without the codes', async () => {
  const { path, userId } = await someone();
  await api.call('POST', path, { type: 'totp' });
  const customer = await findByUserId(api.base.db, userId);
  assert.ok(customer);
  const { subject } = await api.base.db
    .selectFrom('members')
    .select('subject')
    .where('customer', '=', customer.id)
    .executeTakeFirstOrThrow();
  const asked = { brand: await defaultBrand(api.base), language: 'en', ip: '192.0.2.1' } as const;
  await renewRecoveryCodes(api.base, api.base.db, { customer: customer.id, subject, asked });
  const shown = list(await api.call('GET', path)).find((one) => Object(one).type === 'recovery-code');
  assert.match(Object(shown).id, /^recovery-code\|dev_[0-9a-f]{32}$/);
  const { status } = await api.call('DELETE', `${path}/${encodeURIComponent(Object(shown).id)}`);
  assert.equal(status, 204);
});

test('a passkey is listed with what it is, and removed', async () => {
  const { path, userId } = await someone();
  const customer = await findByUserId(api.base.db, userId);
  assert.ok(customer);
  const [identity] = await identitiesOf(api.base.db, customer.id);
  const asked = { brand: await defaultBrand(api.base), language: 'en', ip: '192.0.2.1' } as const;
  const act = { customer, session: 'session', asked };
  const options = await beginPasskey(api.base, act);
  const made = madePasskey.parse(JSON.parse(createAuthenticator(api.base.config.url).create(options)));
  const more = { subject: identity?.subject ?? '', made, name: 'The key on my ring of keys', unnamed: 'Passkey' };
  await addPasskey(api.base, { ...act, ...more, customer: customer.id, isSignedIn: async () => true });
  const shown = Object(list(await api.call('GET', path)).find((one) => Object(one).type === 'passkey'));
  assert.match(shown.id, /^passkey\|dev_[0-9a-f]{32}$/);
  assert.deepEqual([shown.name, shown.credential_device_type], ['The key on my ring o', 'multi_device']);
  const one = `${path}/${encodeURIComponent(shown.id)}`;
  assert.equal((await api.call('DELETE', one)).status, 204);
  assert.equal((await api.call('GET', one)).status, 404);
});

test('nobody is left without a way in, and a proven address is no method to delete', async () => {
  const { path } = await someone();
  const [password, code] = list(await api.call('GET', path)).map((one) => Object(one));
  const at = (id: string) => `${path}/${encodeURIComponent(id)}`;
  assert.equal((await api.call('DELETE', at(code.id))).status, 400);
  assert.equal((await api.call('DELETE', at(password.id))).status, 204, 'codes are mailed to the proven address');
  const { path: other } = await someone(false);
  const [only] = list(await api.call('GET', other)).map((one) => Object(one));
  const last = await api.call('DELETE', `${other}/${encodeURIComponent(only.id)}`);
  assert.deepEqual(
    [last.status, object(last).message],
    [400, 'This is the only way to sign in. Add another one first.'],
  );
  // Somebody else's is not there.
  assert.equal((await api.call('DELETE', at(only.id))).status, 404);
  assert.equal((await api.call('GET', `/users/auth0%7Cnobody/authentication-methods`)).status, 404);
});

test('what does not go together is refused by name', async () => {
  const { path } = await someone();
  const cases: [object, string][] = [
    [{ type: 'passkey' }, 'type'],
    [{ type: 'webauthn-roaming' }, 'type'],
    [{ type: 'totp', totp_secret: 'not base32' }, 'totp_secret'],
    [{ type: 'totp', email: 'a@example.com' }, 'email'],
    [{ type: 'phone' }, 'phone_number'],
    [{ type: 'phone', phone_number: '12' }, 'phone_number'],
    [{ type: 'phone', phone_number: '+4915112345678', preferred_authentication_method: 'voice' }, 'preferred_auth'],
    [{ type: 'email' }, 'email'],
    [{ type: 'email', email: 'a@example.com', key_id: 'x' }, 'key_id'],
    [{ type: 'totp', name: 'a name of more than twenty letters' }, 'name'],
  ];
  for (const [body, name] of cases) {
    const answer = await api.call('POST', path, body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(String(object(answer).message), new RegExp(name), JSON.stringify(body));
  }
});
