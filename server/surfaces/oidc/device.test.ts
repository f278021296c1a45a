import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import type { PortalSettings } from '../../../contract/portals.ts';
import { createCookieJar } from '../../../test/cookie-jar.ts';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, type PortalClient, portalClient, readJwt } from '../../../test/portal-client.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  const grant_types: PortalSettings['grant_types'] = [deviceGrant, 'refresh_token'];
  const settings = { callbacks: [], grant_types };
  portal = { ...(await server.makePortal({ app_type: 'native', settings })), client_secret: '' };
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

async function startDevice(scope = 'openid profile offline_access') {
  const body = new URLSearchParams({ client_id: portal.client_id, scope });
  return bodyOf(await fetch(`${server.url}/oauth/device/code`, { method: 'POST', body }));
}

async function post(client: PortalClient, form: Record<string, string>, origin = server.url) {
  const url = new URL('/activate', server.url);
  const headers = { cookie: client.jar.header(url), origin };
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  client.jar.store(url, response.headers.getSetCookie());
  return response;
}

/** Types the code, confirms, signs in. */
async function approve(client: PortalClient, userCode: string, userId: string) {
  const form = await bodyOf(await client.get('/activate'));
  assert.equal(form.page, 'device-code');
  const asked = await bodyOf(await post(client, { xsrf: form.xsrf, user_code: userCode }));
  assert.equal(asked.page, 'device-confirm');
  assert.equal(asked.portal_name, 'Shop');
  const confirmed = await post(client, { xsrf: asked.xsrf, user_code: userCode, confirm: 'yes' });
  const page = new URL(confirmed.headers.get('location') ?? '', server.url);
  const finished = await client.get(`${page.pathname}?as=${encodeURIComponent(userId)}`);
  return client.get(new URL(finished.headers.get('location') ?? '').pathname);
}

test('a device gets its tokens once its code was typed, confirmed and signed in to', async () => {
  const customer = await server.makeCustomer();
  const started = await startDevice();
  assert.match(started.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
  assert.equal(started.verification_uri, `${server.url}/activate`);
  assert.equal(started.verification_uri_complete, `${server.url}/activate?user_code=${started.user_code}`);
  assert.deepEqual([started.expires_in, started.interval], [900, 5]);

  const device = portalClient(server, portal);
  const poll = () => device.token({ grant_type: deviceGrant, device_code: started.device_code });
  const pending = await poll();
  assert.deepEqual([pending.status, pending.error], [400, 'authorization_pending']);
  assert.equal((await poll()).error, 'slow_down');

  const person = portalClient(server, portal);
  const shown = await bodyOf(await person.get(`/activate?user_code=${started.user_code}`));
  assert.equal(shown.user_code, started.user_code);
  const done = await bodyOf(await approve(person, started.user_code.toLowerCase().replace('-', ' '), customer.user_id));
  assert.equal(done.page, 'device-done');

  mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 });
  const tokens = await poll();
  assert.equal(tokens.status, 200);
  assert.equal(readJwt(tokens.id_token).claims.sub, customer.user_id);
  assert.equal((await device.refresh(tokens.refresh_token)).status, 200);
  mock.timers.tick(10_000);
  assert.equal((await poll()).error, 'invalid_grant');
});

test('who is signed in already needs no page: typing and confirming the code is enough', async () => {
  const customer = await server.makeCustomer();
  const shop = { ...(await server.makePortal()), client_secret: '' };
  const browser = portalClient(server, shop);
  await browser.signIn(customer.user_id);
  const { user_code, device_code } = await startDevice();
  const form = await bodyOf(await browser.get('/activate'));
  const asked = await bodyOf(await post(browser, { xsrf: form.xsrf, user_code }));
  const done = await bodyOf(await post(browser, { xsrf: asked.xsrf, user_code, confirm: 'yes' }));
  assert.equal(done.page, 'device-done');
  const tokens = await portalClient(server, portal).token({ grant_type: deviceGrant, device_code });
  assert.equal(readJwt(tokens.id_token).claims.sub, customer.user_id);
});

