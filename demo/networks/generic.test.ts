import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { amazon } from './amazon.ts';
import type { NetworkDefinition } from './definition.ts';
import { otherPeople } from './demo-people.ts';
import { oauthNetwork } from './generic-oauth2.ts';
import { openidNetwork } from './generic-oidc.ts';
import { linkedin } from './linkedin.ts';
import { microsoft, personalTenant } from './microsoft.ts';
import { type Network, startNetwork } from './network.ts';
import {
  addressOf,
  basicAuth,
  bearer,
  landed,
  makePkce,
  postForm,
  readObject,
  redirectUri,
  testApp,
} from './test-app.ts';
import { openVisitor } from './visitor.ts';

const started: Network[] = [];
after(() => Promise.all(started.map((network) => network.close())));

async function start(definition: NetworkDefinition): Promise<Network> {
  const network = await startNetwork(definition, { clients: [testApp] });
  started.push(network);
  return network;
}

function ask(network: Network, path: string, more: Record<string, string | undefined> = {}): string {
  return addressOf(network.origin + path, {
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    state: 'the state',
    nonce: 'the nonce',
    ...more,
  });
}

const inBody = { client_id: testApp.clientId, client_secret: testApp.clientSecret };
const form = (code: string | undefined) => ({ grant_type: 'authorization_code', redirect_uri: redirectUri, code });

test('a standards provider with ES256, both ways of client authentication and errors that go back', async () => {
  const paths = { discovery: '/.well-known/openid-configuration', authorize: '/a', token: '/t', keys: '/k' };
  const network = await start(
    openidNetwork({
      name: 'own',
      title: 'Own',
      colour: '#333',
      people: otherPeople,
      paths: { ...paths, userinfo: '/u' },
      algorithm: 'ES256',
      pkce: 'required',
      clientAuth: ['basic'],
    }),
  );
  const bare = landed(await openVisitor().visit(ask(network, '/a'), { person: 'sim-sofia-01' }));
  assert.equal(bare.fields.error, 'invalid_request');
  assert.equal(bare.fields.state, 'the state');
  const { verifier, challenge } = makePkce();
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const noOpenid = await openVisitor().visit(ask(network, '/a', { ...pkce, scope: 'email' }));
  assert.equal(landed(noOpenid).fields.error, 'invalid_scope');
  const visitor = openVisitor();
  const silent = { ...pkce, prompt: 'none' };
  assert.equal(landed(await visitor.visit(ask(network, '/a', silent))).fields.error, 'login_required');
  const { fields } = landed(await visitor.visit(ask(network, '/a', pkce), { person: 'sim-mia-03' }));
  assert.ok(landed(await visitor.visit(ask(network, '/a', silent))).fields.code);
  assert.equal((await visitor.visit(ask(network, '/a', { ...pkce, prompt: 'login' }))).kind, 'page');
  const answer = await postForm(
    `${network.origin}/t`,
    { ...form(fields.code), code_verifier: verifier },
    basicAuth(testApp),
  );
  const tokens = await readObject(answer);
  const keys = createRemoteJWKSet(new URL(`${network.origin}/k`));
  const { payload } = await jwtVerify(String(tokens.id_token), keys, { algorithms: ['ES256'], issuer: network.origin });
  assert.equal(payload.sub, 'sim-mia-03');
  assert.equal(payload.email, undefined);
  const userinfo = await readObject(await fetch(`${network.origin}/u`, { headers: bearer(tokens.access_token) }));
  assert.equal(userinfo.name, 'Mia Johansson');
  const refused = await postForm(`${network.origin}/t`, { ...form('x'), ...inBody });
  assert.equal(refused.status, 401, 'only Basic was announced');
});

test('LinkedIn: no nonce, no PKCE, secret in the body, locale as an object', async () => {
  const network = await start(linkedin(otherPeople));
  const found = await readObject(await fetch(`${network.origin}/oauth/.well-known/openid-configuration`));
  assert.equal(found.issuer, `${network.origin}/oauth`);
  const { verifier, challenge } = makePkce();
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const url = ask(network, '/oauth/v2/authorization', pkce);
  const visitor = openVisitor();
  const first = landed(await visitor.visit(url, { person: 'sim-jonas-02' }));
  const withVerifier = { ...form(first.fields.code), ...inBody, code_verifier: verifier };
  const refused = await postForm(`${network.origin}/oauth/v2/accessToken`, withVerifier);
  assert.equal((await readObject(refused)).error, 'invalid_client');
  const second = landed(await visitor.visit(url));
  const answer = await postForm(`${network.origin}/oauth/v2/accessToken`, { ...form(second.fields.code), ...inBody });
  const tokens = await readObject(answer);
  const keys = createRemoteJWKSet(new URL(`${network.origin}/oauth/openid/jwks`));
  const checks = { issuer: `${network.origin}/oauth`, audience: testApp.clientId };
  const { payload } = await jwtVerify(String(tokens.id_token), keys, checks);
  assert.equal(payload.nonce, undefined);
  const userinfo = await readObject(
    await fetch(`${network.origin}/v2/userinfo`, { headers: bearer(tokens.access_token) }),
  );
  assert.deepEqual(userinfo.locale, { language: 'de', country: 'DE' });
  assert.equal(userinfo.email_verified, true);
  const basic = await postForm(`${network.origin}/oauth/v2/accessToken`, form('x'), basicAuth(testApp));
  assert.equal(basic.status, 401);
});

