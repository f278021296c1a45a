import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import express from 'express';
import openidConnect from 'express-openid-connect';
import * as openid from 'openid-client';
import { makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { freePort } from '../free-port.ts';
import { createBrowser, type Page } from '../http-browser.ts';
import { startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
const email = 'paul.novak@example.com';
const password = 'Correct horse battery 9';

before(async () => {
  server = await startTestServer();
});

after(() => server.stop());

test('express-openid-connect signs in by code, refreshes and signs out', async () => {
  const port = await freePort();
  const baseURL = `http://localhost:${port}`;
  const manage = await manageAt(server);
  const portal = await makePortal(manage, {
    app_type: 'regular_web',
    callbacks: [`${baseURL}/callback`],
    allowed_logout_urls: [baseURL],
  });
  const userId = await makeCustomer(manage, email, password);
  const app = express();
  app.use(
    openidConnect.auth({
      issuerBaseURL: server.url,
      baseURL,
      clientID: portal.client_id,
      clientSecret: portal.client_secret,
      secret: 'a secret of this test, long enough',
      authRequired: false,
      idpLogout: true,
      authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
    }),
  );
  app.get('/', (request, response) => response.json({ user: request.oidc.user ?? null }));
  app.get('/refresh', async (request, response) => {
    const renewed = await request.oidc.accessToken?.refresh();
    response.json({ renewed: renewed?.access_token !== undefined });
  });
  const shop = await listen(createServer(app), port);

  const browser = createBrowser();
  const page = await browser.open(`${baseURL}/login`);
  const home = await browser.submit(page, 'login', { username: email, password });
  assert.equal(readBody(home).user.sub, userId);
  assert.equal(readBody(await browser.open(`${baseURL}/refresh`)).renewed, true);
  const left = await browser.open(`${baseURL}/logout`);
  assert.equal(left.url.href, `${baseURL}/`);
  assert.equal(readBody(left).user, null);
  const again = await browser.open(`${baseURL}/login`);
  assert.match(again.url.pathname, /^\/u\/[\w-]+\/login$/, 'the session at the server has ended, too');
  await close(shop);
});

test('openid-client signs in by code and PKCE, refreshes and signs out', async () => {
  const redirectUri = 'http://localhost:1/callback';
  const manage = await manageAt(server);
  const portal = await makePortal(manage, {
    app_type: 'regular_web',
    callbacks: [redirectUri],
    allowed_logout_urls: ['http://localhost:1/'],
  });
  const address = 'openid.client@example.com';
  const userId = await makeCustomer(manage, address, password);
  const config = await openid.discovery(new URL(server.url), portal.client_id, portal.client_secret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const nonce = openid.randomNonce();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid email offline_access',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const browser = createBrowser({ stopAt: [redirectUri, 'http://localhost:1/'] });
  const page = await browser.open(url);
  const arrived = await browser.submit(page, 'login', { username: address, password });
  const tokens = await openid.authorizationCodeGrant(config, arrived.url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  assert.equal(tokens.claims()?.sub, userId);
  const info = await openid.fetchUserInfo(config, tokens.access_token, userId);
  assert.equal(info.email, address);
  const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, userId);
  const out = openid.buildEndSessionUrl(config, {
    id_token_hint: renewed.id_token ?? '',
    post_logout_redirect_uri: 'http://localhost:1/',
    state: 'bye',
  });
  const answer = await browser.send(out);
  assert.equal(answer.status, 302, 'a plain redirect, no page');
  assert.equal(answer.headers.get('location'), 'http://localhost:1/?state=bye');
});

function readBody(page: Page) {
  return JSON.parse(page.html);
}

function listen(app: Server, port: number): Promise<Server> {
  return new Promise((resolve) => app.listen(port, '127.0.0.1', () => resolve(app)));
}

function close(app: Server): Promise<void> {
  app.closeAllConnections();
  return new Promise((resolve, reject) => app.close((error) => (error ? reject(error) : resolve())));
}
