import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf } from '../../../test/portal-client.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

test('discovery says where everything is', async () => {
  const issuer = `${server.url}/`;
  const documents = await Promise.all(
    ['openid-configuration', 'oauth-authorization-server'].map(async (name) =>
      bodyOf(await fetch(`${issuer}.well-known/${name}`)),
    ),
  );
  assert.deepEqual(documents[0], documents[1]);
  const [document] = documents;
  assert.equal(document.issuer, issuer);
  // Another surface's, which is not served here.
  assert.equal(document.mfa_challenge_endpoint, `${issuer}mfa/challenge`);
  const endpoints = {
    authorization_endpoint: 'authorize',
    token_endpoint: 'oauth/token',
    userinfo_endpoint: 'userinfo',
    jwks_uri: '.well-known/jwks.json',
    revocation_endpoint: 'oauth/revoke',
    pushed_authorization_request_endpoint: 'oauth/par',
    device_authorization_endpoint: 'oauth/device/code',
    end_session_endpoint: 'oidc/logout',
  };
  for (const [name, path] of Object.entries(endpoints)) {
    assert.equal(document[name], issuer + path);
    const response = await fetch(document[name], { redirect: 'manual' });
    const posted = await fetch(document[name], { method: 'POST', redirect: 'manual' });
    assert.ok(response.status !== 404 || posted.status !== 404, name);
  }
});

test('the keys are shown as Auth0 shows them, with a certificate that fits', async () => {
  const { keys } = await bodyOf(await fetch(`${server.url}/.well-known/jwks.json`));
  assert.equal(keys.length, 2, 'the current and the next one');
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use', 'x5c', 'x5t']);
    const der = Buffer.from(key.x5c[0], 'base64');
    assert.equal(key.x5t, createHash('sha1').update(der).digest('base64url'));
    const certificate = new X509Certificate(der);
    assert.equal(certificate.publicKey.export({ format: 'jwk' }).n, key.n);
    assert.ok(certificate.verify(certificate.publicKey), 'signed by itself');
    assert.equal(certificate.subject, 'CN=127.0.0.1');
    assert.ok(certificate.validToDate > new Date(Date.now() + 9 * 365 * 86_400_000));
  }
});

/** Sends a request line and headers as they are. */
function sendRaw(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string; location: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, setHost: headers.host === undefined }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, location: response.headers.location ?? '' }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('addresses come from the configured origin, whatever the request says of its host', async () => {
  const { host } = new URL(server.url);
  assert.equal((await sendRaw('/.well-known/openid-configuration', { host: 'evil.example' })).status, 421);
  const portal = await server.makePortal({ app_type: 'regular_web' });
  const query = new URLSearchParams({
    client_id: portal.client_id,
    response_type: 'code',
    redirect_uri: portal.callback,
    scope: 'openid',
  });
  const tricks: [string, Record<string, string>][] = [
    [`/authorize?${query}`, { host, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
    [`/authorize?${query}`, { host, forwarded: 'host=evil.example;proto=https' }],
    [`http://evil.example/authorize?${query}`, { host }],
    [`/authorize?${query}`, { host, 'x-original-url': 'http://evil.example/' }],
  ];
  for (const [path, headers] of tricks) {
    const { status, location } = await sendRaw(path, headers);
    assert.equal(status, 302);
    assert.match(location, /^\/u\//);
  }
  const flows = await server.base.db.selectFrom('flows').select('engine').execute();
  assert.ok(flows.length >= tricks.length);
  for (const { engine } of flows) {
    assert.ok(JSON.stringify(engine).includes(`"returnTo":"${server.url}/authorize/`));
    assert.ok(!JSON.stringify(engine).includes('evil.example'));
  }
});
