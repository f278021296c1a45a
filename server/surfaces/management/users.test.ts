import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';
import { signInWithPassword } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { findByUserId, timelineOf } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  await api.call('POST', '/connections', {
    name: 'With-Usernames',
    strategy: 'auth0',
    options: { requires_username: true },
  });
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

test('a user is created with Auth0’s defaults and can sign in', async () => {
  const email = `${unique('Ada')}@Example.com`;
  const made = await api.run({
    name: 'create',
    call: [
      'POST',
      '/users',
      draft({
        email,
        email_verified: true,
        given_name: 'Ada',
        user_metadata: { scents: ['rose'] },
        app_metadata: { tier: 1 },
      }),
    ],
    status: 201,
    reply: {
      email: email.toLowerCase(),
      email_verified: true,
      name: email.toLowerCase(),
      nickname: email.toLowerCase().split('@')[0],
      given_name: 'Ada',
      user_metadata: { scents: ['rose'] },
      app_metadata: { tier: 1 },
      identities: [{ connection, provider: 'auth0', isSocial: false }],
    },
  });
  const { user_id, identities, picture } = object(made);
  assert.match(String(user_id), /^auth0\|[0-9a-f]{24}$/);
  assert.ok(Array.isArray(identities) && `auth0|${identities[0].user_id}` === user_id);
  assert.match(String(picture), /^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/);
  assert.ok(!('blocked' in object(made)) && !('logins_count' in object(made)));
  assert.equal((await signIn(email, password)).customer.user_id, user_id);
  const got = await api.run({ name: 'read', call: ['GET', path(user_id)], status: 200 });
  assert.deepEqual(got.body, made.body);
});

