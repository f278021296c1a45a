import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';
import { createApi, createGrant, updatePortal } from '../../features/portals/portals.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
  const scopes = [{ value: 'read:things' }, { value: 'write:things' }];
  await createApi(server.base, { identifier: 'my-api', scopes, settings: { allow_offline_access: true } });
  await createApi(server.base, { identifier: 'https://api.example/#x', settings: { token_lifetime: 60 } });
  const own = [{ value: 'read:current_user' }, { value: 'read:users' }];
  await createApi(server.base, { identifier: `${server.url}/api/v2/`, scopes: own, is_system: true });
  await server.base.settings.refresh();
});
after(() => server.close());

const publicPortal = async () => ({ ...(await server.makePortal()), client_secret: '' });
const machine = () =>
  server.makePortal({ app_type: 'non_interactive', settings: { callbacks: [], grant_types: ['client_credentials'] } });

test('with an audience the access token is a JWT in Auth0’s words, good for /userinfo, too', async () => {
  const customer = await server.makeCustomer();
  const portal = await publicPortal();
  const client = portalClient(server, portal);
  const tokens = await client.signIn(customer.user_id, {
    audience: 'my-api',
    scope: 'openid profile offline_access read:things fly:away',
  });
  const { header, claims } = readJwt(tokens.access_token);
  assert.equal(header.typ, 'JWT');
  assert.equal(header.alg, 'RS256');
  const { iat, exp, jti, ...rest } = claims;
  assert.equal(Number(exp) - Number(iat), 86_400);
  assert.equal(typeof jti, 'string');
  assert.deepEqual(rest, {
    iss: `${server.url}/`,
    sub: customer.user_id,
    aud: ['my-api', `${server.url}/userinfo`],
    azp: portal.client_id,
    scope: 'openid profile read:things offline_access',
  });
  assert.equal(tokens.scope, 'openid profile read:things offline_access');

  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const userinfo = await bodyOf(await fetch(`${server.url}/userinfo`, { headers }));
  assert.equal(userinfo.sub, customer.user_id);
  assert.equal(userinfo.email, undefined);

  const again = await client.refresh(tokens.refresh_token);
  assert.deepEqual(readJwt(again.access_token).claims.aud, ['my-api', `${server.url}/userinfo`]);
  const named = await client.refresh(again.refresh_token, { audience: 'my-api' });
  assert.equal(named.status, 200);
});

test('without openid the audience is a plain text, and there is no ID token', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const tokens = await client.signIn(customer.user_id, { audience: 'my-api', scope: 'read:things', nonce: '' });
  assert.equal(tokens.id_token, undefined);
  assert.equal(readJwt(tokens.access_token).claims.aud, 'my-api');
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 401);
});

test('an API says how long its tokens are good; its name may be any text', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const tokens = await client.signIn(customer.user_id, { audience: 'https://api.example/#x' });
  assert.equal(tokens.expires_in, 60);
  assert.deepEqual(readJwt(tokens.access_token).claims.aud, ['https://api.example/#x', `${server.url}/userinfo`]);
});

test('a customer gets the customer’s part of the Management API only', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const audience = `${server.url}/api/v2/`;
  const tokens = await client.signIn(customer.user_id, {
    audience,
    scope: 'openid read:current_user read:users update:current_user_metadata',
  });
  assert.equal(tokens.scope, 'openid read:current_user update:current_user_metadata');
});

test('a machine gets the scopes of its grant, or those it names', async () => {
  const portal = await machine();
  await createGrant(server.base, { client_id: portal.client_id, audience: 'my-api', scope: ['read:things', 'x:y'] });
  const client = portalClient(server, portal);
  const tokens = await client.token({ grant_type: 'client_credentials', audience: 'my-api' });
  assert.equal(tokens.status, 200);
  assert.equal(tokens.scope, 'read:things x:y');
  const { header, claims } = readJwt(tokens.access_token);
  const { iat, exp, ...rest } = claims;
  assert.equal(header.typ, 'JWT');
  assert.equal(Number(exp) - Number(iat), 86_400);
  assert.deepEqual(rest, {
    iss: `${server.url}/`,
    sub: `${portal.client_id}@clients`,
    aud: 'my-api',
    azp: portal.client_id,
    gty: 'client-credentials',
    scope: 'read:things x:y',
  });
  const narrow = await client.token({
    grant_type: 'client_credentials',
    audience: 'my-api',
    scope: 'x:y write:things',
  });
  assert.equal(narrow.scope, 'x:y');
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 401);
});