test('security row 14: approval is bound to the session that entered the code', async () => {
  const customer = await server.makeCustomer();
  const { user_code, device_code } = await startDevice();
  const [victim, attacker] = [portalClient(server, portal), portalClient(server, portal)];
  const form = await bodyOf(await victim.get('/activate'));
  const own = await bodyOf(await attacker.get('/activate'));
  // Another session's form, or none at all, opens nothing.
  for (const xsrf of [form.xsrf, '', 'x']) {
    const page = await bodyOf(await post(attacker, { xsrf, user_code, confirm: 'yes' }));
    assert.notEqual(page.page, 'device-done');
  }
  assert.notEqual(own.xsrf, form.xsrf);
  const again = await bodyOf(await victim.get('/activate'));
  const confirmed = await post(victim, { xsrf: again.xsrf, user_code, confirm: 'yes' });
  const page = new URL(confirmed.headers.get('location') ?? '', server.url);
  assert.equal((await attacker.get(`${page.pathname}?as=${encodeURIComponent(customer.user_id)}`)).status, 400);
  const finished = await victim.get(`${page.pathname}?as=${encodeURIComponent(customer.user_id)}`);
  const resume = new URL(finished.headers.get('location') ?? '').pathname;
  assert.equal((await attacker.get(resume)).status, 400);
  const device = portalClient(server, portal);
  const pending = await device.token({ grant_type: deviceGrant, device_code });
  assert.equal(pending.error, 'authorization_pending');
  // A code that is being approved cannot be entered by another.
  const late = await bodyOf(await attacker.get('/activate'));
  const taken = await bodyOf(await post(attacker, { xsrf: late.xsrf, user_code, confirm: 'yes' }));
  assert.deepEqual([taken.page, taken.problem], ['device-code', 'AlreadyUsedError']);
});

test('security row 14: a form from elsewhere is refused', async () => {
  const client = portalClient(server, portal);
  const form = await bodyOf(await client.get('/activate'));
  const { user_code } = await startDevice();
  const response = await post(client, { xsrf: form.xsrf, user_code, confirm: 'yes' }, 'https://evil.example');
  assert.equal(response.status, 403);
});

test('security row 14: a customer may say no', async () => {
  const { user_code, device_code } = await startDevice();
  const client = portalClient(server, portal);
  const form = await bodyOf(await client.get('/activate'));
  await post(client, { xsrf: form.xsrf, user_code, abort: 'yes' });
  const device = portalClient(server, portal);
  const answer = await device.token({ grant_type: deviceGrant, device_code });
  assert.deepEqual([answer.status, answer.error], [400, 'access_denied']);
});

test('a wrong or old code says so, and can be typed again', async () => {
  const client = portalClient(server, portal, createCookieJar());
  const { user_code, device_code } = await startDevice();
  let form = await bodyOf(await client.get('/activate'));
  form = await bodyOf(await post(client, { xsrf: form.xsrf, user_code: 'BBBB-BBBB' }));
  assert.deepEqual([form.page, form.problem], ['device-code', 'NotFoundError']);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 901_000 });
  form = await bodyOf(await post(client, { xsrf: form.xsrf, user_code }));
  assert.equal(form.problem, 'ExpiredError');
  const late = await client.token({ grant_type: deviceGrant, device_code });
  assert.deepEqual([late.status, late.error], [400, 'expired_token']);
});

test('security row 14: user codes cannot be tried out', async () => {
  const client = portalClient(server, portal);
  let form = await bodyOf(await client.get('/activate'));
  for (let tries = 0; tries < 30; tries += 1) {
    const response = await post(client, { xsrf: form.xsrf, user_code: 'BBBB-BBBB' });
    if (response.status === 429) return;
    form = await bodyOf(response);
  }
  assert.fail('never limited');
});
