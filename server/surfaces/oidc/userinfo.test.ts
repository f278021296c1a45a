import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';
import { merge, removeCustomer, setBlocked } from '../../features/customers/customers.ts';
import { createApi } from '../../features/portals/portals.ts';
import { endSessions } from './end-sessions.ts';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  portal = { ...(await server.makePortal()), client_secret: '' };
  await createApi(server.base, { identifier: 'my-api', settings: { allow_offline_access: true } });
});
after(() => server.close());
beforeEach(() => {
  mock.timers.reset();
  server.journey.decided = {};
});

const ask = (authorization?: string, init: RequestInit = {}) =>
  fetch(`${server.url}/userinfo`, {
    ...init,
    headers: { ...init.headers, ...(authorization ? { authorization } : {}) },
  });

test('scopes decide what is told', async () => {
  const customer = await server.makeCustomer('grace@example.com', { given_name: 'Grace', birthdate: '1906-12-09' });
  const client = portalClient(server, portal);
  const bare = await client.signIn(customer.user_id, { scope: 'openid' });
  assert.deepEqual(await bodyOf(await ask(`Bearer ${bare.access_token}`)), { sub: customer.user_id });
  const full = await client.signIn(customer.user_id, { scope: 'openid profile email' });
  const told = await bodyOf(await ask(`Bearer ${full.access_token}`));
  assert.equal(told.given_name, 'Grace');
  assert.equal(told.birthdate, '1906-12-09');
  assert.equal(told.email_verified, true);
  assert.equal(told.nickname, 'grace');
});

test('it is asked by GET or POST, with the token in the header or the form', async () => {
  const customer = await server.makeCustomer();
  const { access_token } = await portalClient(server, portal).signIn(customer.user_id);
  assert.equal((await ask(`bearer ${access_token}`)).status, 200);
  assert.equal((await ask(`Bearer ${access_token}`, { method: 'POST' })).status, 200);
  const body = new URLSearchParams({ access_token });
  assert.equal((await ask(undefined, { method: 'POST', body })).status, 200);
  assert.equal((await ask(`Bearer ${access_token}`, { method: 'POST', body })).status, 401, 'not twice');
  const inAddress = await fetch(`${server.url}/userinfo?access_token=${access_token}`);
  assert.equal(inAddress.status, 401);
});

test('without a good token: 401 Unauthorized as text, and why in the header', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { id_token, access_token } = await client.signIn(customer.user_id);
  const { refresh_token } = await client.signIn(customer.user_id, { scope: 'openid offline_access' });
  for (const token of ['x', id_token, refresh_token, `${access_token}x`, access_token.slice(1), 'a.b.c', '"\u00e9"']) {
    const response = await ask(`Bearer ${encodeURI(token)}`);
    assert.equal(response.status, 401);
    assert.equal(await response.text(), 'Unauthorized');
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer realm="http.*\/", error="invalid_token"/);
  }
  const none = await ask();
  assert.equal(none.status, 401);
  assert.equal(none.headers.get('www-authenticate'), `Bearer realm="${server.url}/"`);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_401_000 });
  assert.equal((await ask(`Bearer ${access_token}`)).status, 401);
});

