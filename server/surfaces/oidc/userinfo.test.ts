import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient } from '../../../test/portal-client.ts';
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
beforeEach(() => mock.timers.reset());

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
