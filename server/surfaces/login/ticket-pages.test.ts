import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { createAccount, createTicket, mailUnblockLink } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const password = 'correct horse battery';

const account = (email: string) =>
  createAccount(base, base.db, {
    connection: defaultPasswordConnection,
    email,
    password: 'set by the umbrella',
    emailVerified: false,
    facts: [],
    origin: 'api',
  });

test('a forgotten password, from the page to the new one, in the clothes of the portal that asked', async () => {
  await signUp(world, world.browser(), 'anna@example.com', password, 'northtrail');
  const browser = world.browser({ 'accept-language': 'de' });
  const forgot = await browser.follow(await browser.open(world.door('northtrail')), 'Passwort vergessen?');
  const sent = await browser.submit(forgot, 'forgot', { username: 'Anna@example.com' });
  assert.match(sent.text, /Wenn es ein Konto mit anna@example\.com gibt, ist ein Link unterwegs/);
  const { link, language, sender } = await world.mail('anna@example.com');
  assert.equal(language, 'de');
  assert.match(sender, /^Northtrail </);
  assert.ok(link.startsWith(`${world.url}/u/reset-password?ticket=`), 'links are built from our own address only');
  const page = await browser.open(link);
  assert.match(page.html, /\/brands\/northtrail\.css/);
  assert.match(page.html, /autocomplete="new-password"/);
  const done = await browser.submit(page, 'reset-password', { password: 'a whole new password' });
  assert.match(done.text, /Ihr neues Passwort ist gespeichert/);
  assert.ok(done.links.some(({ href }) => href === 'http://northtrail.example/'));
  const arrived = await signIn(world, browser, 'anna@example.com', 'a whole new password', 'northtrail');
  assert.equal(arrived.url.origin, 'http://northtrail.example', arrived.text);
});

test('a link that is no longer good wears the clothes that this browser last saw, else those of the first brand', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'last-look@example.com', password, 'northtrail');
  for (const page of ['reset-password', 'not-me', 'confirm-consent', 'unsubscribe']) {
    const shown = await browser.open(`${world.url}/u/${page}?ticket=long-gone`);
    assert.match(shown.html, /\/brands\/northtrail\.css/, page);
    assert.ok(
      shown.links.some(({ href }) => href === 'http://northtrail.example/'),
      page,
    );
    assert.match((await world.browser().open(shown.url)).html, /\/brands\/lumiere\.css/, page);
  }
  const devices = (await browser.open(`${world.url}/u/not-me?ticket=long-gone`)).links;
  assert.ok(devices.some(({ href }) => href === '/account/devices'));
});

test('a verification link asks for one click; the password that was not proven is chosen anew', async () => {
  const { subject } = await account('imported@example.com');
  const { url } = await createTicket(base, base.db, { purpose: 'verify_email', subject });
  const browser = world.browser();
  const page = await browser.open(url);
  assert.match(page.text, /Is imported@example\.com yours\?/);
  assert.equal((await world.customer('imported@example.com')).email_verified, false, 'looking changes nothing');
  const reset = await browser.submit(page, 'email-verification');
  assert.equal(reset.url.pathname, '/u/reset-password');
  assert.equal((await world.customer('imported@example.com')).email_verified, true);
  assert.equal((await signIn(world, world.browser(), 'imported@example.com', 'set by the umbrella')).status, 403);
  const done = await browser.submit(reset, 'reset-password', { password: 'chosen by the owner' });
  assert.match(done.text, /Your new password is saved/);
});

test('an umbrella’s own page of the result is gone to, and the form may lead there', async () => {
  const { subject } = await account('resulting@example.com');
  const resultUrl = 'http://lumiere.example/welcome?from=mail';
  const ticket = { purpose: 'reset_password', subject, resultUrl, portal: 'lumiere-shop' } as const;
  const { url } = await createTicket(base, base.db, ticket);
  const browser = world.browser();
  const page = await browser.open(url);
  assert.match(page.headers.get('content-security-policy') ?? '', /form-action 'self' http:\/\/lumiere\.example;/);
  const done = await browser.submit(page, 'reset-password', { password: 'chosen by the owner' });
  assert.equal(done.url.href, 'http://lumiere.example/welcome?from=mail&success=true');
});

test('a link’s form from another site is refused', async () => {
  const { subject } = await account('foreign@example.com');
  const { ticket, url } = await createTicket(base, base.db, { purpose: 'reset_password', subject });
  const body = new URLSearchParams({ ticket, password: 'chosen by nobody' });
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }]) {
    const answer = await fetch(url.split('?')[0] ?? '', { method: 'POST', body, headers });
    assert.equal(answer.status, 403);
  }
});

test('a device is connected by its code', async () => {
  await world.allow('urn:ietf:params:oauth:grant-type:device_code');
  const client = await world.machine('/oauth/device/code', { scope: 'openid email' });
  const browser = world.browser();
  const wrong = await browser.open(`${world.url}/activate`);
  assert.match(wrong.text, /Connect a device/);
  const again = await browser.submit(wrong, 'activate', { user_code: 'BBBB-BBBB' });
  assert.match(again.text, /That code is not right or too old/);
  const confirm = await browser.submit(again, 'activate', { user_code: String(client.user_code) });
  assert.match(confirm.text, /Is this your device\?/);
  await signUp(world, world.browser(), 'device@example.com', password);
  const login = await browser.submit(confirm, 'activate', {}, 'Yes, connect it');
  assert.match(login.url.pathname, /\/login$/);
  const done = await browser.submit(login, 'login', { username: 'device@example.com', password });
  assert.match(done.text, /Your device is connected/);
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const { status, claims } = await world.token({ grant_type, device_code: String(client.device_code) });
  assert.equal(status, 200);
  assert.equal(claims.email, 'device@example.com');
});

test('the link that unlocks the second step speaks of that step', async () => {
  const email = 'step-locked@example.com';
  await signUp(world, world.browser(), email, password);
  const { id } = await world.customer(email);
  const { id: brand } = await defaultBrand(base);
  await mailUnblockLink(base, { customer: id, brand, language: 'en', ip: '10.1.1.1', step: 'factor' });
  const browser = world.browser();
  const page = await browser.open((await world.mail(email, 'unlock_factor')).link);
  assert.match(page.text, /Unlock the second step/);
  assert.match(page.text, /too many wrong codes/);
  const done = await browser.submit(page, 'unblock');
  assert.match(done.text, /The second step is unlocked/);
  assert.match(done.text, /somebody knows your password/);
});
