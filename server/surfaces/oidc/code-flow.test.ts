import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

async function publicPortal() {
  return { ...(await server.makePortal()), client_secret: '' };
}

test('a customer signs in: page, code, tokens, userinfo', async () => {
  const portal = await publicPortal();
  const customer = await server.makeCustomer('ada@example.com', { given_name: 'Ada', family_name: 'L.' });
  const client = portalClient(server, portal);

  const { location } = await client.authorize({ login_hint: 'ada@example.com', ui_locales: 'de' });
  assert.match(location.pathname, /^\/u\/[\w-]{43}\/login$/);
  const flow = await bodyOf(await client.get(location.pathname));
  assert.equal(flow.clientId, portal.client_id);
  assert.equal(flow.params.login_hint, 'ada@example.com');
  assert.equal(flow.params.ui_locales, 'de');
  assert.deepEqual(flow.prompt, { name: 'login', reasons: ['no_session'] });
  assert.equal(flow.session, null);

  const tokens = await client.signIn(customer.user_id);
  assert.equal(tokens.status, 200);
  assert.equal(tokens.token_type, 'Bearer');
  assert.equal(tokens.expires_in, 86_400);
  assert.equal(tokens.access_token.length, 32);
  assert.equal(tokens.refresh_token, undefined);

  const jwks = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(tokens.id_token, jwks, {
    issuer: `${server.url}/`,
    audience: portal.client_id,
  });
  assert.equal(protectedHeader.alg, 'RS256');
  assert.equal(payload.sub, customer.user_id);
  assert.equal(payload.nonce, 'the-nonce');
  assert.equal(payload.email, 'ada@example.com');
  assert.equal(payload.email_verified, true);
  assert.equal(payload.given_name, 'Ada');
  assert.equal(payload.updated_at, customer.updated_at.toISOString());
  assert.equal(typeof payload.sid, 'string');
  assert.deepEqual(payload.amr, ['pwd']);
  assert.equal(typeof payload.auth_time, 'number');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 36_000);

  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const userinfo = await fetch(`${server.url}/userinfo`, { headers });
  assert.equal(userinfo.status, 200);
  const claims = await bodyOf(userinfo);
  assert.equal(claims.sub, customer.user_id);
  assert.equal(claims.email, 'ada@example.com');
  assert.equal(claims.updated_at, customer.updated_at.toISOString());
});

test('the second portal finds the session, without a page', async () => {
  const customer = await server.makeCustomer();
  const first = portalClient(server, await publicPortal());
  const signedIn = await first.signIn(customer.user_id);
  const other = portalClient(server, await publicPortal(), first.jar);
  const before = server.journey.calls.session;
  const silent = await other.authorize({ prompt: 'none' });
  assert.equal(silent.location.origin, 'https://shop.example');
  assert.equal(silent.location.searchParams.get('state'), 'the-state');
  assert.equal(server.journey.calls.session, before + 1, 'the journey runs once');
  const tokens = await other.redeem(silent.location.searchParams.get('code') ?? '', silent.verifier);
  assert.equal(readJwt(tokens.id_token).claims.sub, customer.user_id);
  assert.equal(readJwt(tokens.id_token).claims.auth_time, readJwt(signedIn.id_token).claims.auth_time);
});

test('the portal may ask for a new proof: prompt=login, max_age, select_account', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const { id_token } = await client.signIn(customer.user_id);
  const asks: [Record<string, string>, string][] = [
    [{ prompt: 'login' }, 'login'],
    [{ max_age: '0' }, 'login'],
    [{ prompt: 'select_account' }, 'select_account'],
  ];
  for (const [params, name] of asks) {
    const { location } = await client.authorize(params);
    assert.equal((await bodyOf(await client.get(location.pathname))).prompt.name, name, JSON.stringify(params));
    const tokens = await client.signIn(customer.user_id, params);
    assert.equal(tokens.status, 200, JSON.stringify(params));
  }
  assert.ok((await client.authorize({ max_age: '1000', prompt: 'none' })).location.searchParams.get('code'));
  assert.ok((await client.authorize({ id_token_hint: id_token, prompt: 'none' })).location.searchParams.get('code'));
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 20_000 });
  const old = await client.authorize({ max_age: '10', prompt: 'none' });
  mock.timers.reset();
  assert.equal(old.location.searchParams.get('error'), 'login_required');
});

test('a portal that wants no single sign-on always asks', async () => {
  const customer = await server.makeCustomer();
  const first = portalClient(server, await publicPortal());
  await first.signIn(customer.user_id);
  const alone = { ...(await server.makePortal({ settings: { sso_disabled: true } })), client_secret: '' };
  const client = portalClient(server, alone, first.jar);
  assert.equal((await client.authorize({ prompt: 'none' })).location.searchParams.get('error'), 'login_required');
  assert.equal((await client.signIn(customer.user_id)).status, 200);
});

test('POST /authorize is the same; without scope it is the customer’s profile', async () => {
  const portal = await publicPortal();
  const body = new URLSearchParams({
    client_id: portal.client_id,
    response_type: 'code',
    redirect_uri: portal.callback,
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  });
  const response = await fetch(`${server.url}/authorize`, { method: 'POST', body, redirect: 'manual' });
  assert.equal(response.status, 303);
  const client = portalClient(server, portal);
  client.jar.store(new URL(server.url), response.headers.getSetCookie());
  const flow = await bodyOf(await client.get(response.headers.get('location') ?? ''));
  assert.equal(flow.params.scope, 'openid profile email');
});

test('thousands of parameters are refused at once, by GET and by POST', async () => {
  const began = performance.now();
  for (const many of ['a&'.repeat(6000), Array.from({ length: 1500 }, (_, index) => `k${index}=v`).join('&')]) {
    const got = await fetch(`${server.url}/authorize?${many}`);
    assert.equal(got.status, 400);
    assert.doesNotMatch(await got.text(), /went wrong/);
  }
  for (const path of ['/authorize', '/oauth/token', '/oauth/par', '/oidc/logout']) {
    const posted = await fetch(server.url + path, { method: 'POST', body: new URLSearchParams('a&'.repeat(20_000)) });
    assert.equal(posted.status, 400, path);
  }
  const ms = performance.now() - began;
  assert.ok(ms < 10_000, `took ${ms} ms`);
});
