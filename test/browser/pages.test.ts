// Every page: axe-core finds nothing at 390 and 1280 pixels, and nothing scrolls sideways.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { createTicket } from '../../server/features/accounts/accounts.ts';
import { createConnection, setEnabledClients } from '../../server/features/connections/connections.ts';
import { findByUserId, identitiesOf } from '../../server/features/customers/customers.ts';
import { makeCustomer, readJson } from '../api-calls.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { carryTexts, startTextProvider } from '../text-provider.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian, readCode, readLink } from './meridian.ts';

// So long an address is one word, wider than a phone.
const email = 'paula-philippina.page-von-der-langen-gasse@example.com';
const password = 'every page is looked at';
let meridian: Meridian;
let userId: string;
before(async () => {
  meridian = await openMeridian();
  userId = await makeCustomer(meridian.manage, email, password);
});
after(() => meridian.close());

/** The page is good as it stands, on a phone and on a desk; `heading` tells that it is the one that was meant. */
async function look(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    await assertAccessible(page);
  }
}

async function visit(act: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const { context, page } = await visitor(meridian.browser);
  await act(page, context);
  await context.close();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

async function signIn(page: Page, shop: 'lumiere' | 'northtrail' = 'lumiere'): Promise<void> {
  await knock(page, meridian, shop);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await arrive(page, meridian, shop);
}

test('sign in and sign up', () =>
  visit(async (page, context) => {
    await knock(page, meridian);
    await look(page, 'Welcome to Lumière');
    await page.locator('#username').fill(email);
    await page.locator('#password').fill('wrong');
    await press(page, 'Continue');
    await page.getByRole('alert').waitFor();
    await look(page, 'Welcome to Lumière');
    await follow(page, 'Create an account');
    await look(page, 'Become a Lumière regular');
    await page.locator('#username').fill('not an address');
    await page.locator('#password').fill('short');
    await press(page, 'Continue');
    await look(page, 'Become a Lumière regular');
    await page.locator('#username').fill('peter-philippus.page-von-der-langen-gasse@example.com');
    await page.locator('#password').fill(password);
    await press(page, 'Continue');
    await look(page, 'Check your mail');
    await press(page, 'Send another code');
    await look(page, 'Check your mail');
    await page.locator('#code').fill('000000');
    await press(page, 'Continue');
    await page.getByRole('alert').waitFor();
    await look(page, 'Check your mail');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await arrive(page, meridian);
    await look(page, 'Skincare that knows your skin');
  }));

test('codes, links and a new password', () =>
  visit(async (page, context) => {
    await knock(page, meridian, 'northtrail');
    await look(page, 'Sign in, then go outside');
    await follow(page, 'E-mail me a code instead');
    await look(page, 'Sign in with a code');
    await follow(page, 'Sign in with a password instead');
    await follow(page, 'Forgot your password?');
    await look(page, 'A new password');
    await page.locator('#username').fill(email);
    await press(page, 'Send the link');
    await look(page, 'Check your mail');
    const link = await readLink(context, meridian);
    await page.goto(link);
    await look(page, 'Choose a new password');
    await page.locator('#password').fill('short');
    await press(page, 'Save the password');
    await page.getByRole('alert').waitFor();
    await look(page, 'Choose a new password');
    await page.locator('#password').fill(password);
    await press(page, 'Save the password');
    await look(page, 'Your new password is saved');
    await page.goto(link);
    await look(page, 'This link is no longer good');
  }));

test('a code by text message', () =>
  visit(async (page) => {
    const { base } = meridian;
    await using cleanUp = new AsyncDisposableStack();
    const fake = await startTextProvider();
    cleanUp.defer(() => fake.close());
    await carryTexts(base, fake);
    const { id } = await createConnection(base, { name: 'sms', strategy: 'sms' });
    await setEnabledClients(base, id, [{ client_id: 'lumiere-shop', status: true }]);
    await base.settings.refresh();
    await knock(page, meridian);
    await look(page, 'Welcome to Lumière');
    await follow(page, 'Send me a code by text message');
    await look(page, 'Sign in by text message');
    await page.locator('#phone').fill('0151');
    await press(page, 'Send the code');
    await page.getByText('This does not look like a phone number').waitFor();
    await look(page, 'Sign in by text message');
    await page.locator('#phone').fill('+1 415 555 0188');
    await press(page, 'Send the code');
    await look(page, 'Check your phone');
    while (fake.received.length === 0) await page.waitForTimeout(20);
    const { text }: { text: string } = JSON.parse(fake.received[0]?.body ?? '{}');
    await page.locator('#code').fill(/\d{6}/.exec(text)?.[0] ?? '');
    await press(page, 'Continue');
    await arrive(page, meridian);
    await carryTexts(base, undefined);
  }));

test('confirm an address, unlock', () =>
  visit(async (page, context) => {
    const { base } = meridian;
    const customer = await findByUserId(base.db, userId);
    assert.ok(customer);
    const [identity] = await identitiesOf(base.db, customer.id);
    const ticket = { purpose: 'verify_email', subject: identity?.subject ?? '', portal: 'lumiere-shop' } as const;
    await page.goto((await createTicket(base, base.db, ticket)).url);
    await look(page, 'Confirm your address');
    await press(page, 'Confirm');
    await look(page, 'Your address is confirmed');

    await knock(page, meridian);
    for (let tries = 0; tries < 11; tries += 1) {
      await page.locator('#username').fill(email);
      await page.locator('#password').fill(`guess ${tries}`);
      await press(page, 'Continue');
    }
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Too many attempts/);
    await look(page, 'Welcome to Lumière');
    await page.goto(await readLink(context, meridian));
    await look(page, 'Unlock signing in');
    await press(page, 'Unlock');
    await look(page, 'You can sign in again');
  }));

