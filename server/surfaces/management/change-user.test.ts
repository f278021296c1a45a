import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';
import { signInWithPassword } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { findByUserId, provenOwners } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

const path = (userId: unknown) => `/users/${encodeURIComponent(String(userId))}`;
const draft = (more: object = {}) => ({ connection, email: `${unique('u')}@example.com`, password, ...more });
async function create(more: object = {}): Promise<Record<string, unknown>> {
  const answer = await api.call('POST', '/users', draft({ email_verified: true, ...more }));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return object(answer);
}

async function signIn(email: unknown, typed: string) {
  const asked = { brand: await defaultBrand(api.base), language: 'en', ip: '192.0.2.1' } as const;
  return signInWithPassword(api.base, { connection, identifier: String(email), password: typed, asked });
}

test('metadata is merged one level deep, null deletes', async () => {
  const { user_id } = await create({ user_metadata: { a: 1, deep: { x: 1, y: 2 } }, app_metadata: { t: 1 } });
  const changed = await api.run({
    name: 'merge',
    call: ['PATCH', path(user_id), { user_metadata: { b: 2, deep: { x: 3 }, a: null } }],
    status: 200,
  });
  assert.deepEqual(object(changed).user_metadata, { b: 2, deep: { x: 3 } });
  assert.deepEqual(object(changed).app_metadata, { t: 1 });
  const emptied = await api.call('PATCH', path(user_id), { user_metadata: { b: null, deep: null } });
  assert.ok(!('user_metadata' in object(emptied)));
});

test('root attributes change, null takes them away; those of the catalogue too', async () => {
  const { user_id, email } = await create({ given_name: 'Ada', nickname: 'Countess' });
  const wishes = {
    given_name: 'Augusta',
    family_name: 'King',
    picture: 'https://a.test/p.png',
    birthdate: '1815-12-10',
  };
  await api.run({ name: 'change', call: ['PATCH', path(user_id), wishes], status: 200, reply: wishes });
  const less = object(await api.call('PATCH', path(user_id), { given_name: null, nickname: null, name: 'Ada King' }));
  assert.equal(less.given_name, undefined);
  assert.equal(less.nickname, undefined);
  assert.deepEqual([less.name, less.email], ['Ada King', email]);
  await api.run({
    name: 'a name that nobody knows',
    call: ['PATCH', path(user_id), { shoe_size: 40 }],
    status: 400,
    reply: { message: "Payload validation error: 'Additional properties not allowed: shoe_size'." },
  });
});

test('e-mail, password, blocked and verified follow Auth0’s rules', async () => {
  const { user_id, email } = await create();
  const other = await create();
  const next = `${unique('next')}@example.com`;
  const scenarios: Scenario[] = [
    ...[
      ['password', 'email'],
      ['password', 'email_verified'],
      ['username', 'email'],
      ['username', 'email_verified'],
      ['username', 'password'],
    ].map(([one = '', two = '']): Scenario => {
      const values: Record<string, unknown> = { password, email: next, email_verified: true, username: 'ada' };
      return {
        name: `${one} with ${two}`,
        call: ['PATCH', path(user_id), { [one]: values[one], [two]: values[two] }],
        status: 400,
        reply: { message: `Cannot update ${one} and ${two} simultaneously.` },
      };
    }),
    {
      name: 'an e-mail of another',
      call: ['PATCH', path(user_id), { email: other.email }],
      status: 400,
      reply: { errorCode: 'auth0_idp_error' },
    },
    {
      name: 'a new e-mail is not verified',
      call: ['PATCH', path(user_id), { email: next }],
      status: 200,
      reply: { email: next, email_verified: false },
    },
    {
      name: 'until the umbrella says so',
      call: ['PATCH', path(user_id), { email_verified: true }],
      status: 200,
      reply: { email: next, email_verified: true },
    },
    {
      name: 'or takes it back',
      call: ['PATCH', path(user_id), { email_verified: false }],
      status: 200,
      reply: { email_verified: false },
    },
    {
      name: 'both at once',
      call: ['PATCH', path(user_id), { email, email_verified: true }],
      status: 200,
      reply: { email, email_verified: true },
    },
    {
      name: 'an address is not taken away from who has no other name',
      call: ['PATCH', path(user_id), { email: null }],
      status: 400,
    },
    { name: 'nothing', call: ['PATCH', path(user_id), {}], status: 400 },
    {
      name: 'of another connection',
      call: ['PATCH', path(user_id), { connection: 'elsewhere', password }],
      status: 400,
    },
  ];
  for (const scenario of scenarios) await api.run(scenario);

  await api.run({ name: 'password', call: ['PATCH', path(user_id), { password: 'another secret' }], status: 200 });
  assert.ok(api.ended.includes((await findByUserId(api.base.db, String(user_id)))?.id ?? ''), 'sessions end');
  await assert.rejects(signIn(email, password));
  assert.equal((await signIn(email, 'another secret')).customer.user_id, user_id);
});

