import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { googlePeople } from './demo-people.ts';
import { google } from './google.ts';
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
  strangeApp,
  testApp,
} from './test-app.ts';
import { openVisitor } from './visitor.ts';

const sofia = '108204268033311374519';
const jonas = '113991047552088216734';
const birthday = 'https://www.googleapis.com/auth/user.birthday.read';
const gender = 'https://www.googleapis.com/auth/user.gender.read';
let network: Network;

before(async () => {
  network = await startNetwork(google(googlePeople), { clients: [testApp, strangeApp] });
});
after(() => network.close());

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/o/oauth2/v2/auth`, {
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'the state',
    nonce: 'the nonce',
    ...more,
  });
}

async function codeOf(person: string, more: Record<string, string | undefined> = {}): Promise<string> {
  const { fields } = landed(await openVisitor().visit(ask(more), { person }));
  assert.ok(fields.code);
  return fields.code;
}

async function exchange(code: string, more: Record<string, string | undefined> = {}): Promise<Response> {
  return postForm(`${network.origin}/token`, {
    client_id: testApp.clientId,
    client_secret: testApp.clientSecret,
    code,
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    ...more,
  });
}

test('discovery describes the network as it is', async () => {
  const found = await readObject(await fetch(`${network.origin}/.well-known/openid-configuration`));
  assert.equal(found.issuer, network.origin);
  assert.equal(found.authorization_endpoint, `${network.origin}/o/oauth2/v2/auth`);
  assert.equal(found.token_endpoint, `${network.origin}/token`);
  assert.equal(found.jwks_uri, `${network.origin}/certs`);
  assert.deepEqual(found.code_challenge_methods_supported, ['plain', 'S256']);
});

test('a whole sign-in: signed ID token, userinfo, iss and scope in the redirect', async () => {
  const { verifier, challenge } = makePkce();
  const url = ask({ code_challenge: challenge, code_challenge_method: 'S256' });
  const landing = landed(await openVisitor().visit(url, { person: jonas }));
  assert.equal(landing.redirectUri, redirectUri);
  assert.equal(landing.pages, 2);
  assert.equal(landing.fields.state, 'the state');
  assert.equal(landing.fields.iss, network.origin);
  assert.equal(landing.fields.hd, 'aurora-studio.example');
  const tokens = await readObject(await exchange(landing.fields.code ?? '', { code_verifier: verifier }));
  assert.equal(tokens.token_type, 'Bearer');
  assert.equal(tokens.expires_in, 3599);
  assert.equal(tokens.refresh_token, undefined);
  const keys = createRemoteJWKSet(new URL(`${network.origin}/certs`));
  const checks = { issuer: network.origin, audience: testApp.clientId, algorithms: ['RS256'] };
  const { payload } = await jwtVerify(String(tokens.id_token), keys, checks);
  assert.equal(payload.sub, jonas);
  assert.equal(payload.nonce, 'the nonce');
  assert.equal(payload.hd, 'aurora-studio.example');
  assert.equal(payload.email, 'jonas@aurora-studio.example');
  assert.equal(payload.email_verified, true);
  assert.equal(payload.azp, testApp.clientId);
  const userinfo = await readObject(
    await fetch(`${network.origin}/v1/userinfo`, { headers: bearer(tokens.access_token) }),
  );
  assert.equal(userinfo.sub, jonas);
  assert.equal(userinfo.given_name, 'Jonas');
  const picture = await fetch(String(userinfo.picture));
  assert.equal(picture.headers.get('content-type'), 'image/png');
});

test('the People API tells birthdays and genders only with their scopes', async () => {
  const people = `${network.origin}/v1/people/me?personFields=birthdays,genders`;
  const whole = await readObject(await exchange(await codeOf(sofia, { scope: `openid ${birthday} ${gender}` })));
  const told = await readObject(await fetch(people, { headers: bearer(whole.access_token) }));
  const source = (type: string) => ({ type, id: sofia });
  assert.deepEqual(told.birthdays, [
    { metadata: { primary: true, source: source('PROFILE') }, date: { month: 4, day: 18 } },
    { metadata: { source: source('ACCOUNT') }, date: { year: 1991, month: 4, day: 18 } },
  ]);
  assert.deepEqual(told.genders, [
    { metadata: { primary: true, source: source('PROFILE') }, value: 'female', formattedValue: 'Female' },
  ]);

  const untick = { person: sofia, untick: [birthday] };
  const url = ask({ scope: `openid profile ${birthday} ${gender}` });
  const { fields } = landed(await openVisitor().visit(url, untick));
  // She allowed the birthday to this app before: what is unticked now counts.
  const part = await readObject(await exchange(fields.code ?? ''));
  assert.equal(part.scope, `openid profile ${gender}`);
  const less = await readObject(await fetch(people, { headers: bearer(part.access_token) }));
  assert.equal(less.birthdays, undefined);
  assert.ok(less.genders);

  const bare = await readObject(await exchange(await codeOf(jonas, { scope: 'openid' })));
  assert.equal((await fetch(people, { headers: bearer(bare.access_token) })).status, 403);
  const noMask = await fetch(`${network.origin}/v1/people/me`, { headers: bearer(whole.access_token) });
  assert.equal(noMask.status, 400);
  assert.equal((await fetch(people, { headers: bearer('nonsense') })).status, 401);
});

test('wrong authorization requests show a page and never go back', async () => {
  const wrong = {
    'unknown client': ask({ client_id: 'nobody' }),
    'other redirect': ask({ redirect_uri: 'http://127.0.0.1:9/login/callback/' }),
    'longer redirect': ask({ redirect_uri: `${redirectUri}?more=1` }),
    'no redirect': ask({ redirect_uri: undefined }),
    'unknown scope': ask({ scope: 'openid everything' }),
    'no response type': ask({ response_type: undefined }),
    'implicit flow': ask({ response_type: 'token' }),
    'short challenge': ask({ code_challenge: 'abc', code_challenge_method: 'S256' }),
    'unknown challenge method': ask({ code_challenge: makePkce().challenge, code_challenge_method: 'S512' }),
    'parameter twice': `${ask()}&state=again`,
    'redirect twice': `${ask()}&redirect_uri=http://evil.example`,
  };
  for (const [what, url] of Object.entries(wrong)) {
    const landing = await openVisitor().visit(url, { person: sofia });
    assert.equal(landing.kind, 'page', what);
    assert.ok(landing.kind === 'page' && landing.status >= 400, what);
  }
});

