// The account pages as a customer uses them: on a phone and on a desk, by keyboard, with axe-core, without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findByUserId, update } from '../../server/features/customers/customers.ts';
import { makeCustomer } from '../api-calls.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian } from './meridian.ts';

const email = 'gina.ground@example.com';
const password = 'my own ground is mine';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  const userId = await makeCustomer(meridian.manage, email, password);
  const customer = await findByUserId(meridian.base.db, userId);
  assert.ok(customer);
  await update(
    meridian.base.db,
    customer.id,
    {
      root: { given_name: 'Gina', birthdate: '0000-03-14', likes: ['Roses', 'Cedar wood', 'Rain'] },
      user_metadata: { favourite_scent: 'vetiver' },
      brands: { northtrail: { shoe_size: 39 } },
    },
    { source: 'umbrella', origin: 'shop', at: new Date('2026-03-03T12:00:00Z') },
  );
});
after(() => meridian.close());

const account = (path = '') => `${meridian.places.server}/account${path}`;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The page is good as it stands, on a phone and on a desk, in light and dark. */
async function look(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page);
    }
  }
}

/** Signed in at Lumière, in a browser that runs no script: the shop is not waited for, the account is gone to. */
async function signedIn(): Promise<{ page: Page; close: () => Promise<void> }> {
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: false });
  await page.goto(account());
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  return { page, close: () => context.close() };
}

/** axe needs scripts: the same pages once more, with them. */
async function signedInWithScripts() {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await arrive(page, meridian);
  return { page, close: () => context.close() };
}

test('without JavaScript: seen, corrected, deleted, “not for me”, and what was done is told', async () => {
  const { page, close } = await signedIn();
  await page.getByRole('link', { name: /^What we know/ }).click();
  const main = page.getByRole('main');
  await main.getByText('We noted it on 3 March 2026.').first().waitFor();
  await main.getByRole('link', { name: /First name/ }).click();
  await page.getByLabel('What is right').fill('Georgina');
  await press(page, 'Save');
  await page.getByRole('status').getByText('First name: saved').waitFor();
  await main.getByRole('link', { name: /First name Georgina You told us/ }).click();
  await press(page, 'Delete');
  await main.getByRole('link', { name: 'First name', exact: true }).waitFor();
  await main.getByRole('link', { name: /Birthday 14 March/ }).click();
  await page.getByLabel('Day').fill('31');
  await page.getByLabel('Month').selectOption('02');
  await press(page, 'Save');
  await page.getByRole('alert').getByText('There is no such day').waitFor();
  assert.equal(await page.getByLabel('Day').inputValue(), '31', 'what was typed stays');
  await page.getByLabel('Month').selectOption('03');
  await press(page, 'Save');
  await main.getByRole('link', { name: /Birthday 31 March You told us/ }).waitFor();
  await main.getByRole('link', { name: /Likes/ }).click();
  await press(page, 'Not for me: Cedar wood');
  await page.getByRole('status').getByText('Likes: we will not use that again').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Not for me: Cedar wood' }).count(), 0);
  await page.getByRole('link', { name: 'What we know' }).first().click();
  await main.getByText('At Northtrail').waitFor();
  await page.goto(account('/activity?kind=profile'));
  await main.getByText('You said “not for me”: Likes').waitFor();
  await close();
});

test('without JavaScript: sessions are seen and ended, one and all others', async () => {
  const others = [await signedIn(), await signedIn()];
  const { page, close } = await signedIn();
  await page.goto(account('/devices'));
  await page.getByText('this one').waitFor();
  await page
    .getByRole('button', { name: /^Sign out Chrome/ })
    .first()
    .click();
  await page.getByRole('status').getByText('is signed out').waitFor();
  await press(page, 'Sign out everywhere else');
  await page.getByText('You are signed in nowhere else.').waitFor();
  for (const other of others) {
    await other.page.goto(account());
    await other.page.locator('#password').waitFor();
    await other.close();
  }
  await close();
});

test('a first password for who came by a network', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=google-oauth2]').click();
  await beAtNetwork(page, meridian, 'google', 'Diego Romero');
  await arrive(page, meridian);
  await page.goto(account('/ways'));
  await page.getByRole('link', { name: 'Set a password' }).click();
  await look(page, 'Set a password');
  await page.locator('#password').fill('a first good password');
  await press(page, 'Save the password');
  await page.getByRole('status').getByText('Your password is saved').waitFor();
  await look(page, 'Ways in');
  await context.close();
});

test('every page: axe-core finds nothing on a phone and on a desk, light and dark', async () => {
  const { page, close } = await signedInWithScripts();
  const pages: [string, string][] = [
    ['', 'Your account'],
    ['/known', 'What we know'],
    ['/known/value?path=given_name', 'First name'],
    ['/known/value?path=birthdate', 'Birthday'],
    ['/known/value?path=likes', 'Likes'],
    ['/known/value?path=email', 'E-mail address'],
    ['/ways', 'Ways in'],
    ['/devices', 'Devices and sessions'],
    ['/activity', 'Activity'],
    ['/activity?kind=security', 'Activity'],
    ['/data', 'Your data'],
    ['/erase', 'Erase me'],
  ];
  for (const [path, heading] of pages) {
    await page.goto(account(path));
    await look(page, heading);
  }
  await close();
});

test('by keyboard alone: from the first page to a saved value, the place marked in the navigation', async () => {
  const { page, close } = await signedInWithScripts();
  await page.setViewportSize(desktop);
  await page.goto(account());
  const focused = () => page.evaluate('document.activeElement.textContent.trim()');
  for (let tabs = 0; (await focused()) !== 'What we know'; tabs += 1) {
    assert.ok(tabs < 10, 'What we know is not reached');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Your account' }).locator('[aria-current=page]').waitFor();
  await page.goto(account('/known/value?path=user_metadata.favourite_scent'));
  await page.getByLabel('What is right').focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Rain');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Favourite scent: saved').waitFor();
  await close();
});

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