test('Microsoft: the issuer is a template, each token names its tenant, no word on verified addresses', async () => {
  const network = await start(microsoft(otherPeople));
  const found = await readObject(await fetch(`${network.origin}/common/v2.0/.well-known/openid-configuration`));
  assert.equal(found.issuer, `${network.origin}/{tenantid}/v2.0`);
  const keys = createRemoteJWKSet(new URL(String(found.jwks_uri)));
  const tenants: unknown[] = [];
  for (const person of ['sim-jonas-02', 'sim-sofia-01']) {
    const { fields } = landed(await openVisitor().visit(ask(network, '/common/oauth2/v2.0/authorize'), { person }));
    const answer = await postForm(`${network.origin}/common/oauth2/v2.0/token`, { ...form(fields.code), ...inBody });
    const tokens = await readObject(answer);
    const { payload } = await jwtVerify(String(tokens.id_token), keys, { audience: testApp.clientId });
    assert.equal(payload.iss, `${network.origin}/${payload.tid}/v2.0`);
    assert.ok(payload.email);
    assert.equal(payload.email_verified, undefined);
    tenants.push(payload.tid);
    const headers = bearer(tokens.access_token);
    const userinfo = await readObject(await fetch(`${network.origin}/oidc/userinfo`, { headers }));
    assert.equal(userinfo.email_verified, undefined);
  }
  assert.deepEqual(tenants, ['3b7a1c52-6f0d-4e8b-9a44-0c5d2e91f7a6', personalTenant]);
  assert.throws(() => network.misbehave('unverified_email'), /cannot play/);
  const real = { site: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' };
  const named = await start(microsoft(otherPeople, real));
  const told = await readObject(await fetch(`${named.origin}/common/v2.0/.well-known/openid-configuration`));
  assert.equal(told.issuer, `${real.site}/{tenantid}/v2.0`);
  assert.equal(told.token_endpoint, `${real.site}/common/oauth2/v2.0/token`);
  assert.equal(told.userinfo_endpoint, `${real.graph}/oidc/userinfo`);
});

test('Amazon: user_id, fields by scope, the token in three places', async () => {
  const network = await start(amazon(otherPeople));
  const url = ask(network, '/ap/oa', { scope: 'profile postal_code', nonce: undefined });
  const { fields } = landed(await openVisitor().visit(url, { person: 'sim-sofia-01' }));
  const answer = await postForm(`${network.origin}/auth/o2/token`, { ...form(fields.code), ...inBody });
  const token = String((await readObject(answer)).access_token);
  const profile = `${network.origin}/user/profile`;
  const told = {
    user_id: 'sim-sofia-01',
    name: 'Sofia Marchetti',
    email: 'sofia-marchetti@gmail.com',
    postal_code: '20121',
  };
  assert.deepEqual(await readObject(await fetch(profile, { headers: bearer(token) })), told);
  assert.deepEqual(await readObject(await fetch(`${profile}?access_token=${token}`)), told);
  assert.deepEqual(await readObject(await fetch(profile, { headers: { 'x-amz-access-token': token } })), told);
  const bad = await fetch(profile, { headers: bearer('nonsense') });
  assert.equal(bad.status, 400);
  assert.equal((await readObject(bad)).error, 'invalid_token');
});

test('a plain OAuth 2 provider spells its profile as told and refuses what is wrong', async () => {
  const network = await start(
    oauthNetwork({
      name: 'plain',
      title: 'Plain',
      colour: '#333',
      people: otherPeople,
      paths: { authorize: '/authorize', token: '/token', profile: '/api/v3/account' },
      profile: (person, _grant, email) => ({ account: { number: person.id, full_name: person.name, mail: email } }),
    }),
  );
  const visitor = openVisitor();
  const codeOf = async () =>
    landed(await visitor.visit(ask(network, '/authorize'), { person: 'sim-sofia-01' })).fields.code;
  const good = { ...form(await codeOf()), ...inBody };
  const { access_token: token } = await readObject(await postForm(`${network.origin}/token`, good));
  const told = await readObject(await fetch(`${network.origin}/api/v3/account`, { headers: bearer(token) }));
  const mail = { email: 'sofia-marchetti@gmail.com', verified: true };
  assert.deepEqual(told, { account: { number: 'sim-sofia-01', full_name: 'Sofia Marchetti', mail } });
  assert.equal((await postForm(`${network.origin}/token`, good)).status, 400, 'reuse');
  const ended = await fetch(`${network.origin}/api/v3/account`, { headers: bearer(token) });
  assert.equal(ended.status, 401, 'reuse ends the token');
  assert.ok(ended.headers.get('www-authenticate'));
  const wrong = { ...form(await codeOf()), ...inBody, client_secret: 'wrong' };
  assert.equal((await postForm(`${network.origin}/token`, wrong)).status, 401);
  const other = { ...form(await codeOf()), ...inBody, redirect_uri: testApp.redirectUris[1] };
  assert.equal((await postForm(`${network.origin}/token`, other)).status, 400);
});
