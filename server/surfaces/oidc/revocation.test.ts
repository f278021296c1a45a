import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient } from '../../../test/portal-client.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

const offline = { scope: 'openid offline_access' };
const publicPortal = async () => ({ ...(await server.makePortal()), client_secret: '' });

test('a revoked refresh token takes its family along, asked by form or JSON', async () => {
  const customer = await server.makeCustomer();
  const portal = await publicPortal();
  const client = portalClient(server, portal);
  for (const type of ['application/x-www-form-urlencoded', 'application/json']) {
    const tokens = await client.signIn(customer.user_id, offline);
    const asked = { client_id: portal.client_id, token: tokens.refresh_token, token_type_hint: 'refresh_token' };
    const body = type === 'application/json' ? JSON.stringify(asked) : new URLSearchParams(asked).toString();
    const response = await fetch(`${server.url}/oauth/revoke`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    assert.deepEqual([response.status, await response.text()], [200, '']);
    assert.equal((await client.refresh(tokens.refresh_token)).error, 'invalid_grant');
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 401);
  }
});

test('security row 16: nobody revokes another portal’s token, and nobody learns whether it exists', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const other = await publicPortal();
  const tokens = await client.signIn(customer.user_id, offline);
  for (const token of [tokens.refresh_token, 'no-such-token']) {
    const body = new URLSearchParams({ client_id: other.client_id, token });
    const response = await fetch(`${server.url}/oauth/revoke`, { method: 'POST', body });
    assert.deepEqual([response.status, await response.text()], [200, '']);
  }
  assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
});

test('security row 16: SQL in any parameter is only text', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const tokens = await client.signIn(customer.user_id, offline);
  const evil = ["' or '1'='1", "'; delete from tokens; --", '\\', '$1', '{"$ne":null}', '%', '\u0000'];
  for (const text of evil) {
    const isText = !text.includes('\u0000');
    assert.equal((await client.refresh(text)).status, isText ? 403 : 400, text);
    assert.equal((await client.redeem(text, 'a'.repeat(43))).status, isText ? 403 : 400, text);
    const asked = { client_id: text, grant_type: 'refresh_token', refresh_token: 'x' };
    assert.equal((await client.token(asked)).status, isText ? 401 : 400, text);
    assert.equal((await client.authorize({ client_id: text })).response.status, isText ? 403 : 400, text);
    const { response } = await client.authorize({ state: text, login_hint: text, ui_locales: text, nonce: text });
    assert.equal(response.status, isText ? 302 : 400, text);
  }
  assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
});

test('wrong input gets an OAuth error, never a fault', async () => {
  const portal = await publicPortal();
  const send = async (body: string, type: string) => {
    const response = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return { status: response.status, answer: await bodyOf(response) };
  };
  const json = 'application/json';
  const form = 'application/x-www-form-urlencoded';
  const { client_id } = portal;
  const cases: [string, string, number, string][] = [
    ['{', json, 400, 'invalid_request'],
    ['[]', json, 400, 'invalid_request'],
    ['null', json, 400, 'invalid_request'],
    [JSON.stringify({ grant_type: { $ne: 1 }, client_id }), json, 400, 'invalid_request'],
    [JSON.stringify({ grant_type: 1, client_id }), json, 400, 'invalid_request'],
    ['x'.repeat(2_000_000), form, 413, 'invalid_request'],
    [`client_id=${client_id}`, form, 400, 'invalid_request'],
    [`client_id=${client_id}&grant_type=poem`, form, 403, 'unsupported_grant_type'],
    [`client_id=${client_id}&grant_type=password&grant_type=refresh_token`, form, 400, 'invalid_request'],
    [`client_id=${client_id}&grant_type=client_credentials&audience=x`, form, 403, 'unauthorized_client'],
    [`client_id=${client_id}&grant_type=refresh_token`, form, 400, 'invalid_request'],
    [`client_id=${client_id}&grant_type=refresh_token&refresh_token=${'x'.repeat(10_000)}`, form, 403, 'invalid_grant'],
    [`client_id=${client_id}&grant_type=authorization_code&code=x`, form, 403, 'invalid_grant'],
    ['<xml/>', 'application/xml', 400, 'invalid_request'],
    [`{"client_id":"${client_id}","grant_type":"\\ud800"}`, json, 400, 'invalid_request'],
  ];
  for (const [body, type, status, error] of cases) {
    const got = await send(body, type);
    assert.deepEqual([got.status, got.answer.error], [status, error], body.slice(0, 120));
    assert.equal(typeof got.answer.error_description, 'string');
    assert.equal(got.answer.stack, undefined);
  }
});

test('long input is a clear refusal, or simply long', async () => {
  const portal = await publicPortal();
  const client = portalClient(server, portal);
  const long = 'x'.repeat(10_000);
  const { location } = await client.authorize({ login_hint: long });
  assert.match(location.pathname, /^\/u\//);
  const body = new URLSearchParams({ client_id: portal.client_id, response_type: 'code', state: 'x'.repeat(60_000) });
  const response = await fetch(`${server.url}/authorize`, { method: 'POST', body, redirect: 'manual' });
  assert.deepEqual([response.status, response.headers.get('location')], [400, null]);
  for (const name of ['client_id', 'refresh_token', 'scope', 'grant_type']) {
    const asked = { grant_type: 'refresh_token', refresh_token: 'x', [name]: long };
    const answer = await client.token(asked);
    assert.ok(answer.status >= 400 && answer.status < 500, name);
  }
});
