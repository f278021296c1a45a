import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { place } from '../../../rules-library/place.ts';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { sealTokens } from '../../features/connections/connections.ts';
import { createCustomer, findByUserId, identitiesOf, learn } from '../../features/customers/customers.ts';
import { offerLibrary } from '../../features/rules/rules.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  const google = { client_id: 'id', client_secret: 'secret' };
  await api.call('POST', '/connections', { name: 'google-oauth2', strategy: 'google-oauth2', options: google });
});
after(() => api.close());

const path = (userId: unknown, rest = '') => `/users/${encodeURIComponent(String(userId))}${rest}`;

async function withPassword(): Promise<Record<string, unknown>> {
  const email = `${unique('u')}@example.com`;
  const user = { connection, email, password: 'correct horse', email_verified: true };
  return object(await api.call('POST', '/users', user));
}

async function byGoogle(id = unique('1')): Promise<string> {
  const at = now();
  const origin = 'google-oauth2';
  const { customer } = await createCustomer(api.base.db, {
    provider: 'google-oauth2',
    connection: 'google-oauth2',
    userIdAtProvider: id,
    isSocial: true,
    profileData: { email: `${id}@gmail.com`, name: 'Ada' },
    sealedTokens: sealTokens(api.base.vault, { access_token: 'provider-token', refresh_token: 'provider-refresh' }),
    facts: [{ path: 'birthdate', value: '1815-12-10', source: 'network', origin, at }],
    proofs: [],
    at,
  });
  return customer.user_id;
}

test('security row 5: nobody writes by joining or parting what they may not write', async () => {
  await ensureFirstStaff(api.base);
  const [first, second] = [await withPassword(), await byGoogle()];
  const [provider, user_id = ''] = second.split('|');
  const to = path(first.user_id, '/identities');
  const writes = ['*', '-app_metadata.income*'];
  const { headers } = await signInStaff(api, { ready: 'administrator', writes });
  const joined = await api.send('POST', to, { headers, body: { provider, user_id } });
  assert.equal(joined.status, 403);
  assert.equal(object(joined).errorCode, 'insufficient_attributes');
  const all = await signInStaff(api, { ready: 'administrator' });
  assert.equal((await api.send('POST', to, { headers: all.headers, body: { provider, user_id } })).status, 201);
  assert.equal((await api.send('DELETE', `${to}/${provider}/${user_id}`, { headers })).status, 403);
  assert.equal((await api.send('DELETE', `${to}/${provider}/${user_id}`, { headers: all.headers })).status, 200);
});

