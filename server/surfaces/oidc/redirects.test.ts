import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient } from '../../../test/portal-client.ts';
import { isProblem } from '../../base/errors.ts';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  const callbacks = ['https://shop.example/callback', 'https://shop.example/other?fixed=1'];
  portal = { ...(await server.makePortal({ settings: { callbacks } })), client_secret: '' };
});
after(() => server.close());

// Each of these once opened some server's redirect.
const bypasses = [
  'https://shop.example/callback/',
  'https://shop.example/callback/..',
  'https://shop.example/callback/../evil',
  'https://shop.example/callback/%2e%2e/evil',
  'https://shop.example/callback/..;/evil',
  'https://shop.example/callback?next=//evil.example',
  'https://shop.example/callback#evil',
  'https://shop.example/callback%23',
  'https://shop.example/callback%00',
  'https://shop.example/callback\u0000',
  'https://shop.example/callback\n',
  'https://shop.example/callback ',
  ' https://shop.example/callback',
  'https://shop.example/Callback',
  'https://SHOP.example/callback',
  'HTTPS://shop.example/callback',
  'https://shop.example:443/callback',
  'https://shop.example:8443/callback',
  'https://shop.example./callback',
  'https://www.shop.example/callback',
  'https://shop.example.evil.example/callback',
  'https://evil.example/callback',
  'https://evil.example/?https://shop.example/callback',
  'https://evil.example#https://shop.example/callback',
  'https://shop.example@evil.example/callback',
  'https://shop.example%40evil.example/callback',
  'https://user@shop.example/callback',
  'https://user:pass@shop.example/callback',
  'https://a@b@shop.example/callback',
  'https://shop.example\\@evil.example/callback',
  'https://evil.example\\shop.example/callback',
  'https:/shop.example/callback',
  'https:shop.example/callback',
  'https:///shop.example/callback',
  'http://shop.example/callback',
  '//shop.example/callback',
  '//evil.example',
  '/callback',
  'callback',
  '*',
  'https://*.example/callback',
  'https://shop.example/*',
  'https://shop。example/callback',
  'https://ѕhop.example/callback',
  'javascript:alert(1)//https://shop.example/callback',
  'data:text/html,https://shop.example/callback',
  'https://shop.example/other',
  'https://shop.example/other?fixed=1&more=2',
  'https://shop.example/other?fixed=%31',
];

test('security row 9: a redirect address matches exactly, or nothing is redirected', async () => {
  const client = portalClient(server, portal);
  assert.ok(bypasses.length >= 40);
  for (const redirect_uri of bypasses) {
    // Neither the good way nor an error may lead there.
    for (const params of [{}, { response_type: 'token' }, { prompt: 'none' }, { scope: 'bad\u0001scope' }]) {
      const { response } = await client.authorize({ redirect_uri, ...params });
      assert.equal(response.headers.get('location'), null, redirect_uri);
      const isText = !redirect_uri.includes('\u0000');
      assert.equal(response.status, isText ? 403 : 400, redirect_uri);
      assert.equal((await bodyOf(response)).error, isText ? 'callback_url_mismatch' : 'invalid_body');
    }
  }
  const { location } = await client.authorize();
  assert.match(location.pathname, /^\/u\//);
  const other = await client.authorize({ redirect_uri: 'https://shop.example/other?fixed=1', prompt: 'none' });
  assert.equal(other.location.searchParams.get('error'), 'login_required');
  assert.equal(other.location.searchParams.get('fixed'), '1');
});

test('security row 9: a repeated redirect address is refused on a page', async () => {
  const query = `client_id=${portal.client_id}&response_type=code&redirect_uri=https://evil.example&redirect_uri=${encodeURIComponent(portal.callback)}`;
  const response = await portalClient(server, portal).get(`/authorize?${query}`);
  assert.equal(response.headers.get('location'), null);
  assert.ok(response.status >= 400);
});

test('security row 9: an app’s loopback address matches with its port only', async () => {
  const callbacks = ['http://127.0.0.1:3000/callback', 'com.shop.app:/callback'];
  const app = { ...(await server.makePortal({ app_type: 'native', settings: { callbacks } })), client_secret: '' };
  const client = portalClient(server, app);
  const other = await client.authorize({ redirect_uri: 'http://127.0.0.1:4000/callback' });
  assert.equal(other.response.status, 403);
  const own = await client.authorize({ redirect_uri: 'com.shop.app:/callback' });
  assert.match(own.location.pathname, /^\/u\//);
});

test('an unknown client gets a page, whatever address it names', async () => {
  const client = portalClient(server, { ...portal, client_id: 'nobody' });
  const { response } = await client.authorize();
  assert.equal(response.headers.get('location'), null);
  assert.deepEqual([response.status, (await bodyOf(response)).error], [403, 'invalid_client']);
});

test('errors reach the portal only at its own address, with its state', async () => {
  const client = portalClient(server, portal);
  const cases: [Record<string, string>, string][] = [
    [{ prompt: 'none' }, 'login_required'],
    [{ response_type: 'poem' }, 'unsupported_response_type'],
    [{ code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ audience: 'https://nowhere.example/' }, 'access_denied'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ request: 'x.y.z' }, 'request_not_supported'],
  ];
  for (const [params, error] of cases) {
    const { location } = await client.authorize(params);
    assert.equal(location.origin + location.pathname, portal.callback, error);
    assert.equal(location.searchParams.get('error'), error);
    assert.equal(location.searchParams.get('state'), 'the-state');
  }
  const { location } = await client.authorize({ audience: 'https://nowhere.example/' });
  assert.equal(location.searchParams.get('error_description'), 'Service not found: https://nowhere.example/');
});

test('a page that refuses sends its reason to the portal', async () => {
  const client = portalClient(server, portal);
  const { location } = await client.authorize();
  const refused = await client.get(`${location.pathname}?error=access_denied`);
  const resumed = await client.get(new URL(refused.headers.get('location') ?? '').pathname);
  const target = new URL(resumed.headers.get('location') ?? '');
  assert.equal(target.searchParams.get('error'), 'access_denied');
  assert.equal(target.searchParams.get('error_description'), 'The test said no.');
});

test('what the engine would refuse is refused when the portal is written', async () => {
  const bad = [
    { app_type: 'spa' as const, settings: { callbacks: ['com.app:/x'] } },
    { app_type: 'native' as const, settings: { callbacks: ['http://shop.example/callback'] } },
    { app_type: 'native' as const, settings: { callbacks: ['https://localhost/callback'] } },
    { settings: { callbacks: ['https://a.example/x'], allowed_logout_urls: ['ftp://a.example/'] } },
  ];
  for (const draft of bad) {
    await assert.rejects(server.makePortal(draft), (error) => isProblem(error, 'invalid_body'), JSON.stringify(draft));
  }
});