test('wrong token requests are refused', async () => {
  const { verifier, challenge } = makePkce();
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const cases: [string, Record<string, string | undefined>, number, string][] = [
    ['secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['no secret', { client_secret: undefined }, 401, 'invalid_client'],
    ['client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['another client', { client_id: 'stranger', client_secret: strangeApp.clientSecret }, 400, 'invalid_grant'],
    ['redirect', { redirect_uri: testApp.redirectUris[1] }, 400, 'redirect_uri_mismatch'],
    ['no redirect', { redirect_uri: undefined }, 400, 'redirect_uri_mismatch'],
    ['no verifier', { code_verifier: undefined }, 400, 'invalid_grant'],
    ['verifier', { code_verifier: makePkce().verifier }, 400, 'invalid_grant'],
    ['grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['code', { code: 'never issued' }, 400, 'invalid_grant'],
    ['no code', { code: undefined }, 400, 'invalid_request'],
  ];
  for (const [what, more, status, error] of cases) {
    const response = await exchange(await codeOf(sofia, pkce), { code_verifier: verifier, ...more });
    assert.equal(response.status, status, what);
    assert.equal((await readObject(response)).error, error, what);
  }
  const unasked = await exchange(await codeOf(sofia), { code_verifier: verifier });
  assert.equal(unasked.status, 400, 'a verifier without a challenge');
  const json = await fetch(`${network.origin}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(json.status, 415);
});

test('Basic authentication works, but not together with the secret in the body', async () => {
  const form = { code: await codeOf(sofia), grant_type: 'authorization_code', redirect_uri: redirectUri };
  const twice = { ...form, client_secret: testApp.clientSecret };
  assert.equal((await postForm(`${network.origin}/token`, twice, basicAuth(testApp))).status, 401);
  assert.equal((await postForm(`${network.origin}/token`, form, basicAuth(testApp))).status, 200);
});

test('a refresh token comes with access_type=offline only and works', async () => {
  const tokens = await readObject(await exchange(await codeOf(sofia, { access_type: 'offline' })));
  assert.ok(tokens.refresh_token);
  const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token), code: undefined };
  const again = await exchange('', form);
  assert.equal(again.status, 200);
  assert.equal((await exchange('', { ...form, refresh_token: 'nonsense' })).status, 400);
});

test('prompts: none, select_account, consent', async () => {
  const visitor = openVisitor();
  const silent = landed(await visitor.visit(ask({ prompt: 'none' })));
  assert.equal(silent.fields.error, 'interaction_required');
  await visitor.visit(ask(), { person: sofia });
  assert.equal(landed(await visitor.visit(ask())).pages, 0, 'one click, no page');
  assert.ok(landed(await visitor.visit(ask({ prompt: 'none' }))).fields.code);
  assert.equal((await visitor.visit(ask({ prompt: 'select_account' }))).kind, 'page');
  assert.equal(landed(await visitor.visit(ask({ prompt: 'consent' }), { person: sofia })).pages, 1);
  const more = await visitor.visit(ask({ scope: `openid ${gender}`, client_id: 'stranger' }));
  assert.equal(more.kind, 'page', 'another app asks anew');
});