test('creating is refused in Auth0’s words', async () => {
  const { email } = await create({ user_id: 'taken' });
  const conflict = {
    statusCode: 409,
    error: 'Conflict',
    message: 'The user already exists.',
    errorCode: 'auth0_idp_error',
  };
  const missing = (name: string) => ({ message: `Payload validation error: 'Missing required property: ${name}'.` });
  const scenarios: Scenario[] = [
    { name: 'the e-mail again', call: ['POST', '/users', draft({ email })], status: 409, reply: conflict },
    {
      name: 'the e-mail in other letters',
      call: ['POST', '/users', draft({ email: String(email).toUpperCase() })],
      status: 409,
      reply: conflict,
    },
    { name: 'the user id again', call: ['POST', '/users', draft({ user_id: 'taken' })], status: 409, reply: conflict },
    {
      name: 'no connection',
      call: ['POST', '/users', { email: 'a@b.test' }],
      status: 400,
      reply: missing('connection'),
    },
    {
      name: 'an unknown connection',
      call: ['POST', '/users', draft({ connection: 'nothing' })],
      status: 400,
      reply: { message: 'The connection does not exist.', errorCode: 'inexistent_connection' },
    },
    { name: 'no address', call: ['POST', '/users', { connection, password }], status: 400, reply: missing('email') },
    {
      name: 'no password',
      call: ['POST', '/users', { connection, email: 'a@b.test' }],
      status: 400,
      reply: missing('password'),
    },
    {
      name: 'a weak password',
      call: ['POST', '/users', draft({ password: 'short' })],
      status: 400,
      reply: { message: 'PasswordStrengthError: Password is too weak' },
    },
    {
      name: 'a username where there are none',
      call: ['POST', '/users', draft({ username: 'ada' })],
      status: 400,
      reply: { message: 'Cannot set username for connection without requires_username.' },
    },
    {
      name: 'an unknown property',
      call: ['POST', '/users', draft({ foo: 1, bar: 2 })],
      status: 400,
      reply: { message: "Payload validation error: 'Additional properties not allowed: foo,bar'." },
    },
    {
      name: 'a reserved name in app_metadata',
      call: ['POST', '/users', draft({ app_metadata: { email_verified: true } })],
      status: 400,
    },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('of many who create the same user at once, one does', async () => {
  const body = draft({ user_id: unique('once'), email_verified: true });
  const answers = await Promise.all(Array.from({ length: 12 }, () => api.call('POST', '/users', body)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array.from({ length: 11 }, () => 409)]);
});

test('security case 20: an e-mail address is normalised, then validated', async () => {
  const refused = [
    'no-at',
    'a@b',
    'a@@b.test',
    'a@b.test@c.test',
    'a＠b.test＠c.test',
    'а@exаmple.com',
    'a\u0000@b.test',
    'a@b.test\r\nBcc: x@y.test',
    '"a@b"@c.test',
    `${'a'.repeat(10_000)}@b.test`,
    '',
  ];
  for (const email of refused) {
    const answer = await api.call('POST', '/users', draft({ email }));
    assert.equal(answer.status, 400, email);
    assert.match(String(object(answer).message), /email/);
  }
  const full = await api.call('POST', '/users', draft({ email: `${unique('w')}＠ｅxample.com` }));
  assert.match(String(object(full).email), /^w-[0-9a-f]+@example\.com$/, 'full-width letters are the plain ones');
});

test('usernames and other identities’ ids work where the connection has them', async () => {
  const username = unique('name').replaceAll('-', '');
  const user = {
    connection: 'With-Usernames',
    username,
    password,
    email: `${username}@example.com`,
    user_id: username,
  };
  const made = await api.run({
    name: 'create',
    call: ['POST', '/users', user],
    status: 201,
    reply: { username, user_id: `auth0|${username}`, email_verified: false },
  });
  await api.run({
    name: 'change',
    call: ['PATCH', path(object(made).user_id), { username: `${username}2` }],
    status: 200,
    reply: { username: `${username}2` },
  });
});

test('an unverified address gets a verification mail unless told otherwise', async () => {
  const mails = async (email: unknown) =>
    api.base.db.selectFrom('outbox').select('kind').where('recipient', '=', String(email)).execute();
  const cases: [object, number][] = [
    [{}, 1],
    [{ verify_email: false }, 0],
    [{ email_verified: true }, 0],
    [{ email_verified: true, verify_email: true }, 1],
  ];
  for (const [more, count] of cases) {
    const made = await api.call('POST', '/users', draft(more));
    assert.equal((await mails(object(made).email)).length, count, JSON.stringify(more));
  }
  const bySite = { most: 50 };
  for (let made = 0; made <= bySite.most; made++) {
    const answer = await api.call('POST', '/users', draft());
    assert.equal(answer.status, 201, 'an import is not held up by the limit on mails from one place');
  }
});

test('what a machine writes is on the timeline: who and which paths, not the values', async () => {
  const { user_id } = await create({ given_name: 'Secretive' });
  await api.call('PATCH', path(user_id), { given_name: 'Hidden', user_metadata: { size: 'L' } });
  const customer = await findByUserId(api.base.db, String(user_id));
  const { entries } = await timelineOf(api.base.db, customer?.id ?? '', { perPage: 10, classes: ['profile'] });
  const rows = entries.map(({ name, source, portal, data }) => ({ name, source, portal, data }));
  assert.deepEqual(rows, [
    {
      name: 'profile_changed',
      source: 'api',
      portal: 'machine',
      data: { paths: ['given_name', 'user_metadata.size'] },
    },
    { name: 'profile_created', source: 'api', portal: 'machine', data: { paths: ['given_name'] } },
  ]);
});

test('a deleted user is gone for ever, and its id is never given again', async () => {
  const { user_id } = await create({ user_id: 'goner' });
  await api.run({ name: 'delete', call: ['DELETE', path(user_id)], status: 204 });
  await api.run({ name: 'delete again', call: ['DELETE', path(user_id)], status: 204 });
  await api.run({
    name: 'gone',
    call: ['GET', path(user_id)],
    status: 404,
    reply: {
      statusCode: 404,
      error: 'Not Found',
      message: 'The user does not exist.',
      errorCode: 'inexistent_user',
    },
  });
  await api.run({ name: 'change', call: ['PATCH', path(user_id), { blocked: true }], status: 404 });
  const again = await api.call('POST', '/users', draft({ user_id: 'goner' }));
  assert.equal(again.status, 409);
});

test('lists page, sort, narrow by connection and pick fields', async () => {
  const made = [];
  for (const letter of ['b', 'c', 'a']) made.push(await create({ email: `${letter}${unique('list')}@example.com` }));
  const everyone = object(await api.call('GET', '/users?per_page=100&include_totals=true'));
  assert.ok(Array.isArray(everyone.users));
  assert.equal(everyone.total, everyone.users.length);
  assert.equal(everyone.length, everyone.users.length);
  const ids = list(await api.call('GET', '/users?per_page=100&fields=user_id'));
  assert.deepEqual(Object.keys(Object(ids[0])), ['user_id']);
  const without = list(await api.call('GET', '/users?per_page=1&fields=user_id,identities&include_fields=false'));
  assert.ok(!('user_id' in Object(without[0])) && 'email' in Object(without[0]));
  const sorted = list(await api.call('GET', '/users?sort=email:-1&per_page=100')).map((one) => Object(one).email);
  assert.deepEqual(sorted, [...sorted].sort().reverse());
  const some = list(await api.call('GET', '/users?connection=With-Usernames'));
  for (const one of some) assert.equal(Object(one).identities[0].connection, 'With-Usernames');
  const page = object(await api.call('GET', '/users?page=1&per_page=2&include_totals=true'));
  assert.partialDeepStrictEqual(page, { start: 2, limit: 2, length: 2 });

  for (const query of ['sort=secret:1', 'sort=email', 'per_page=101', 'page=-1', 'include_totals=yes', 'fields=,']) {
    assert.equal((await api.call('GET', `/users?${query}`)).status, 400, query);
  }
  await api.run({
    name: 'searching is not built',
    call: ['GET', '/users?q=email:x'],
    status: 400,
    reply: {
      errorCode: 'invalid_query_string',
      message: "Query validation error: 'This property is not supported by this server' on property q.",
    },
  });
  await api.run({
    name: 'beyond the first 1000',
    call: ['GET', '/users?page=20&per_page=50'],
    status: 400,
    reply: { errorCode: 'invalid_paging' },
  });
});

test('users are found by e-mail address, in any letters', async () => {
  const { email, user_id } = await create();
  const found = await api.call('GET', `/users-by-email?email=${encodeURIComponent(String(email).toUpperCase())}`);
  assert.partialDeepStrictEqual(list(found), [{ user_id }]);
  assert.deepEqual(list(await api.call('GET', '/users-by-email?email=nobody@example.com')), []);
  assert.equal((await api.call('GET', '/users-by-email?email=nobody')).status, 400);
  assert.equal((await api.call('GET', '/users-by-email')).status, 400);
});
