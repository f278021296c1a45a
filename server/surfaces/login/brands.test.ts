import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug, cachedBrand, updateBrand } from '../../features/brands/brands.ts';
import { setBlocked, timelineOf, visitsOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const at = (page: Page) => page.url.origin.replace(/^http:\/\/|\.example$/g, '');
const silent = { prompt: 'none' };

test('one customer at two brands: one profile, one click at the first visit, first and last visit of each', async () => {
  const browser = world.browser();
  const first = await signUp(world, browser, 'both@example.com', password);
  const { sub } = (await world.tokens(first)).claims;

  const quiet = await browser.open(world.door('northtrail', silent));
  assert.equal(quiet.url.searchParams.get('error'), 'interaction_required');
  const page = await browser.open(world.door('northtrail'));
  assert.match(page.url.pathname, /\/continue$/);
  assert.match(page.text, /Welcome to Northtrail/);
  assert.match(page.html, /\/brands\/northtrail\.css/);
  const arrived = await browser.submit(page, 'continue');
  assert.equal(at(arrived), 'northtrail');
  assert.equal((await world.tokens(arrived, 'northtrail')).claims.sub, sub);

  const again = await browser.open(world.door('northtrail'));
  assert.equal(at(again), 'northtrail', 'from then on without a page');
  const customer = await world.customer('both@example.com');
  assert.equal(customer.logins_count, 3);
  const visits = await visitsOf(world.base.db, customer.id);
  const names = await Promise.all(visits.map(async ({ brand }) => (await cachedBrand(world.base, brand))?.slug));
  assert.deepEqual(visits.map(({ count }, index) => [names[index], count]).sort(), [
    ['lumiere', 1],
    ['northtrail', 2],
  ]);
});

test('at the first visit to another brand one may also be somebody else', async () => {
  await signUp(world, world.browser(), 'other@example.com', password);
  const browser = world.browser();
  await signUp(world, browser, 'one@example.com', password);
  const page = await browser.open(world.door('northtrail'));
  const login = await browser.follow(page, 'Use another account');
  const arrived = await browser.submit(login, 'login', { username: 'other@example.com', password });
  assert.equal(at(arrived), 'northtrail', arrived.text);
  assert.equal((await world.tokens(arrived, 'northtrail')).claims.email, 'other@example.com');
});

test('silent sign-in does not count; with nobody signed in it says so', async () => {
  const browser = world.browser();
  assert.equal((await browser.open(world.door('lumiere', silent))).url.searchParams.get('error'), 'login_required');
  await signUp(world, browser, 'quiet@example.com', password);
  const page = await browser.open(world.door('lumiere', silent));
  assert.ok(page.url.searchParams.get('code'));
  const customer = await world.customer('quiet@example.com');
  assert.equal(customer.logins_count, 1);
  const { entries } = await timelineOf(world.base.db, customer.id, { perPage: 10 });
  assert.deepEqual(
    entries.map(({ name }) => name).filter((name) => name.startsWith('signed')),
    ['signed_in_silently', 'signed_in', 'signed_up'],
  );
});

test('who is blocked gets no further: by password, code, session, silently, by refresh', async () => {
  const browser = world.browser();
  const page = await signUp(world, browser, 'blocked@example.com', password);
  const { body } = await world.tokens(page);
  const { id } = await world.customer('blocked@example.com');
  // As the console would, without ending the sessions first: the journey itself must say no.
  await setBlocked(world.base.db, id, true, { by: 'api', origin: 'test', at: new Date() });
  const login = await signIn(world, world.browser(), 'blocked@example.com', password);
  assert.equal(login.status, 403);
  assert.match(login.text, /This account is blocked\. Please ask Lumière for help\./);
  const session = await browser.open(world.door());
  assert.match(session.url.pathname, /\/login$/, 'the session is nobody’s');
  assert.equal((await browser.open(world.door('lumiere', silent))).url.searchParams.get('error'), 'login_required');
  const refreshed = await world.token({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
  assert.equal(refreshed.status, 403);
  assert.equal(refreshed.body.error, 'invalid_grant');
  const visitor = world.browser();
  const code = await visitor.follow(await visitor.open(world.door()), 'code');
  const typed = await visitor.submit(code, 'code', { username: 'blocked@example.com' });
  const byCode = await visitor.submit(typed, 'verify', { code: (await world.mail('blocked@example.com')).code });
  assert.equal(byCode.status, 403);
  assert.match(byCode.text, /This account is blocked/);
  await setBlocked(world.base.db, id, false, { by: 'api', origin: 'test', at: new Date() });
  assert.equal(at(await signIn(world, world.browser(), 'blocked@example.com', password)), 'lumiere');
});

test('... nor by a network', async () => {
  const sofia = '108204268033311374519';
  await signInWith(world, world.browser(), 'google-oauth2', sofia);
  const { id } = await world.customer('sofia-marchetti@gmail.com');
  const act = { by: 'api', origin: 'test', at: new Date() } as const;
  await setBlocked(world.base.db, id, true, act);
  const page = await signInWith(world, world.browser(), 'google-oauth2', sofia);
  assert.equal(page.status, 403);
  assert.match(page.text, /This account is blocked\. Please ask Lumière for help\. Back to Lumière/);
  assert.equal((await world.customer('sofia-marchetti@gmail.com')).logins_count, 1);
});

test('pages and mails speak the language that is asked for, and wear the brand', async () => {
  const browser = world.browser({ 'accept-language': 'fr-CH, en;q=0.5' });
  const french = await browser.open(world.door('northtrail'));
  assert.match(french.html, /<html lang="fr">/);
  assert.match(french.text, /Connectez-vous, puis dehors/);
  const german = await browser.open(world.door('northtrail', { ui_locales: 'de en' }));
  assert.match(german.html, /<html lang="de">/);
  assert.match(german.text, /Passwort vergessen\?/);
  const signup = await browser.open(world.door('northtrail', { ui_locales: 'es', screen_hint: 'signup' }));
  await browser.submit(signup, 'signup', { username: 'diego@example.com', password });
  const mail = await world.mail('diego@example.com');
  assert.equal(mail.language, 'es');
  assert.match(mail.sender, /^Northtrail </);
});

test('what the portal asks for is done: sign-up first, a network at once, an address filled in', async () => {
  const open = (params: Record<string, string>) => world.browser().open(world.door('lumiere', params));
  assert.match((await open({ screen_hint: 'signup' })).url.pathname, /\/signup$/);
  const filled = await open({ login_hint: 'anna@example.com' });
  const form = filled.forms.find(({ action }) => action === 'login');
  assert.equal(form?.fields.username, 'anna@example.com');
  const google = await open({ connection: 'google-oauth2' });
  assert.equal(google.url.origin, world.networks.google.origin);
  const store = await open({ connection: 'Username-Password-Authentication' });
  assert.deepEqual(
    store.forms.map(({ action }) => action),
    ['login', 'passkey'],
  );
  assert.match((await open({ connection: 'no-such-connection' })).url.pathname, /\/login$/);
});

test('asked for a fresh proof, a session is not enough', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'fresh@example.com', password);
  const again = await browser.open(world.door('lumiere', { prompt: 'login' }));
  assert.match(again.url.pathname, /\/login$/);
  assert.equal(at(await browser.submit(again, 'login', { username: 'fresh@example.com', password })), 'lumiere');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 600_000 });
  try {
    assert.match((await browser.open(world.door('lumiere', { max_age: '300' }))).url.pathname, /\/login$/);
    assert.equal(at(await browser.open(world.door('lumiere', { max_age: '900' }))), 'lumiere');
  } finally {
    mock.timers.reset();
  }
});

