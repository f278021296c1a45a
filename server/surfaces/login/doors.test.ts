// Forms sent twice, tabs, stolen addresses, answers that were not asked for: security cases 5 to 8 and 12.
import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createCookieJar } from '../../../test/cookie-jar.ts';
import { createBrowser, type Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';

const world = await openWorld();
after(() => world.close());
const { google } = world.networks;
const stopAt = ['http://lumiere.example', 'http://northtrail.example'];
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';
const sofia = '108204268033311374519';
const jonas = '113991047552088216734';
const password = 'correct horse battery';
await signUp(world, world.browser(), 'anna@example.com', password);
await signUp(world, world.browser(), 'bert@example.com', password);

/** Sends a form as a browser does, following nothing. */
function send(page: Page, action: string, fields: Record<string, string>, jar = createCookieJar(), headers = {}) {
  const form = page.forms.find((one) => one.action.endsWith(action));
  assert.ok(form, `${action} on ${page.url.pathname}`);
  const url = new URL(form.action, page.url);
  const body = new URLSearchParams({ ...form.fields, ...fields });
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: { origin: page.url.origin, cookie: jar.header(url), ...headers },
  });
}

test('a password form sent twice at once signs in once, and both answers lead the same way', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const fields = { username: 'anna@example.com', password };
  const before = (await world.customer('anna@example.com')).logins_count;
  const answers = await Promise.all([1, 2, 3].map(() => send(page, 'login', fields, browser.jar)));
  const locations = answers.map((answer) => answer.headers.get('location'));
  assert.equal(new Set(locations).size, 1);
  assert.match(locations[0] ?? '', /\/authorize\//);
  const arrived = await browser.open(locations[0] ?? '');
  assert.ok(atShop(arrived), arrived.text);
  assert.equal((await world.customer('anna@example.com')).logins_count, before + 1);
});

test('a mailed code typed twice at once makes one account', async () => {
  const browser = world.browser();
  const form = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const page = await browser.submit(form, 'signup', { username: 'twice@example.com', password });
  const { code } = await world.mail('twice@example.com');
  const answers = await Promise.all([1, 2].map(() => send(page, 'verify', { code }, browser.jar)));
  const locations = answers.map((answer) => answer.headers.get('location'));
  assert.deepEqual([...new Set(locations)].length, 1, JSON.stringify(answers.map(({ status }) => status)));
  assert.equal((await world.customer('twice@example.com')).logins_count, 1);
});

test('two first visits of one person by a network at once make one customer', async () => {
  google.people.add({ id: '70001', name: 'Ada', givenName: 'Ada', familyName: 'L', email: 'ada-lovelace@gmail.com' });
  const pages = await Promise.all([1, 2].map(() => signInWith(world, world.browser(), 'google-oauth2', '70001')));
  assert.ok(pages.every(atShop));
  const customer = await world.customer('ada-lovelace@gmail.com');
  assert.equal(customer.logins_count, 2);
});

test('two tabs of one browser do not disturb each other', async () => {
  const browser = world.browser();
  const first = await browser.open(world.door('lumiere', { state: 'first' }));
  const second = await browser.open(world.door('lumiere', { state: 'second' }));
  assert.notEqual(first.url.pathname, second.url.pathname);
  const fields = { username: 'anna@example.com', password };
  const one = await browser.submit(first, 'login', fields);
  assert.equal(one.url.searchParams.get('state'), 'first');
  const other = await browser.submit(second, 'login', { username: 'bert@example.com', password });
  assert.equal(other.url.searchParams.get('state'), 'second');
  assert.equal((await world.tokens(other)).claims.email, 'bert@example.com');
});

test('a reload, or the back button, of a page that is done goes on to the same end', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const answer = await send(page, 'login', { username: 'anna@example.com', password }, browser.jar);
  const again = await browser.send(page.url);
  assert.equal(again.headers.get('location'), answer.headers.get('location'));
});

test('case 7: a flow is worth nothing without its cookie', async () => {
  const owner = world.browser();
  const page = await owner.open(world.door());
  const thief = world.browser();
  for (const step of ['login', 'signup', 'code', 'forgot', 'verify', 'conflict', 'choose', 'continue']) {
    const stolen = await thief.open(page.url.href.replace(/login$/, step));
    assert.equal(stolen.status, 400, step);
    assert.match(stolen.text, /This page has expired\. Go back to where you came from and sign in again\./);
  }
  const sent = await send(page, 'login', { username: 'anna@example.com', password });
  assert.equal(sent.status, 400);
});

test('case 6: a form from another site is refused, also with our cookies', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const fields = { username: 'anna@example.com', password };
  const foreign = await send(page, 'login', fields, browser.jar, { origin: 'https://evil.example' });
  assert.equal(foreign.status, 403);
  assert.match(await foreign.text(), /sent from another site/);
  const tokenless = await send(page, 'login', { ...fields, token: '' }, browser.jar);
  assert.equal(tokenless.status, 403);
  const other = await world.browser().open(world.door());
  const othersToken = other.forms[0]?.fields.token ?? '';
  const foreignToken = await send(page, 'login', { ...fields, token: othersToken }, browser.jar);
  assert.equal(foreignToken.status, 403, 'the token of another flow');
  const silent = await fetch(page.url, { method: 'POST', headers: { cookie: browser.jar.header(page.url) } });
  assert.equal(silent.status, 403, 'no origin at all');
});

/** A browser that has been to the network and holds what it sent back, not yet delivered. */
async function answerOf(person: string) {
  const browser = createBrowser({ stopAt: [...stopAt, `${world.url}/login/callback`] });
  const page = await browser.submit(await browser.open(world.door()), 'network', {}, 'google-oauth2');
  const { url } = await atNetwork(browser, page, person);
  const on = createBrowser({ stopAt, jar: browser.jar });
  return { url, browser: on };
}

