import assert from 'node:assert/strict';
import { after, afterEach, before, mock, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { facebook } from './facebook.ts';
import type { FaultOptions, Mode } from './faults.ts';
import { openidNetwork } from './generic-oidc.ts';
import { github } from './github.ts';
import { type Network, startNetwork } from './network.ts';
import type { Person } from './people.ts';
import { addressOf, bearer, landed, postForm, readObject, redirectUri, testApp } from './test-app.ts';
import { openVisitor } from './visitor.ts';

const ada: Person = {
  id: '41',
  name: 'Ada <b>Byron</b>',
  givenName: 'Ada',
  familyName: 'Byron',
  email: 'ada@example.org',
};
const paths = { discovery: '/d', authorize: '/authorize', token: '/token', keys: '/keys', userinfo: '/userinfo' };
const settings = { name: 'own', title: 'Own', colour: '#334155', people: [ada], paths };
let network: Network;
// One visitor with a live session: pages are seen once.
const visitor = openVisitor();

before(async () => {
  network = await startNetwork(openidNetwork(settings), { clients: [testApp] });
});
after(() => network.close());
afterEach(() => {
  network.misbehave(null);
  mock.timers.reset();
});

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/authorize`, {
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    nonce: 'the nonce',
    ...more,
  });
}

async function exchange(init: RequestInit = {}): Promise<Response> {
  const { fields } = landed(await visitor.visit(ask(), { person: '41' }));
  const form = { grant_type: 'authorization_code', redirect_uri: redirectUri, code: fields.code ?? '' };
  const secret = { client_id: testApp.clientId, client_secret: testApp.clientSecret };
  const body = new URLSearchParams({ ...form, ...secret });
  return fetch(`${network.origin}/token`, { method: 'POST', body, redirect: 'manual', ...init });
}

async function idToken(mode: Mode | Mode[], options?: FaultOptions): Promise<string> {
  network.misbehave(mode, options);
  return String((await readObject(await exchange())).id_token);
}

test('codes are good for a minute', async () => {
  const code = async () => landed(await visitor.visit(ask(), { person: '41' })).fields.code;
  const secret = { client_id: testApp.clientId, client_secret: testApp.clientSecret, redirect_uri: redirectUri };
  const form = { ...secret, grant_type: 'authorization_code' };
  const [early, late] = [await code(), await code()];
  const now = Date.now();
  mock.timers.enable({ apis: ['Date'], now: now + 55_000 });
  assert.equal((await postForm(`${network.origin}/token`, { ...form, code: early })).status, 200);
  mock.timers.setTime(now + 61_000);
  assert.equal((await postForm(`${network.origin}/token`, { ...form, code: late })).status, 400);
});

test('people can be added, changed and removed while it runs', async () => {
  const grace = { id: '42', name: 'Grace', givenName: 'Grace', familyName: 'H', email: 'grace@example.org' };
  network.people.add(grace);
  assert.throws(() => network.people.add(grace), /already/);
  const guest = openVisitor();
  const { fields } = landed(await guest.visit(ask(), { person: '42' }));
  assert.ok(fields.code);
  network.people.replace({ ...grace, email: 'new@example.org' });
  network.people.remove('42');
  assert.equal((await guest.visit(ask())).kind, 'page', 'a session of nobody counts as none');
  assert.throws(() => network.people.replace(grace), /no person/);
});

test('pages escape what they show, have the promised buttons and no way to be answered twice', async () => {
  const page = await openVisitor().visit(ask());
  assert.ok(page.kind === 'page' && page.status === 200);
  assert.match(page.html, /<button class="person" name="person" value="41">/);
  assert.match(page.html, /Ada &lt;b&gt;Byron/);
  assert.match(page.html, /<button id="cancel"/);
  assert.match(page.html, /simulated/);
  const handle = /name="request" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  const press = () => postForm(`${network.origin}/simulated/choose`, { request: handle, cancel: 'yes' });
  const answer = await press();
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get('location') ?? '', /error=access_denied/);
  assert.equal((await press()).status, 400);
  assert.equal((await postForm(`${network.origin}/simulated/agree`, { request: handle, agree: 'yes' })).status, 400);
});

test('ID tokens can be wrong in each part, the rest of them right', async () => {
  const { keys } = JSON.parse(await (await fetch(`${network.origin}/keys`)).text());
  const key = await importJWK(keys[0], 'RS256');
  const checks = { issuer: network.origin, audience: testApp.clientId };
  const good = await jwtVerify(String((await readObject(await exchange())).id_token), key, checks);
  assert.equal(good.payload.nonce, 'the nonce');

  const forged = await idToken('wrong_signature');
  assert.equal(decodeProtectedHeader(forged).kid, keys[0].kid);
  await assert.rejects(jwtVerify(forged, key, checks), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  await assert.rejects(jwtVerify(await idToken('wrong_issuer'), key, checks), { claim: 'iss' });
  await assert.rejects(jwtVerify(await idToken('wrong_audience'), key, checks), { claim: 'aud' });
  await assert.rejects(jwtVerify(await idToken('expired_token'), key, checks), { code: 'ERR_JWT_EXPIRED' });
  assert.notEqual(decodeJwt(await idToken('wrong_nonce')).nonce, 'the nonce');
  assert.equal(decodeJwt(await idToken('missing_email')).email, undefined);
  assert.equal(decodeJwt(await idToken('unverified_email')).email_verified, false);
  assert.equal(decodeJwt(await idToken('email_verified_string')).email_verified, 'true');
  assert.equal(decodeJwt(await idToken(['unverified_email', 'email_verified_string'])).email_verified, 'false');
});

test('a fault can be for one endpoint and for some answers', async () => {
  network.misbehave('missing_email', { endpoint: 'profile', times: 1 });
  const tokens = await readObject(await exchange());
  assert.equal(decodeJwt(String(tokens.id_token)).email, 'ada@example.org');
  const tell = async () =>
    readObject(await fetch(`${network.origin}/userinfo`, { headers: bearer(tokens.access_token) }));
  assert.equal((await tell()).email, undefined);
  assert.equal((await tell()).email, 'ada@example.org');
  network.misbehave('error_500', { endpoint: 'discovery' });
  assert.equal((await fetch(`${network.origin}/d`)).status, 500);
  assert.equal((await fetch(`${network.origin}/keys`)).status, 200);
  network.misbehave('error_500');
  assert.equal((await fetch(`${network.origin}/keys`)).status, 500);
  assert.equal((await visitor.visit(ask(), { person: '41' })).kind, 'redirect', 'the page is spared');
});

test('answers can be late, missing, broken, huge, a page or a redirect', async () => {
  network.misbehave('slow', { delay: 300 });
  const begun = performance.now();
  assert.equal((await exchange()).status, 200);
  assert.ok(performance.now() - begun >= 290);

  network.misbehave('hang');
  await assert.rejects(exchange({ signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });

  network.misbehave('malformed_json');
  const broken = await exchange();
  assert.equal(broken.status, 200);
  assert.match(broken.headers.get('content-type') ?? '', /json/);
  await assert.rejects(broken.json(), SyntaxError);

  network.misbehave('html_instead_of_json');
  assert.match((await exchange()).headers.get('content-type') ?? '', /text\/html/);

  network.misbehave('huge_body');
  const huge = await (await exchange()).text();
  assert.ok(huge.length > 2_000_000);
  assert.ok(JSON.parse(huge).id_token, 'only too long, not wrong');

  network.misbehave('redirects');
  assert.equal((await fetch(`${network.origin}/keys`, { redirect: 'manual' })).status, 200, 'the token endpoint only');
  const moved = await exchange();
  assert.equal(moved.status, 302);
  assert.equal(moved.headers.get('location'), `${network.origin.replace('127.0.0.1', 'localhost')}/elsewhere`);
  assert.ok(!network.requests.some((seen) => seen.path === '/elsewhere'));
  network.misbehave('redirects', { redirectTo: 'http://169.254.169.254/', endpoint: 'keys' });
  const keys = await fetch(`${network.origin}/keys`, { redirect: 'manual' });
  assert.equal(keys.headers.get('location'), 'http://169.254.169.254/');

  network.misbehave('user_denies', { times: 1 });
  assert.equal(landed(await visitor.visit(ask())).fields.error, 'access_denied');
  assert.ok(landed(await visitor.visit(ask())).fields.code);
});

test('requests are kept for tests to look at', async () => {
  await exchange({ headers: { 'user-agent': 'the test' } });
  const seen = network.requests.at(-1);
  assert.equal(seen?.endpoint, 'token');
  assert.equal(seen?.path, '/token');
  assert.equal(seen?.body.client_id, testApp.clientId);
  assert.equal(seen?.headers['user-agent'], 'the test');
});

test('apps can be registered later, and a network says what it cannot play', async () => {
  const late = { ...testApp, clientId: 'late' };
  assert.equal((await visitor.visit(ask({ client_id: 'late' }))).kind, 'page');
  network.register(late);
  assert.ok(landed(await openVisitor().visit(ask({ client_id: 'late' }), { person: '41' })).fields.code);
  const others = [facebook([ada]), github([ada])];
  for (const definition of others) {
    const other = await startNetwork(definition);
    assert.throws(() => other.misbehave('wrong_nonce'), /cannot play wrong_nonce/);
    other.misbehave('expired_token');
    await other.close();
  }
});

test('closing does not wait for answers that hang or dawdle', async () => {
  const other = await startNetwork(openidNetwork(settings));
  other.misbehave(['slow', 'hang'], { times: 1 });
  const first = fetch(`${other.origin}/keys`).catch(() => 'cut');
  const second = fetch(`${other.origin}/keys`).catch(() => 'cut');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = performance.now();
  await other.close();
  assert.ok(performance.now() - begun < 2_000);
  await Promise.all([first, second]);
});
