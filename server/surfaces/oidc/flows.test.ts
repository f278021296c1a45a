import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { createCookieJar } from '../../../test/cookie-jar.ts';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';
import { isProblem } from '../../base/errors.ts';
import { readFlow } from './flow-records.ts';
import { checkForm, formToken, saveFlow } from './flows.ts';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  portal = { ...(await server.makePortal()), client_secret: '' };
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

const sessionCookie = (jar: ReturnType<typeof createCookieJar>) =>
  jar.all().find((cookie) => cookie.name === 'regulars')?.value;

test('security row 7: the address of a flow is useless without its cookie', async () => {
  const customer = await server.makeCustomer();
  const [victim, thief] = [portalClient(server, portal), portalClient(server, portal)];
  const { location } = await victim.authorize();
  const as = `?as=${encodeURIComponent(customer.user_id)}`;
  assert.equal((await thief.get(location.pathname)).status, 400);
  assert.equal((await thief.get(location.pathname + as)).status, 400);
  // Another flow's cookie does not help.
  await thief.authorize();
  assert.equal((await thief.get(location.pathname)).status, 400);

  const finished = await victim.get(location.pathname + as);
  const resume = new URL(finished.headers.get('location') ?? '').pathname;
  const stolen = await thief.get(resume);
  assert.equal(stolen.status, 400);
  assert.equal((await bodyOf(stolen)).error, 'flow_expired');
  assert.equal(stolen.headers.get('location'), null);
  assert.equal((await victim.get(resume)).status, 302);
});

test('security row 7: an engine cookie of one’s own choosing opens nothing', async () => {
  const { location } = await portalClient(server, portal).authorize();
  const id = location.pathname.split('/')[2];
  const response = await fetch(`${server.url}/authorize/${id}`, {
    redirect: 'manual',
    headers: { cookie: `resume=${id}; interaction=${id}` },
  });
  assert.equal(response.status, 400);
});

test('security row 7: signing in gives the session a new id', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  await client.signIn(customer.user_id);
  const first = sessionCookie(client.jar);
  await client.signIn(customer.user_id, { prompt: 'login' });
  const second = sessionCookie(client.jar);
  assert.notEqual(first, second);
  const old = await fetch(`${server.url}/authorize?${new URLSearchParams({ ...silent(), state: 's' })}`, {
    redirect: 'manual',
    headers: { cookie: `regulars=${first}` },
  });
  assert.match(old.headers.get('location') ?? '', /error=login_required/);
});

test('security row 7: a session id planted in the browser is not taken over', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  client.jar.store(new URL(server.url), ['regulars=planted-by-somebody-else; path=/']);
  await client.signIn(customer.user_id);
  assert.notEqual(sessionCookie(client.jar), 'planted-by-somebody-else');
});