test('case 6: an answer is good only in the browser that asked (login CSRF, forced linking)', async () => {
  const attacker = await answerOf(jonas);
  const victim = world.browser();
  await victim.open(world.door());
  const forced = await victim.open(attacker.url);
  assert.equal(forced.status, 400);
  assert.ok(atShop(await attacker.browser.open(attacker.url)), 'and untouched by that');
});

test('case 5: an answer is good once', async () => {
  const { url, browser } = await answerOf(sofia);
  assert.ok(atShop(await browser.open(url)));
  const replayed = await browser.open(url);
  assert.ok(replayed.status >= 400 && !atShop(replayed));
});

test('case 12: the network stands in the flow, not in the answer', async () => {
  // A code of Google's given for an attempt at Facebook leads nowhere, and the sign-in can be tried again.
  const { url } = await answerOf(sofia);
  const browser = createBrowser({ stopAt: [...stopAt, `${world.url}/login/callback`] });
  const connect = await browser.submit(await browser.open(world.door()), 'network', {}, 'facebook');
  const away = await browser.submit(connect, 'connect', {}, 'no');
  const back = await atNetwork(browser, away, '10222719380914467');
  const mixed = new URL(back.url);
  mixed.searchParams.set('code', url.searchParams.get('code') ?? '');
  const on = createBrowser({ stopAt, jar: browser.jar });
  const page = await on.open(mixed);
  assert.match(page.url.pathname, /\/login$/);
  assert.match(page.text, /Facebook did not answer as it should/);
  assert.ok(atShop(await on.submit(page, 'login', { username: 'anna@example.com', password })));
});

test('case 12: an answer that nobody asked for, or with a made-up state', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const flow = page.url.pathname.split('/')[2];
  for (const state of ['', 'x', `${flow}.00000000-0000-4000-8000-000000000000`, `${flow}.../`, 'link.x']) {
    const answer = await browser.open(`${world.url}/login/callback?code=x&state=${encodeURIComponent(state)}`);
    assert.ok(answer.status >= 400 && answer.status < 500, `${state}: ${answer.status}`);
    assert.match(answer.text, /That did not work/);
  }
  const twice = await browser.open(`${world.url}/login/callback?code=x&state=a&state=b`);
  assert.equal(twice.status, 403);
});

test('case 8: a step without its own proof leads back, whatever page it is asked on', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  for (const step of ['verify', 'conflict', 'choose', 'continue']) {
    const jumped = await browser.open(page.url.href.replace(/login$/, step));
    assert.match(jumped.url.pathname, /\/login$/, step);
  }
  for (const [form, act] of [
    ['login', 'conflict-apart'],
    ['login', 'choose'],
    ['login', 'verify'],
    ['login', 'continue'],
    ['login', 'conflict-password'],
    ['login', 'verify-again'],
  ] as const) {
    const known = page.forms.find((one) => one.action.endsWith(form));
    const body = new URLSearchParams({ token: known?.fields.token ?? '', password, code: '123456', profile: '0' });
    const url = page.url.href.replace(/login$/, act);
    const sent = await browser.send(url, { method: 'POST', body, headers: { origin: world.url } });
    assert.ok(sent.status >= 400, `${act}: ${sent.status}`);
  }
});

test('case 5: what stands in the form beside the proof changes nothing', async () => {
  const browser = world.browser();
  const id = '70002';
  world.networks.facebook.people.add({ id, name: 'C', givenName: 'C', familyName: 'C', email: 'anna@example.com' });
  const conflict = await signInWith(world, browser, 'facebook', id);
  assert.match(conflict.url.pathname, /\/conflict$/);
  // Bert's password, and every field that could name Bert.
  const bert = await world.customer('bert@example.com');
  const fields = { username: 'bert@example.com', email: 'bert@example.com', customer: bert.id, user_id: bert.user_id };
  const refused = await browser.submit(conflict, 'conflict-password', { ...fields, password: 'not the password' });
  assert.equal(refused.status, 403);
  const { identities } = await world.base.db
    .selectFrom('identities')
    .select((eb) => eb.fn.countAll().as('identities'))
    .where('user_id', '=', id)
    .executeTakeFirstOrThrow();
  assert.equal(Number(identities), 0);
});

test('an expired page says what to do, and a new start works', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 61 * 60_000 });
  try {
    const late = await browser.submit(page, 'login', { username: 'anna@example.com', password });
    assert.equal(late.status, 400);
    assert.match(late.text, /This page has expired/);
  } finally {
    mock.timers.reset();
  }
  await wait(1);
  assert.ok(atShop(await signIn(world, browser, 'anna@example.com', password)));
});

test('Auth0’s address of the page leads to the flow', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const flow = page.url.pathname.split('/')[2];
  assert.equal((await browser.open(`${world.url}/u/login?state=${flow}`)).url.pathname, page.url.pathname);
  assert.equal((await browser.open(`${world.url}/u/login?state=../x`)).status, 400);
});

test('what anybody posts as a network’s answer is bounded', async () => {
  const before = await world.base.db.selectFrom('network_notes').select('handle_hash').execute();
  const body = new URLSearchParams({ state: 'x', user: 'x'.repeat(200_000) });
  const answer = await fetch(`${world.url}/login/callback`, { method: 'POST', body, redirect: 'manual' });
  assert.equal(answer.status, 413);
  assert.match(await answer.text(), /<h1/);
  const after = await world.base.db.selectFrom('network_notes').select('handle_hash').execute();
  assert.equal(after.length, before.length);
});