test('blocking ends sessions and keeps out', async () => {
  const { user_id, email } = await create();
  await api.run({
    name: 'block',
    call: ['PATCH', path(user_id), { blocked: true }],
    status: 200,
    reply: { blocked: true },
  });
  const customer = await findByUserId(api.base.db, String(user_id));
  assert.ok(customer && api.ended.includes(customer.id));
  await assert.rejects(signIn(email, password), { code: 'user_blocked' });
  const unblocked = await api.call('PATCH', path(user_id), { blocked: false });
  assert.ok(!('blocked' in object(unblocked)));
  await signIn(email, password);
});

test('security case 17: a token held by a customer changes nothing, least of all email_verified', async () => {
  const { user_id } = await create({ email_verified: false });
  for (const claims of [{ sub: user_id }, { sub: user_id, azp: 'machine', scope: 'update:users' }]) {
    const headers = { authorization: `Bearer ${await api.token(claims)}` };
    const answer = await api.send('PATCH', path(user_id), { headers, body: { email_verified: true } });
    assert.equal(answer.status, 401);
  }
  await api.run({
    name: 'the scope for app_metadata is for nothing else',
    call: ['PATCH', path(user_id), { app_metadata: { a: 1 }, email_verified: true }],
    scopes: 'update:users_app_metadata',
    status: 403,
  });
  await api.run({
    name: 'but for that',
    call: ['PATCH', path(user_id), { app_metadata: { a: 1 } }],
    scopes: 'update:users_app_metadata',
    status: 200,
    reply: { email_verified: false, app_metadata: { a: 1 } },
  });
});

test('an address and its proof go along with the account that has it when it is unlinked', async () => {
  const store = unique('store');
  await api.call('POST', '/connections', { name: store, strategy: 'auth0' });
  const owners = async (email: string) => (await provenOwners(api.base.db, 'email', email)).map((one) => one.user_id);
  const first = await create({ email_verified: false });
  const second = await create({ email_verified: false, connection: store });
  const idOf = (user: Record<string, unknown>) => String(user.user_id).replace('auth0|', '');
  const link = () =>
    api.call('POST', `${path(first.user_id)}/identities`, { provider: 'auth0', user_id: idOf(second) });
  const unlink = () => api.call('DELETE', `${path(first.user_id)}/identities/auth0/${idOf(second)}`);

  await link();
  const email = String(second.email);
  await api.run({
    name: 'the newer address, which is that of the second account',
    call: ['PATCH', path(first.user_id), { email_verified: true }],
    status: 200,
    reply: { email, email_verified: true },
  });
  await unlink();
  assert.ok(!(await owners(email)).includes(String(first.user_id)));

  await link();
  const moved = `${unique('moved')}@example.com`;
  await api.run({
    name: 'another address for the second account',
    call: ['PATCH', path(first.user_id), { connection: store, email: moved, email_verified: true }],
    status: 200,
    reply: { email: moved, email_verified: true },
  });
  await unlink();
  assert.equal(object(await api.call('GET', path(first.user_id))).email, first.email);
  const [owner] = await owners(moved);
  assert.ok(owner !== undefined && owner !== first.user_id);
  assert.equal(object(await api.call('GET', path(owner))).email, moved);
});