test('two tabs do not disturb each other; somebody else’s sign-in ends the first session', async () => {
  const [ada, bob] = [await server.makeCustomer(), await server.makeCustomer()];
  const jar = createCookieJar();
  const [first, second] = [portalClient(server, portal, jar), portalClient(server, portal, jar)];
  const [one, two] = [await first.authorize(), await second.authorize()];
  const go = async (path: string, userId: string) => {
    const finished = await first.get(`${path}?as=${encodeURIComponent(userId)}`);
    const resumed = await first.get(new URL(finished.headers.get('location') ?? '').pathname);
    return new URL(resumed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  };
  const adas = await first.redeem(await go(one.location.pathname, ada.user_id), one.verifier);
  const bobs = await second.redeem(await go(two.location.pathname, bob.user_id), two.verifier);
  assert.equal(readJwt(adas.id_token).claims.sub, ada.user_id);
  assert.equal(readJwt(bobs.id_token).claims.sub, bob.user_id);
  const ask = (token: string) =>
    fetch(`${server.url}/userinfo`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  assert.deepEqual([await ask(adas.access_token), await ask(bobs.access_token)], [401, 200]);
});

test('prompt=login with another customer changes the session', async () => {
  const [ada, bob] = [await server.makeCustomer(), await server.makeCustomer()];
  const client = portalClient(server, portal);
  await client.signIn(ada.user_id);
  const { location } = await client.authorize({ prompt: 'login' });
  const flow = await bodyOf(await client.get(location.pathname));
  assert.deepEqual([flow.session.userId, flow.session.customerId], [ada.user_id, ada.id]);
  await client.signIn(bob.user_id, { prompt: 'login' });
  const again = await client.signIn(bob.user_id, { prompt: 'none' });
  assert.equal(readJwt(again.id_token).claims.sub, bob.user_id);
});

test('a page before the sign-in goes on ("continue") keeps the time of the proof', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const first = await client.signIn(customer.user_id);
  const { onSession } = server.journey;
  Object.assign(server.journey, { onSession: async () => ({ page: 'first visit' }) });
  const silently = await client.authorize({ prompt: 'none' });
  assert.equal(silently.location.searchParams.get('error'), 'interaction_required');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  const { location, verifier } = await client.authorize();
  const flow = await bodyOf(await client.get(location.pathname));
  assert.deepEqual(flow.prompt, { name: 'journey', reasons: ['journey'], page: 'first visit' });
  const finished = await client.get(`${location.pathname}?continue=&as=${encodeURIComponent(customer.user_id)}`);
  const resumed = await client.get(new URL(finished.headers.get('location') ?? '').pathname);
  const code = new URL(resumed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const tokens = await client.redeem(code, verifier);
  assert.equal(readJwt(tokens.id_token).claims.auth_time, readJwt(first.id_token).claims.auth_time);
  Object.assign(server.journey, { onSession });
});

test('the journey’s refusal of a session reaches the portal', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  await client.signIn(customer.user_id);
  const { onSession } = server.journey;
  const description = 'Multifactor authentication required';
  Object.assign(server.journey, { onSession: async () => ({ error: 'mfa_required', description }) });
  const { location } = await client.authorize({ prompt: 'none' });
  Object.assign(server.journey, { onSession });
  assert.equal(location.searchParams.get('error'), 'mfa_required');
  assert.equal(location.searchParams.get('error_description'), description);
});

test('a flow is over after an hour, unless it is put off', async () => {
  const client = portalClient(server, portal);
  const [one, two] = [await client.authorize(), await client.authorize()];
  const id = two.location.pathname.split('/')[2] ?? '';
  const found = await readFlow(server.base, id, new Date());
  assert.ok(found);
  const later = new Date(Date.now() + 2 * 86_400_000);
  await saveFlow(server.base.db, { ...found.flow, state: { step: 'rules' }, expiresAt: later });
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 3601_000 });
  assert.equal((await client.get(one.location.pathname)).status, 400);
  const kept = await bodyOf(await client.get(two.location.pathname));
  assert.deepEqual(kept.state, { step: 'rules' });
});

test('a browser keeps the cookies of its eight newest flows', async () => {
  const client = portalClient(server, portal);
  const started = [];
  for (let count = 0; count < 12; count += 1) {
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.now() + count * 2000 });
    started.push((await client.authorize()).location.pathname);
  }
  assert.equal(client.jar.all().filter((cookie) => cookie.name.startsWith('flow-')).length, 8);
  assert.equal((await client.get(started[3] ?? '')).status, 400);
  assert.equal((await client.get(started[4] ?? '')).status, 200);
});

test('a form needs our origin and the token of its own flow', async () => {
  const { base } = server;
  const [flow, other] = [{ id: 'one' }, { id: 'two' }];
  const token = formToken(base, flow);
  const check = (origin: string | undefined, given: unknown, of = flow) =>
    checkForm(base, { headers: origin === undefined ? {} : { origin } }, of, given);
  check(base.config.url, token);
  const bad: [string | undefined, unknown][] = [
    [undefined, token],
    ['null', token],
    ['https://evil.example', token],
    [`${base.config.url}.evil.example`, token],
    [base.config.url, undefined],
    [base.config.url, ''],
    [base.config.url, [token]],
    [base.config.url, formToken(base, other)],
  ];
  for (const [origin, given] of bad) {
    assert.throws(
      () => check(origin, given),
      (error) => isProblem(error, 'origin_refused'),
    );
  }
});

function silent(): Record<string, string> {
  return {
    client_id: portal.client_id,
    response_type: 'code',
    redirect_uri: portal.callback,
    scope: 'openid',
    prompt: 'none',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  };
}
