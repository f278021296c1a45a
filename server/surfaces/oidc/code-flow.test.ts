import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
