import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt, toRecord } from '../api-calls.ts';
import { openBrowser, visitor } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { startSpaPage } from './spa-page.ts';

let server: TestServer;
let app: Awaited<ReturnType<typeof startSpaPage>>;
let browser: Browser;
let manage: Manage;
let clientId: string;
let userId: string;
const email = 'anna.keller@example.com';
const password = 'Correct horse battery 9';

before(async () => {
  [server, app, browser] = await Promise.all([startTestServer(), startSpaPage(), openBrowser()]);
  manage = await manageAt(server);
  const portal = await makePortal(manage, {
    app_type: 'spa',
    callbacks: [`${app.origin}/callback`],
    allowed_logout_urls: [`${app.origin}/`],
    web_origins: [app.origin],
  });
  clientId = portal.client_id;
  userId = await makeCustomer(manage, email, password);
});

after(async () => {
  await browser.close();
  await app.close();
  await server.stop();
});

/** Makes the client in the page as an app would; kept at `window.auth`. */
async function createClient(page: Page, options: Record<string, unknown>): Promise<void> {
  const settings = {
    domain: server.url,
    clientId,
    authorizationParams: { redirect_uri: `${app.origin}/callback` },
    ...options,
  };
  await page.evaluate(`createAuth0Client(${JSON.stringify(settings)}).then((client) => { window.auth = client; })`);
}

async function signIn(page: Page, options: Record<string, unknown>): Promise<void> {
  await page.goto(`${app.origin}/`);
  await createClient(page, options);
  await page.evaluate('void auth.loginWithRedirect()');
  await page.fill('input#username', email);
  await page.fill('input#password', password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(`${app.origin}/callback?**`);
  await createClient(page, options);
  await page.evaluate('auth.handleRedirectCallback()');
}

test('signs in, refreshes with a rotating refresh token, and signs out', async () => {
  const { page, context } = await visitor(browser);
  const options = { useRefreshTokens: true, cacheLocation: 'memory' };
  await signIn(page, options);
  const user = toRecord(await page.evaluate('auth.getUser()'));
  assert.deepEqual(
    { sub: user.sub, email: user.email, email_verified: user.email_verified },
    { sub: userId, email, email_verified: true },
  );

  const first = await page.evaluate('auth.getTokenSilently()');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/oauth/token')) asked.push(request.postData() ?? '');
  });
  const second = await page.evaluate("auth.getTokenSilently({ cacheMode: 'off' })");
  const third = await page.evaluate("auth.getTokenSilently({ cacheMode: 'off' })");
  assert.notEqual(second, first);
  assert.notEqual(third, second);
  assert.ok(
    asked.every((body) => body.includes('refresh_token')),
    'tokens came by refresh, not by iframe',
  );
  assert.equal(asked.length, 2);

  await page.evaluate(`void auth.logout({ logoutParams: { returnTo: ${JSON.stringify(`${app.origin}/`)} } })`);
  await page.waitForURL(`${app.origin}/`);
  await createClient(page, {});
  const failure = await page.evaluate("auth.getTokenSilently().then(() => 'signed in', (error) => error.error)");
  assert.equal(failure, 'login_required');
  await context.close();
});

test('signs in silently in an iframe while the session lasts', async () => {
  const { page, context } = await visitor(browser);
  await signIn(page, {});
  await page.goto(`${app.origin}/`);
  await createClient(page, {});
  const token: string = await page.evaluate("auth.getTokenSilently({ cacheMode: 'off' })");
  assert.match(token, /^[\w-]{32}$/);
  const claims = toRecord(await page.evaluate('auth.getIdTokenClaims()'));
  assert.equal(claims.sub, userId);
  assert.ok(claims.sid);
  await context.close();
});

test('gets a JWT for an API, with the scopes that the API knows', async () => {
  await manage('POST', 'resource-servers', {
    identifier: 'my-api',
    name: 'My API',
    allow_offline_access: true,
    scopes: [{ value: 'read:orders', description: 'Read orders' }],
  });
  const { page, context } = await visitor(browser);
  const authorizationParams = {
    redirect_uri: `${app.origin}/callback`,
    audience: 'my-api',
    scope: 'openid profile email read:orders delete:orders',
  };
  await signIn(page, { useRefreshTokens: true, authorizationParams });
  for (const cacheMode of ['on', 'off']) {
    const token: string = await page.evaluate(`auth.getTokenSilently({ cacheMode: '${cacheMode}' })`);
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    assert.deepEqual(payload.aud, ['my-api', `${server.url}/userinfo`]);
    assert.equal(payload.sub, userId);
    assert.equal(payload.azp, clientId);
    assert.deepEqual(payload.scope.split(' ').sort(), ['email', 'offline_access', 'openid', 'profile', 'read:orders']);
  }
  await context.close();
});