test('a machine is authenticated by header, form or JSON', async () => {
  const portal = await machine();
  await createGrant(server.base, { client_id: portal.client_id, audience: 'my-api', scope: ['read:things'] });
  const { client_id, client_secret } = portal;
  const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
  const asked = { grant_type: 'client_credentials', audience: 'my-api' };
  const send = (body: string, headers: Record<string, string>) =>
    fetch(`${server.url}/oauth/token`, { method: 'POST', body, headers }).then(bodyOf);
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const answers = [
    await send(JSON.stringify({ ...asked, client_id, client_secret }), json),
    await send(new URLSearchParams(asked).toString(), { ...form, authorization: basic }),
    await send(JSON.stringify(asked), { ...json, authorization: basic }),
  ];
  for (const answer of answers) assert.equal(answer.scope, 'read:things');
});

test('what a machine must not have', async () => {
  const portal = await machine();
  const client = portalClient(server, portal);
  const ask = (more: Record<string, string>) => client.token({ grant_type: 'client_credentials', ...more });
  const unknown = await ask({ audience: 'nowhere' });
  assert.deepEqual(
    [unknown.status, unknown.error, unknown.error_description],
    [403, 'access_denied', 'Service not found: nowhere'],
  );
  const without = await ask({ audience: 'my-api' });
  assert.deepEqual([without.status, without.error], [403, 'access_denied']);
  assert.match(without.error_description, /^Client is not authorized to access "my-api"/);
  const nothing = await ask({});
  assert.deepEqual([nothing.status, nothing.error], [403, 'access_denied']);
  assert.match(nothing.error_description, /^No audience parameter was provided/);
});

test('security row 19: a wrong secret, an unknown and a closed client are answered alike', async () => {
  const portal = await machine();
  await createGrant(server.base, { client_id: portal.client_id, audience: 'my-api', scope: ['read:things'] });
  const closed = await machine();
  await updatePortal(server.base, closed.client_id, { enabled: false }, () => undefined);
  const asked = { grant_type: 'client_credentials', audience: 'my-api' };
  const answers = [
    await portalClient(server, { ...portal, client_secret: 'wrong' }).token(asked),
    await portalClient(server, { ...portal, client_id: 'nobody' }).token(asked),
    await portalClient(server, closed).token(asked),
    await portalClient(server, { ...portal, client_secret: '' }).token(asked),
  ];
  for (const { status, error, error_description } of answers) {
    assert.deepEqual([status, error, error_description], [401, 'access_denied', 'Unauthorized']);
  }
});

test('a portal that is closed is refused at once, with everything it had', async () => {
  const customer = await server.makeCustomer();
  const portal = await publicPortal();
  const client = portalClient(server, portal);
  const tokens = await client.signIn(customer.user_id, { scope: 'openid offline_access' });
  const jwt = await client.signIn(customer.user_id, { audience: 'my-api' });
  await updatePortal(server.base, portal.client_id, { enabled: false }, () => undefined);
  const stranger = portalClient(server, portal);
  for (const browser of [client, stranger]) {
    for (const params of [{}, { prompt: 'none' }]) {
      const { response } = await browser.authorize(params);
      assert.deepEqual([response.status, response.headers.get('location')], [403, null]);
      assert.ok(!response.headers.getSetCookie().some((cookie) => cookie.startsWith('flow-')));
    }
  }
  assert.equal((await client.refresh(tokens.refresh_token)).status, 401);
  for (const { access_token } of [tokens, jwt]) {
    const headers = { authorization: `Bearer ${access_token}` };
    assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 401);
  }
});