test('security row 15: unlinking leaves a user the second factors that were added with what goes', async () => {
  const first = await withPassword();
  const second = await byGoogle();
  const factor = { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
  const { id } = object(await api.call('POST', path(second, '/authentication-methods'), factor));
  const [provider, user_id = ''] = second.split('|');
  await api.call('POST', path(first.user_id, '/identities'), { provider, user_id });
  await api.call('DELETE', path(first.user_id, `/identities/${provider}/${user_id}`));
  assert.partialDeepStrictEqual(
    list(await api.call('GET', path(first.user_id, '/authentication-methods'))).filter(
      (one) => Object(one).type === 'totp',
    ),
    [{ id }],
  );
});

test('two users are linked into one, and parted again', async () => {
  const first = await withPassword();
  const second = await byGoogle();
  const [provider, user_id = ''] = second.split('|');
  const loser = await findByUserId(api.base.db, second);
  const linked = await api.run({
    name: 'link',
    call: ['POST', path(first.user_id, '/identities'), { provider, user_id }],
    status: 201,
    reply: [
      { provider: 'auth0', connection, isSocial: false },
      { provider, user_id, connection: 'google-oauth2', isSocial: true, profileData: { name: 'Ada' } },
    ],
  });
  assert.ok(!('profileData' in Object(list(linked)[0])));
  assert.ok(api.ended.includes(loser?.id ?? ''), "the loser's sessions end");
  await api.run({
    name: 'the id that lost goes on resolving',
    call: ['GET', path(second)],
    status: 200,
    reply: { user_id: first.user_id, birthdate: '1815-12-10' },
  });
  const scenarios: Scenario[] = [
    {
      name: 'again',
      call: ['POST', path(first.user_id, '/identities'), { provider, user_id }],
      status: 409,
      reply: { message: 'Specified identity already exists.' },
    },
    {
      name: 'with itself',
      call: [
        'POST',
        path(first.user_id, '/identities'),
        { provider: 'auth0', user_id: String(first.user_id).split('|')[1] },
      ],
      status: 400,
      reply: { message: 'Main identity and the new one are the same.' },
    },
    {
      name: 'with nobody',
      call: ['POST', path(first.user_id, '/identities'), { provider, user_id: 'nobody' }],
      status: 400,
      reply: { message: 'Linking to an inexistent identity is not allowed.' },
    },
    {
      name: 'the first identity stays',
      call: ['DELETE', path(first.user_id, `/identities/auth0/${String(first.user_id).split('|')[1]}`)],
      status: 400,
      reply: { message: 'Main identity cannot be removed.' },
    },
    {
      name: 'an identity that is not there',
      call: ['DELETE', path(first.user_id, `/identities/${provider}/nobody`)],
      status: 404,
    },
  ];
  for (const scenario of scenarios) await api.run(scenario);

  const left = await api.run({
    name: 'unlink',
    call: ['DELETE', path(first.user_id, `/identities/${provider}/${user_id}`)],
    status: 200,
  });
  assert.equal(list(left).length, 1);
  const parted = list(await api.call('GET', '/users?connection=google-oauth2'));
  assert.partialDeepStrictEqual(parted, [{ identities: [{ user_id }], birthdate: '1815-12-10' }]);
  assert.ok(!('birthdate' in object(await api.call('GET', path(first.user_id)))), 'it took along what it knew');
});

test('a link names its connection where several have the same id', async () => {
  const first = await withPassword();
  await api.call('POST', '/connections', { name: 'Other-Store', strategy: 'auth0' });
  const stores = list(await api.call('GET', '/connections?name=Other-Store'));
  const id = unique('same');
  for (const store of [connection, 'Other-Store']) {
    const at = now();
    const identity = { provider: 'auth0', connection: store, userIdAtProvider: id, isSocial: false };
    await createCustomer(api.base.db, { ...identity, facts: [], proofs: [], at });
  }
  const body = { provider: 'auth0', user_id: id };
  await api.run({ name: 'which', call: ['POST', path(first.user_id, '/identities'), body], status: 400 });
  await api.run({
    name: 'that one',
    call: ['POST', path(first.user_id, '/identities'), { ...body, connection_id: Object(stores[0]).id }],
    status: 201,
    reply: [{}, { connection: 'Other-Store', user_id: id }],
  });
  await api.run({
    name: 'a connection that there is not',
    call: ['POST', path(first.user_id, '/identities'), { ...body, connection_id: 'con_0000000000000000' }],
    status: 400,
    reply: { message: 'The provider/connection is not configured.' },
  });
});

test('security case 5: link_with takes only an ID token that we gave the caller for that account', async () => {
  const first = await withPassword();
  const second = await byGoogle();
  const seconds = Math.floor(Date.now() / 1000);
  const idToken = { aud: 'machine', sub: second, azp: undefined, scope: undefined };
  const link = (link_with: string, more: object = {}) =>
    api.call('POST', path(first.user_id, '/identities'), { link_with, ...more });
  const refused: [string, string][] = [
    ['of another client', await api.token({ ...idToken, aud: 'other' })],
    ['an access token', await api.token({ sub: second })],
    ['a logout token', await api.token(idToken, api.privateKey, 'logout+jwt')],
    ['expired', await api.token({ ...idToken, exp: seconds - 1 })],
    ['of another issuer', await api.token({ ...idToken, iss: 'https://evil.test/' })],
    ['for nobody', await api.token({ ...idToken, sub: undefined })],
    ['for somebody unknown', await api.token({ ...idToken, sub: 'auth0|nobody' })],
    ['not a token', 'x.y.z'],
  ];
  for (const [name, token] of refused) assert.equal((await link(token)).status, 400, name);
  const good = await api.token(idToken);
  assert.equal((await link(good, { provider: 'auth0', user_id: 'x' })).status, 400, 'and no fields beside it');
  assert.equal((await link(good)).status, 201);
});

test('providers’ tokens are shown only by the scope for them', async () => {
  const id = await byGoogle();
  const plain = JSON.stringify((await api.call('GET', path(id), undefined, 'read:users')).body);
  assert.ok(!plain.includes('provider-'));
  await api.run({
    name: 'with it',
    call: ['GET', path(id)],
    scopes: 'read:users read:user_idp_tokens',
    status: 200,
    reply: { identities: [{ access_token: 'provider-token', refresh_token: 'provider-refresh' }] },
  });
});

test('every value says where it comes from; of a rule, what it is called', async () => {
  const id = await byGoogle();
  offerLibrary(api.base, [place]);
  const customer = await findByUserId(api.base.db, id);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  const by = { source: 'rule', origin: 'library:place', at: new Date() } as const;
  const city = { path: 'app_metadata.city', value: 'Turin' } as const;
  const script = 'function (user, context, callback) { callback(null, user, context); }';
  const rule = object(await api.call('POST', '/rules', { name: 'Keeps a size', script }));
  const fit = { path: 'app_metadata.fit', value: 'slim' } as const;
  const gone = { path: 'app_metadata.gone', value: 'yes' } as const;
  await transact(api.base.db, (tx) =>
    learn(tx, identity?.subject ?? '', [
      { ...city, ...by },
      { ...fit, ...by, origin: `rule:${rule.id}` },
      { ...gone, ...by, origin: 'rule:rul_gone' },
    ]),
  );
  await api.call('PATCH', path(id), { user_metadata: { size: 'L' } });
  const facts = await api.call('GET', path(id, '/facts'));
  assert.partialDeepStrictEqual(list(facts), [
    { ...city, source: 'rule', origin: 'library:place', origin_name: 'Country, city and time zone', wins: true },
    { ...fit, source: 'rule', origin: `rule:${rule.id}`, origin_name: 'Keeps a size', wins: true },
    { ...gone, source: 'rule', origin: 'rule:rul_gone', origin_name: null, wins: true },
    { path: 'birthdate', value: '1815-12-10', source: 'network', origin: 'google-oauth2', identity: id, wins: true },
    { path: 'user_metadata.size', value: 'L', source: 'umbrella', origin: 'machine', wins: true },
  ]);
});
