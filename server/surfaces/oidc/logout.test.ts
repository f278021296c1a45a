import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, type PortalClient, portalClient } from '../../../test/portal-client.ts';
import { transact } from '../../base/db.ts';
import { writeSetting } from '../../base/settings.ts';
import { endSessions } from './end-sessions.ts';
import { sessionsOf } from './sessions.ts';

const home = 'https://shop.example/bye';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  portal = { ...(await server.makePortal({ settings: { allowed_logout_urls: [home] } })), client_secret: '' };
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

const offline = { scope: 'openid offline_access' };

async function isSignedIn(client: PortalClient): Promise<boolean> {
  return (await client.authorize({ prompt: 'none' })).location.searchParams.get('code') !== null;
}

async function userinfoStatus(token: string): Promise<number> {
  return (await fetch(`${server.url}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;
}

async function signedIn() {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  return { customer, client, tokens: await client.signIn(customer.user_id, offline) };
}

const v2 = (params: Record<string, string>) => `/v2/logout?${new URLSearchParams(params)}`;
const oidc = (params: Record<string, string>) => `/oidc/logout?${new URLSearchParams(params)}`;

/** Portals of the sign-outs in the timeline of whoever this sign-in was. */
async function signOuts(customer: string): Promise<(string | null)[]> {
  const { base } = server;
  const signIns = await base.db.selectFrom('sign_ins').select('subject').where('customer', '=', customer).execute();
  const subjects = signIns.map(({ subject }) => subject);
  const rows = await base.db.selectFrom('timeline').select('portal').where('subject', 'in', subjects).execute();
  return rows.map((row) => row.portal);
}

test('/v2/logout ends the session and all that was granted in it, and goes where the portal may send', async () => {
  const { client, customer, tokens } = await signedIn();
  const looked = await client.get(v2({}), 'HEAD');
  assert.deepEqual([looked.status, await isSignedIn(client)], [404, true], 'looking ends nothing');
  const response = await client.get(`${v2({ client_id: portal.client_id, returnTo: home })}&federated`);
  assert.deepEqual([response.status, response.headers.get('location')], [302, home]);
  assert.equal(await isSignedIn(client), false);
  assert.equal(await userinfoStatus(tokens.access_token), 401);
  assert.equal((await client.refresh(tokens.refresh_token)).error, 'invalid_grant');
  assert.equal(
    client.jar.all().find((cookie) => cookie.name === 'regulars'),
    undefined,
  );
  assert.deepEqual(await signOuts(customer.id), [portal.client_id]);
});

test('security row 9: /v2/logout goes nowhere else', async () => {
  const { client } = await signedIn();
  const bad = ['https://evil.example/', `${home}/`, `${home}?x=1`, '//evil.example', 'javascript:alert(1)'];
  for (const returnTo of bad) {
    const response = await client.get(v2({ client_id: portal.client_id, returnTo }));
    assert.deepEqual([response.status, response.headers.get('location')], [400, null], returnTo);
  }
  const nobody = await client.get(v2({ client_id: 'nobody', returnTo: home }));
  assert.equal(nobody.status, 400);
  assert.equal((await client.get(v2({ returnTo: home }))).status, 400, 'the umbrella does not list it');
  assert.equal(await isSignedIn(client), true);
  const bare = await client.get('/v2/logout');
  assert.deepEqual([bare.status, await bare.text()], [200, 'OK']);
  assert.equal(await isSignedIn(client), false);
});

test('/v2/logout without a portal goes where the umbrella says', async () => {
  const { base } = server;
  await transact(base.db, async (tx) => {
    await writeSetting(tx, 'allowed_logout_urls', ['https://umbrella.example/']);
    await base.settings.changed(tx);
  });
  await base.settings.refresh();
  const response = await portalClient(server, portal).get(v2({ returnTo: 'https://umbrella.example/' }));
  assert.equal(response.headers.get('location'), 'https://umbrella.example/');
});

test('/oidc/logout with a hint of this session asks nothing', async () => {
  const { client, tokens } = await signedIn();
  const asked = { id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state: 's&1' };
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 20 * 3600_000 });
  const response = await client.get(oidc(asked));
  assert.deepEqual([response.status, response.headers.get('location')], [302, `${home}?state=s%261`]);
  assert.equal(await isSignedIn(client), false);
  // Again, without a session: still the same answer.
  assert.equal((await client.get(oidc(asked))).status, 302);
});

test('/oidc/logout without a hint, or with somebody else’s, asks the customer', async () => {
  const { client } = await signedIn();
  const other = await signedIn();
  const asks = [
    { client_id: portal.client_id, post_logout_redirect_uri: home },
    { id_token_hint: other.tokens.id_token, post_logout_redirect_uri: home },
  ];
  for (const ask of asks) {
    const page = await bodyOf(await client.get(oidc(ask)));
    assert.equal(page.page, 'logout');
    assert.equal(await isSignedIn(client), true);
    assert.deepEqual([page.fields.client_id, page.fields.post_logout_redirect_uri], [portal.client_id, home]);
  }
  const page = await bodyOf(await client.get(oidc(asks[0] ?? {})));
  const send = (form: Record<string, string>, origin = server.url) => {
    const url = new URL('/oidc/logout', server.url);
    const headers = { cookie: client.jar.header(url), origin };
    return fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  };
  const form = { ...asks[0], logout_token: page.token };
  assert.equal((await send({ ...form, logout: 'yes' }, 'https://evil.example')).status, 403);
  assert.equal((await send({ ...form, logout: 'yes', logout_token: 'x' })).status, 403);
  assert.equal((await send(form)).headers.get('location'), home, '"no" goes there, too');
  assert.equal(await isSignedIn(client), true);
  assert.equal((await send({ ...form, logout: 'yes' })).headers.get('location'), home);
  assert.equal(await isSignedIn(client), false);
});

test('/oidc/logout takes the sid as a hint, and refuses forged ones', async () => {
  const { client, tokens } = await signedIn();
  const [header = '', payload = '', signature = ''] = tokens.id_token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url');
  for (const hint of [`${header}.${forged}.${signature}`, 'x', '']) {
    const response = await client.get(oidc({ id_token_hint: hint, post_logout_redirect_uri: home }));
    assert.equal(response.headers.get('location'), null);
    const known = await client.get(
      oidc({ id_token_hint: hint, client_id: portal.client_id, post_logout_redirect_uri: home }),
    );
    assert.equal((await bodyOf(known)).page, 'logout', 'from a portal that is known the customer is asked');
  }
  const evil = await client.get(
    oidc({ id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://evil.example/' }),
  );
  assert.deepEqual([evil.status, evil.headers.get('location')], [400, null]);
  assert.equal(await isSignedIn(client), true);
  const { sid } = claims;
  const response = await client.get(
    oidc({ client_id: portal.client_id, logout_hint: sid, post_logout_redirect_uri: home }),
  );
  assert.equal(response.headers.get('location'), home);
  assert.equal(await isSignedIn(client), false);
});

test('all sessions of a customer end at once, but for one if so wished', async () => {
  const { customer, client, tokens } = await signedIn();
  const other = portalClient(server, portal);
  const others = await other.signIn(customer.user_id, offline);
  const [latest] = await sessionsOf(server.base.db, customer.id);
  assert.ok(latest);
  assert.deepEqual(Object.keys(latest.portals), [portal.client_id]);
  await endSessions(server.base.db, customer.id, { exceptSession: latest.uid });
  assert.deepEqual([await isSignedIn(client), await isSignedIn(other)], [false, true]);
  assert.equal((await client.refresh(tokens.refresh_token)).error, 'invalid_grant');
  assert.equal((await other.refresh(others.refresh_token)).status, 200);
  await endSessions(server.base.db, customer.id);
  assert.equal(await isSignedIn(other), false);
  assert.equal(await userinfoStatus(others.access_token), 401);
});

test('a session rolls for 3 days, and ends 7 days after the sign-in whatever happens', async () => {
  const { client } = await signedIn();
  const { client: idle } = await signedIn();
  const start = Date.now();
  const at = (days: number) => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: start + days * 86_400_000 });
  };
  at(2.9);
  assert.equal(await isSignedIn(client), true);
  at(3.1);
  assert.equal(await isSignedIn(idle), false);
  at(5.8);
  assert.equal(await isSignedIn(client), true);
  at(6.9);
  assert.equal(await isSignedIn(client), true);
  at(7.1);
  assert.equal(await isSignedIn(client), false);
});

test('a session that ended while a request was under way stays ended', async () => {
  const { customer, client } = await signedIn();
  const { onSession } = server.journey;
  Object.assign(server.journey, {
    onSession: async (visit: Parameters<typeof onSession>[0]) => {
      await endSessions(server.base.db, customer.id);
      return onSession(visit);
    },
  });
  await client.authorize({ prompt: 'none' });
  Object.assign(server.journey, { onSession });
  assert.deepEqual(await sessionsOf(server.base.db, customer.id), []);
  assert.equal(await isSignedIn(client), false);
});
