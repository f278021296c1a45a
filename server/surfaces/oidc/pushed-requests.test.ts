import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, beforeEach, mock, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';
import { createApi } from '../../features/portals/portals.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
  await createApi(server.base, { identifier: 'my-api', settings: { allow_offline_access: true } });
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

async function push(portal: TestPortal, more: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const body = new URLSearchParams({
    client_id: portal.client_id,
    client_secret: portal.client_secret,
    response_type: 'code',
    redirect_uri: portal.callback,
    scope: 'openid profile offline_access',
    audience: 'my-api',
    state: 'pushed-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  const response = await fetch(`${server.url}/oauth/par`, { method: 'POST', body });
  return { status: response.status, verifier, ...(await bodyOf(response)) };
}

/** The error that a portal with one registered address is told there. */
function errorOf(response: Response): string | null {
  const target = new URL(response.headers.get('location') ?? '');
  assert.equal(target.searchParams.get('code'), null);
  return target.searchParams.get('error');
}

test('a pushed request is gone on with, with all it asked for', async () => {
  const customer = await server.makeCustomer();
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const client = portalClient(server, portal);
  const pushed = await push(portal);
  assert.deepEqual([pushed.status, pushed.expires_in], [201, 30]);
  assert.match(pushed.request_uri, /^urn:ietf:params:oauth:request_uri:.{32,}$/);

  const query = new URLSearchParams({ client_id: portal.client_id, request_uri: pushed.request_uri });
  const started = await client.get(`/authorize?${query}`);
  const page = new URL(started.headers.get('location') ?? '', server.url);
  const flow = await bodyOf(await client.get(page.pathname));
  assert.equal(flow.params.audience, 'my-api');
  const finished = await client.get(`${page.pathname}?as=${encodeURIComponent(customer.user_id)}`);
  const resumed = await client.get(new URL(finished.headers.get('location') ?? '').pathname);
  const target = new URL(resumed.headers.get('location') ?? '');
  assert.equal(target.searchParams.get('state'), 'pushed-state');
  const tokens = await client.redeem(target.searchParams.get('code') ?? '', pushed.verifier);
  assert.equal(tokens.scope, 'openid profile offline_access');
  assert.equal(tokens.refresh_token.length, 32);
  assert.deepEqual(readJwt(tokens.access_token).claims.aud, ['my-api', `${server.url}/userinfo`]);

  const again = await client.get(`/authorize?${query}`);
  assert.equal(errorOf(again), 'invalid_request_uri', 'it is used once');
});

test('a pushed request is good for 30 seconds', async () => {
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const pushed = await push(portal);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 });
  const query = new URLSearchParams({ client_id: portal.client_id, request_uri: pushed.request_uri });
  assert.equal(errorOf(await portalClient(server, portal).get(`/authorize?${query}`)), 'invalid_request_uri');
});

test('a pushed request is good for its own portal only', async () => {
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const other = await server.makePortal({ app_type: 'regular_web' });
  const pushed = await push(portal);
  const query = new URLSearchParams({ client_id: other.client_id, request_uri: pushed.request_uri });
  assert.equal(errorOf(await portalClient(server, other).get(`/authorize?${query}`)), 'invalid_request_object');
});

test('pushing wants the secret, and a registered address', async () => {
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const wrong = await push({ ...portal, client_secret: 'wrong' });
  assert.deepEqual([wrong.status, wrong.error], [401, 'access_denied']);
  const elsewhere = await push(portal, { redirect_uri: 'https://evil.example/' });
  assert.deepEqual([elsewhere.status, elsewhere.error], [400, 'invalid_request']);
});

test('a portal may require it', async () => {
  const settings = { require_pushed_authorization_requests: true };
  const client = portalClient(server, await server.makePortal({ app_type: 'regular_web', settings }));
  const { location } = await client.authorize();
  assert.equal(location.searchParams.get('error'), 'invalid_request');
});