test('networks: what is asked, on the way, theirs, and a conflict', () =>
  visit(async (page) => {
    await knock(page, meridian);
    await page.locator('button[value=facebook]').click();
    await look(page, 'Sign in with Facebook');
    const { google } = meridian.places.networks;
    await page.goBack();
    // A network that gives the browser nothing to show leaves it where it is: on our page in between.
    await page.route(`${google}/**`, (route) => route.fulfill({ status: 204 }));
    await page.locator('button[value=google-oauth2]').click();
    await look(page, 'On to Google …');
    await page.unroute(`${google}/**`);
    await page.getByRole('link', { name: 'Continue' }).click();
    await look(page, 'Choose who you are');
    await page.getByRole('button', { name: 'Sofia Marchetti' }).click();
    await look(page, 'Meridian asks for your data');
    await page.locator('#agree').click();
    await arrive(page, meridian);
    await page.locator('#sign-out').click();
    await page.locator('#sign-in').click();
    await page.locator('button[value=facebook]').click();
    await press(page, 'Continue without');
    await beAtNetwork(page, meridian, 'facebook', 'Sofia Marchetti');
    await look(page, 'Do you have an account here already?');
    await press(page, 'Send the code');
    await look(page, 'Check your mail');
  }));

test('several profiles of one address; another brand', () =>
  visit(async (page, context) => {
    const { manage } = meridian;
    await manage('POST', 'connections', { name: 'Old-Shop', strategy: 'auth0' });
    await manage('POST', 'users', { connection: 'Old-Shop', email, password, email_verified: true });
    await knock(page, meridian);
    await follow(page, 'E-mail me a code instead');
    await page.locator('#username').fill(email);
    await press(page, 'Send the code');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await look(page, 'Which account is it?');
    await page.locator('button[name=profile]').first().click();
    await arrive(page, meridian);
    await knock(page, meridian, 'northtrail');
    await look(page, 'Welcome to Northtrail');
  }));

test('the account', () =>
  visit(async (page, context) => {
    await signIn(page, 'northtrail');
    await follow(page, 'Your account');
    await look(page, 'Your account');
    await page.goto(`${meridian.places.server}/account/password`);
    await look(page, 'Change your password');
    await page.goto(`${meridian.places.server}/account/email`);
    await look(page, /^A new e.mail address$/);
    await page.locator('#username').fill('paula-philippina.new-von-der-langen-gasse@example.com');
    await page.getByRole('button').click();
    await look(page, 'Check your mail');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await look(page, 'Ways in');
    await page.getByText('paula-philippina.new-von-der-langen-gasse@example.com').first().waitFor();
    // Somebody else's account at Facebook: joining is asked for.
    const other = await visitor(meridian.browser);
    await knock(other.page, meridian);
    await other.page.locator('button[value=facebook]').click();
    await press(other.page, 'Continue without');
    await beAtNetwork(other.page, meridian, 'facebook', 'Mia Johansson');
    await arrive(other.page, meridian);
    await other.context.close();
    await page.getByRole('button', { name: 'Add Facebook' }).click();
    await beAtNetwork(page, meridian, 'facebook', 'Mia Johansson', true);
    await look(page, 'Facebook belongs to another account');
    await page.goto(`${meridian.places.server}/account`);
    await page.getByRole('button', { name: /Sign out/ }).click();
    await look(page, 'You are signed out');
  }));

