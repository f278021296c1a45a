import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf } from '../../../test/portal-client.ts';

// Behind a proxy that ends TLS: the server itself hears plain http.
const url = 'https://id.example';
const proxied = { 'x-forwarded-host': 'id.example', 'x-forwarded-proto': 'https' };

let server: OidcServer;
before(async () => {
  server = await oidcServer(undefined, { url, issuer: `${url}/`, trustedProxies: ['127.0.0.1'] });
});
after(() => server.close());

const get = (path: string, cookie = '') =>
  fetch(server.url + path, { redirect: 'manual', headers: { ...proxied, cookie } });

function cookiesOf(response: Response): Map<string, { value: string; attributes: string[] }> {
  return new Map(
    response.headers.getSetCookie().map((line) => {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim().toLowerCase());
      const [name = ''] = line.split('=', 1);
      return [
        name,
        { value: line.slice(name.length + 1).split(';')[0] ?? '', attributes: [pair, ...attributes].slice(1) },
      ];
    }),
  );
}

test('on https: __Host- cookies, the session also in frames, and https addresses throughout', async () => {
  const customer = await server.makeCustomer();
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const query = new URLSearchParams({
    client_id: portal.client_id,
    response_type: 'code',
    redirect_uri: portal.callback,
    scope: 'openid',
  });
  const started = await get(`/authorize?${query}`);
  const page = started.headers.get('location') ?? '';
  const flow = page.split('/')[2];
  const flowCookie = cookiesOf(started).get(`__Host-flow-${flow}`);
  assert.ok(flowCookie);
  for (const attribute of ['path=/', 'secure', 'httponly', 'samesite=lax']) {
    assert.ok(flowCookie.attributes.includes(attribute), attribute);
  }
  assert.equal(cookiesOf(started).size, 1, 'none of the engine’s own');

  const cookie = `__Host-flow-${flow}=${flowCookie.value}`;
  const finished = await get(`${page}?as=${encodeURIComponent(customer.user_id)}`, cookie);
  assert.equal(finished.headers.get('location'), `${url}/authorize/${flow}`);
  const resumed = await get(`/authorize/${flow}`, cookie);
  const session = cookiesOf(resumed).get('__Host-regulars');
  assert.ok(session);
  for (const attribute of ['path=/', 'secure', 'httponly', 'samesite=none']) {
    assert.ok(session.attributes.includes(attribute), attribute);
  }
  const target = new URL(resumed.headers.get('location') ?? '');
  assert.equal(target.searchParams.get('iss'), `${url}/`);
  const document = await bodyOf(await get('/.well-known/openid-configuration'));
  assert.equal(document.token_endpoint, `${url}/oauth/token`);
});

test('a host that is not ours is not heard, proxy or not', async () => {
  for (const host of ['evil.example', 'id.example.evil.example', 'id.example:8443']) {
    const response = await fetch(`${server.url}/authorize`, { headers: { ...proxied, 'x-forwarded-host': host } });
    assert.equal(response.status, 421, host);
  }
});