test('who is blocked, gone or merged away has no good token from that moment on', async () => {
  const { base } = server;
  const act = { by: 'staff', origin: 'test', at: new Date() } as const;
  const end = (tx: Parameters<typeof endSessions>[0], id: string) => endSessions(tx, id);
  const deeds: ((id: string) => Promise<unknown>)[] = [
    (id) => setBlocked(base.db, id, true, act),
    (id) => removeCustomer(base.db, id, { at: new Date(), endSessions: end, others: [] }),
    async (loser) => {
      const winner = (await server.makeCustomer()).id;
      await merge(base.db, { ...act, winner, loser, endSessions: end, settleConsents: async () => undefined });
    },
  ];
  for (const deed of deeds) {
    const customer = await server.makeCustomer();
    const client = portalClient(server, portal);
    const opaque = await client.signIn(customer.user_id, { scope: 'openid offline_access' });
    const jwt = await client.signIn(customer.user_id, { scope: 'openid', audience: 'my-api' });
    const { code, verifier } = await client.code(customer.user_id);
    assert.equal((await ask(`Bearer ${jwt.access_token}`)).status, 200);
    await deed(customer.id);
    assert.equal((await ask(`Bearer ${opaque.access_token}`)).status, 401);
    assert.equal((await ask(`Bearer ${jwt.access_token}`)).status, 401);
    assert.equal((await client.refresh(opaque.refresh_token)).error, 'invalid_grant');
    assert.equal((await client.redeem(code, verifier)).error, 'invalid_grant');
    const { location } = await client.authorize({ prompt: 'none' });
    assert.equal(location.searchParams.get('error'), 'login_required');
    assert.match((await client.authorize()).location.pathname, /^\/u\//);
  }
});

test('the winner of a merge tells its portals the ids that were merged into it', async () => {
  const { base } = server;
  const [winner, loser] = [await server.makeCustomer(), await server.makeCustomer()];
  const act = { by: 'staff', origin: 'test', at: new Date() } as const;
  await merge(base.db, {
    ...act,
    winner: winner.id,
    loser: loser.id,
    endSessions: (tx, id) => endSessions(tx, id),
    settleConsents: async () => undefined,
  });
  const tokens = await portalClient(server, portal).signIn(winner.user_id);
  const [, payload = ''] = tokens.id_token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  assert.deepEqual([claims.sub, claims.previous_subs], [winner.user_id, [loser.user_id]]);
});

test('it tells what code added to the ID token, each token that of its own sign-in, and nothing that is the protocol’s', async () => {
  const customer = await server.makeCustomer('edith@example.com', { given_name: 'Edith' });
  const tell = async ({ access_token }: { access_token: string }) => bodyOf(await ask(`Bearer ${access_token}`));
  const added = (level: string) => ({ 'https://shop.example/level': level, given_name: `Dr. ${level}` });
  const tokens = [];
  for (const audience of ['', 'my-api']) {
    for (const level of ['high', 'low']) {
      const claims = { ...added(level), sub: 'forged', email: 'forged@example.com', aud: 'forged' };
      server.journey.decided = { id_token: claims, access_token: { hidden: 'yes' } };
      const scope = 'openid profile email';
      tokens.push(await portalClient(server, portal).signIn(customer.user_id, { audience, scope }));
    }
  }
  server.journey.decided = {};
  const plain = await portalClient(server, portal).signIn(customer.user_id, { audience: 'my-api' });
  for (const [index, one] of tokens.entries()) {
    const told = await tell(one);
    assert.partialDeepStrictEqual(told, { sub: customer.user_id, email: 'edith@example.com', email_verified: true });
    assert.partialDeepStrictEqual(told, added(index % 2 === 0 ? 'high' : 'low'));
    assert.deepEqual([told.aud, told.hidden], [undefined, undefined]);
    // As the ID token has it.
    assert.equal(readJwt(one.id_token).claims.given_name, told.given_name);
  }
  assert.equal((await tell(plain))['https://shop.example/level'], undefined);
  // Without `openid` there is nothing to ask.
  server.journey.decided = { id_token: added('none') };
  const without = await portalClient(server, portal).signIn(customer.user_id, { scope: 'profile', nonce: '' });
  assert.equal((await ask(`Bearer ${without.access_token}`)).status, 401);
});

test('what code added is gone with the grant, also where the token itself is still good', async () => {
  const customer = await server.makeCustomer();
  server.journey.decided = { id_token: { 'https://shop.example/tier': 'gold' } };
  const tokens = await portalClient(server, portal).signIn(customer.user_id, { audience: 'my-api' });
  const told = await bodyOf(await ask(`Bearer ${tokens.access_token}`));
  assert.equal(told['https://shop.example/tier'], 'gold');
  await endSessions(server.base.db, customer.id);
  const rows = await server.base.db.selectFrom('grants').select('id').where('customer', '=', customer.id).execute();
  assert.deepEqual(rows, []);
  const later = await bodyOf(await ask(`Bearer ${tokens.access_token}`));
  assert.deepEqual([later.sub, later['https://shop.example/tier']], [customer.user_id, undefined]);
});

test('more than 16 kB stays in the ID token', async () => {
  const customer = await server.makeCustomer();
  const name = 'https://shop.example/large';
  for (const [length, isTold] of [
    [16_000, true],
    [17_000, false],
  ] as const) {
    server.journey.decided = { id_token: { [name]: 'x'.repeat(length) } };
    const tokens = await portalClient(server, portal).signIn(customer.user_id);
    const told = await bodyOf(await ask(`Bearer ${tokens.access_token}`));
    assert.deepEqual([told.sub, name in told], [customer.user_id, isTold]);
    assert.equal(String(readJwt(tokens.id_token).claims[name]).length, length);
  }
});