test('the password grant signs in, counts, and refuses as the page does', async () => {
  await signUp(world, world.browser(), 'grant@example.com', password);
  await world.allow('password');
  const ask = (given: string, more: Record<string, string> = {}) =>
    world.token({ grant_type: 'password', username: 'grant@example.com', password: given, scope: 'openid', ...more });
  const { status, body, claims } = await ask(password);
  assert.equal(status, 200, JSON.stringify(body));
  const customer = await world.customer('grant@example.com');
  assert.equal(claims.sub, customer.user_id);
  assert.equal(customer.logins_count, 2);
  const wrong = await ask('not the password');
  assert.deepEqual([wrong.status, wrong.body.error], [403, 'invalid_grant']);
  assert.equal(wrong.body.error_description, 'Wrong email or password.');
  const { entries } = await timelineOf(world.base.db, customer.id, { perPage: 10 });
  assert.ok(entries.some(({ name }) => name === 'signed_in_by_password_grant'));
  const realm = 'http://auth0.com/oauth/grant-type/password-realm';
  await world.allow(realm);
  const store = { grant_type: realm, realm: 'Username-Password-Authentication' };
  assert.equal((await ask(password, store)).status, 200);
  assert.equal((await ask(password, { ...store, realm: 'no such realm' })).status, 400);
});

test('security row 18: the address of a logo adds no rule to the policy of the pages', async () => {
  const brand = await brandBySlug(world.base.db, 'lumiere');
  assert.ok(brand);
  const policyWith = async (logo_url: string) => {
    await updateBrand(world.base, brand.id, { logo_url });
    await world.base.settings.refresh();
    const browser = world.browser();
    const { url } = await browser.open(world.door('lumiere'));
    return (await browser.send(url.href)).headers.get('content-security-policy') ?? '';
  };
  assert.match(
    await policyWith('http://localhost:4100/logo.png'),
    /img-src 'self' https: data: http:\/\/localhost:4100;/,
  );
  for (const host of ['a;form-action', 'a,form-action', "a;script-src'unsafe-inline'"]) {
    const policy = await policyWith(`http://${host}/logo.png`);
    assert.match(policy, /img-src 'self' https: data:; font-src 'self'; form-action 'self'/, policy);
  }
  await updateBrand(world.base, brand.id, { logo_url: null });
});
