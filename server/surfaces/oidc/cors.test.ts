import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { portalClient } from '../../../test/portal-client.ts';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  const settings = { web_origins: ['https://app.example'], allowed_origins: ['https://other.example'] };
  portal = { ...(await server.makePortal({ settings })), client_secret: '' };
});
after(() => server.close());

const own = ['https://app.example', 'https://other.example', 'https://shop.example'];
const foreign = ['https://evil.example', 'http://app.example', 'https://app.example.evil.example', 'null'];
const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

test('browsers may ask from the portal’s own origins only', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  for (const origin of [...own, ...foreign]) {
    const { access_token, refresh_token } = await client.signIn(customer.user_id, { scope: 'openid offline_access' });
    const isOwn = own.includes(origin);
    const userinfo = await fetch(`${server.url}/userinfo`, {
      headers: { authorization: `Bearer ${access_token}`, origin },
    });
    assert.equal(allowed(userinfo), isOwn ? origin : null);
    const refreshed = await client.token({ grant_type: 'refresh_token', refresh_token }, { origin });
    assert.equal(refreshed.headers.get('access-control-allow-origin'), isOwn ? origin : null);
    assert.equal(refreshed.status, isOwn ? 200 : 400);
  }
});

test('a preflight allows what the SDKs send, and the answers show what they read', async () => {
  const asked = 'auth0-client,content-type,dpop,authorization';
  for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/par', '/userinfo']) {
    const response = await fetch(`${server.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      },
    });
    assert.equal(response.status, 204);
    assert.equal(allowed(response), 'https://app.example');
    assert.equal(response.headers.get('access-control-allow-headers'), asked);
    assert.match(response.headers.get('access-control-allow-methods') ?? '', /POST/);
  }
  const client = portalClient(server, portal);
  const answer = await client.token({ grant_type: 'refresh_token', refresh_token: 'x' }, { origin: own[0] ?? '' });
  const exposed = answer.headers.get('access-control-expose-headers') ?? '';
  for (const name of ['DPoP-Nonce', 'WWW-Authenticate', 'x-ratelimit-remaining']) assert.ok(exposed.includes(name));
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
});

test('discovery is open to all', async () => {
  for (const path of ['openid-configuration', 'oauth-authorization-server', 'jwks.json']) {
    const response = await fetch(`${server.url}/.well-known/${path}`, { headers: { origin: 'https://any.example' } });
    assert.equal(allowed(response), '*');
  }
});