test('devices and signing out', () =>
  visit(async (page) => {
    const { manage, places } = meridian;
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    const tv = await manage('POST', 'clients', { name: 'Meridian TV', app_type: 'native', grant_types: [grant] });
    const client_id = String(tv.client_id);
    const { items } = await manage('GET', 'connections?name=twitter');
    const [x] = Array.isArray(items) ? items : [];
    await manage('PATCH', `connections/${x.id}/clients`, [{ client_id, status: true }]);
    const body = new URLSearchParams({ client_id, scope: 'openid' });
    const asked = await readJson(await fetch(`${places.server}/oauth/device/code`, { method: 'POST', body }));
    await page.goto(`${places.server}/activate`);
    await look(page, 'Connect a device');
    await page.locator('#user_code').fill('BBBB-BBBB');
    await press(page, 'Continue');
    await page.getByRole('alert').waitFor();
    await look(page, 'Connect a device');
    await page.locator('#user_code').fill(String(asked.user_code));
    await press(page, 'Continue');
    await look(page, 'Is this your device?');
    await press(page, 'Yes, connect it');
    await look(page, 'Welcome to Lumière');
    await page.locator('button[value=twitter]').click();
    await beAtNetwork(page, meridian, 'x', 'Noah Okafor');
    await look(page, 'Your device is connected');
    await page.goto(`${places.server}/oidc/logout`);
    await look(page, 'Sign out?');
    await press(page, 'Yes, sign me out');
    await look(page, /signed out/i);
  }));

test('what cannot be done, and the pages around', () =>
  visit(async (page) => {
    const { server, shops, outbox, networks } = meridian.places;
    await page.goto(`${server}/u/nothing/login`);
    await look(page, 'That did not work');
    await page.goto(`${server}/authorize?client_id=nobody&response_type=code`);
    await look(page, 'That did not work');
    const elsewhere = encodeURIComponent('https://elsewhere.example/');
    await page.goto(`${server}/authorize?client_id=lumiere-shop&response_type=code&redirect_uri=${elsewhere}`);
    await look(page, 'That did not work');
    await page.goto(server);
    await look(page, 'Regulars');
    for (const shop of Object.values(shops)) {
      await page.goto(shop);
      await look(page, /that knows your skin|the long way round/);
      await page.goto(`${shop}/privacy`);
      await look(page, 'Privacy');
    }
    await page.goto(outbox);
    await look(page, /Mail outbox/);
    await page.goto(networks.apple);
    await look(page, 'Nobody is signed in');
  }));

test('the reference of the Management API', () =>
  visit(async (page) => {
    await page.goto(`${meridian.places.server}/api/docs`);
    await page.setViewportSize(desktop);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await contents.locator('summary', { hasText: /^brands/ }).press('Enter');
    await contents.getByRole('link', { name: 'PATCH /brands/{id}' }).click();
    await page.waitForURL(/#patch-brands-id$/);
    const target = "document.querySelector(':target')";
    assert.equal(await page.evaluate(`${target}.textContent`), 'PATCH /brands/{id}');
    assert.equal(await page.evaluate(`Math.abs(${target}.getBoundingClientRect().top) < innerHeight`), true);
    for (const { width } of [desktop, phone]) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, 'nothing scrolls sideways');
    }
    // It is long, and all alike: axe-core reads some operations and shapes of it, with everything unfolded.
    await page.evaluate(`
      for (const section of document.querySelectorAll('section:not(:has(#users, #shapes, #calling))')) section.remove();
      for (const article of document.querySelectorAll('article:nth-of-type(n + 9)')) article.remove();
      for (const list of document.querySelectorAll('nav li li:nth-child(n + 4)')) list.remove();
      for (const one of document.querySelectorAll('details')) one.open = true;
    `);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await look(page, 'Management API');
    }
  }));

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
