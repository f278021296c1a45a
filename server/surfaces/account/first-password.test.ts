import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { createAccount, removePassword, waysIn } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import {
  connectionByName,
  defaultPasswordConnection,
  updateConnection,
} from '../../features/connections/connections.ts';

const world = await openWorld();
after(() => world.close());
const { google, facebook } = world.networks;
const ways = `${world.url}/account/ways`;
const form = `${world.url}/account/password`;
const password = 'correct horse battery';
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

let number = 0;
async function byGoogle(email: string): Promise<{ browser: Browser; customer: string }> {
  number += 1;
  const id = `31000000000000${String(number).padStart(4, '0')}`;
  google.people.add({ id, name: 'Some Body', givenName: 'Some', familyName: 'Body', email });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', id);
  return { browser, customer: (await world.customer(email)).id };
}
const passwordsOf = async (customer: string) =>
  (await waysIn(world.base.db, customer)).filter(({ kind }) => kind === 'password').length;

test('who came by a network sets a password, is told, and signs in with it as the same customer', async () => {
  const email = 'first-password@gmail.com';
  const { browser, customer } = await byGoogle(email);
  const page = await browser.open(ways);
  assert.match(page.text, /Password None yet Set a password/);
  assert.match(page.text, /Google first-password@gmail\.com Last used on \d/);
  const first = await browser.follow(page, 'Set a password');
  assert.match(first.text, /With it and first-password@gmail\.com you can sign in, too/);
  assert.match((await browser.submit(first, 'password', { password: 'short' })).text, /Choose a longer password/);
  const done = await browser.submit(first, 'password', { password });
  assert.match(done.text, /Your password is saved\. From now on it opens your account, too/);
  assert.equal((await world.mail(email, 'password_added')).language, 'en');
  const other = world.browser();
  const { claims } = await world.tokens(await signIn(world, other, email, password));
  assert.equal(claims.sub, (await world.customer(email)).user_id);
  assert.equal((await world.customer(email)).id, customer);
  assert.equal(claims.email_verified, true);
});

test('who has an account without a password sets it there', async () => {
  const email = 'code-only@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const { id } = await world.customer(email);
  const method = (await waysIn(world.base.db, id)).find((way) => way.kind === 'password')?.id ?? '';
  const asked = { brand: await defaultBrand(world.base), language: 'en', ip: '10.1.1.1' } as const;
  await removePassword(world.base, { customer: id, method, asked });
  const done = await browser.submit(await browser.open(form), 'password', { password: 'another good password' });
  assert.match(done.text, /Your password is saved/);
  assert.ok(atShop(await signIn(world, world.browser(), email, 'another good password')));
});

test('the first one obeys the policy of the connection as every later one does', async () => {
  const store = await connectionByName(world.base, defaultPasswordConnection);
  await updateConnection(world.base, store?.id ?? '', { options: { passwordPolicy: 'good' } });
  await world.base.settings.refresh();
  try {
    const { browser, customer } = await byGoogle('lazy@gmail.com');
    const refused = await browser.submit(await browser.open(form), 'password', { password: 'abcdefghij' });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /Take words that do not belong together/);
    assert.equal(await passwordsOf(customer), 0);
  } finally {
    await updateConnection(world.base, store?.id ?? '', { options: { passwordPolicy: 'none' } });
    await world.base.settings.refresh();
  }
});

test('a password that is there is never replaced without it, whatever is sent', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'skips@example.com', password);
  const token = (await browser.open(form)).forms[0]?.fields.token ?? '';
  const body = new URLSearchParams({ token, first: 'yes', password: 'stolen good password' });
  const answer = await browser.send(form, { method: 'POST', body, headers: { origin: world.url } });
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /changed in another window/);
  assert.ok(atShop(await signIn(world, world.browser(), 'skips@example.com', password)));
});

test('two tabs, or five times at once: one password is set', async () => {
  const { browser, customer } = await byGoogle('twenty@gmail.com');
  const first = await browser.open(form);
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, index) => browser.submit(first, 'password', { password: `good password ${index}` })),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409]);
  assert.equal(await passwordsOf(customer), 1);
});

test('security row 1: no password for an address that is not proven, nor for one that another account has', async () => {
  facebook.people.add({
    id: '32000000001',
    name: 'Un Proven',
    givenName: 'Un',
    familyName: 'Proven',
    email: 'unproven@example.com',
  });
  const unproven = world.browser();
  await signInWith(world, unproven, 'facebook', '32000000001', { likes: 'no' });
  assert.doesNotMatch((await unproven.open(ways)).text, /Set a password/);
  assert.equal((await unproven.open(form)).url.href, ways);

  const email = 'claimed@gmail.com';
  const { browser, customer } = await byGoogle(email);
  const store = await world.base.db.selectFrom('connections').select('name').where('strategy', '=', 'auth0').execute();
  const connection = store[0]?.name ?? '';
  await createAccount(world.base, world.base.db, {
    connection,
    email,
    password,
    emailVerified: false,
    facts: [],
    origin: 'importer',
  });
  const taken = await browser.submit(await browser.open(form), 'password', { password });
  assert.equal(taken.status, 409);
  assert.equal(await passwordsOf(customer), 0);
});

test('security row 6: the form needs this session’s token, our origin and a fresh proof', async () => {
  const { browser, customer } = await byGoogle('row-six@gmail.com');
  const other = await byGoogle('row-six-too@gmail.com');
  const token = (await browser.open(form)).forms[0]?.fields.token ?? '';
  const foreign = (await other.browser.open(form)).forms[0]?.fields.token ?? '';
  const send = (given: string, origin = world.url) => {
    const body = new URLSearchParams({ token: given, first: 'yes', password });
    return browser.send(form, { method: 'POST', body, headers: { origin } });
  };
  assert.equal((await send(token, 'https://evil.example')).status, 403);
  assert.equal((await send(foreign)).status, 403);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  try {
    assert.match((await send(token)).headers.get('location') ?? '', /prompt=login/);
  } finally {
    mock.timers.reset();
  }
  assert.equal(await passwordsOf(customer), 0);
});

test('a password is removed where another way in is left; sessions stay, the address is told', async () => {
  const email = 'without-password@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const { id } = await world.customer(email);
  const done = await browser.submit(await browser.open(ways), 'password-remove');
  assert.match(done.text, /Your password is removed\. It no longer opens your account\./);
  assert.equal(await passwordsOf(id), 0);
  assert.equal((await world.mail(email)).kind, 'password_removed');
  assert.equal((await signIn(world, world.browser(), email, password)).status, 403);
  assert.equal((await browser.open(ways)).url.href, ways, 'still signed in');
});

test('the last way in cannot be removed, whatever is sent', async () => {
  const { customer } = await createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    username: 'only_password',
    password,
    emailVerified: false,
    facts: [],
    origin: 'api',
  });
  const browser = world.browser();
  await signIn(world, browser, 'only_password', password);
  const page = await browser.open(ways);
  assert.equal(page.forms.filter(({ action }) => action.endsWith('password-remove')).length, 0);
  const { token = '' } = page.forms[0]?.fields ?? {};
  const url = `${world.url}/account/password-remove`;
  const body = new URLSearchParams({ token });
  const refused = await browser.send(url, { method: 'POST', body, headers: { origin: world.url } });
  assert.match(await refused.text(), /only way into your account/);
  assert.equal(await passwordsOf(customer.id), 1);
});
