import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { languages } from '../../server/base/languages.ts';
import { waysIn } from '../../server/features/accounts/accounts.ts';
import { findByUserId } from '../../server/features/customers/customers.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { addAuthenticator } from '../virtual-authenticator.ts';
import { arrive, knock, type Meridian, openMeridian, readCode } from './meridian.ts';

let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
});
after(() => meridian.close());

test('a new customer on a phone signs up with a passkey, and comes in by autofill the next time', async () => {
  const { context, page } = await visitor(meridian.browser, { viewport: phone });
  const device = await addAuthenticator(page);
  await device.approves(false);
  await knock(page, meridian);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill('noor.haddad@example.com');
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Sign up with a passkey instead' }).click();
  await typeCode(context, page);
  await page.getByRole('heading', { name: 'Create a passkey' }).waitFor();
  await assertAccessible(page);
  await device.approves(true);
  await page.getByRole('button', { name: 'Create a passkey' }).click();
  const userId = await arrive(page, meridian);
  assert.deepEqual(await kindsOf(userId), ['passkey', 'code']);

  await device.approves(false);
  await context.clearCookies();
  await knock(page, meridian);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  assert.match((await page.locator('#username').getAttribute('autocomplete')) ?? '', /^username webauthn$/);
  await assertAccessible(page);
  // Chosen in the list that the browser shows below the field: no click, no key on the page.
  await device.approves(true);
  await page.reload();
  assert.equal(await arrive(page, meridian), userId);
  await context.close();
});

test('by the button; stopped, it says so and the page goes on; the password still works', async () => {
  const { context, page } = await visitor(meridian.browser);
  const device = await addAuthenticator(page);
  const email = 'piet.devries@example.com';
  const userId = await signUp(context, page, email);
  await addPasskey(page, 'My laptop');
  await device.approves(false);
  await context.clearCookies();
  await knock(page, meridian);
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await button.waitFor();
  await device.holderIs(false);
  await device.approves(true);
  await button.click();
  await page.getByRole('alert').getByText('That was stopped.').waitFor();
  await assertAccessible(page);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('rain on the tent');
  await device.approves(false);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  assert.equal(await arrive(page, meridian), userId);

  // By the button alone: the list below the field would be quicker, where its script comes late.
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
  await context.clearCookies();
  await knock(page, meridian);
  await device.holderIs(true);
  await button.waitFor();
  await device.approves(true);
  await button.click();
  assert.equal(await arrive(page, meridian), userId);
  await context.close();
});

test('on the account page: a second one is added, named and removed; the same device makes no second', async () => {
  const { context, page } = await visitor(meridian.browser, { viewport: desktop });
  const device = await addAuthenticator(page);
  await signUp(context, page, 'yuki.sato@example.com');
  await page.goto(`${meridian.places.server}/account/passkeys`);
  await page.getByText('You have no passkey yet.').waitFor();
  await assertAccessible(page);
  await addPasskey(page, '');
  await page.goto(`${meridian.places.server}/account/passkey`);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByRole('alert').getByText('This device has a passkey for your account already.').waitFor();

  await device.remove();
  await addAuthenticator(page);
  await addPasskey(page, 'Grandma’s tablet');
  assert.equal(await page.locator('.row').count(), 2);
  await assertAccessible(page);
  const second = page.locator('.row', { hasText: 'Grandma’s tablet' });
  await second.getByText('Rename').click();
  await assertAccessible(page);
  await second.getByLabel('Name', { exact: true }).fill('Kitchen tablet');
  await second.getByRole('button', { name: 'Save the name' }).click();
  await page.getByText('The passkey is now called “Kitchen tablet”.').waitFor();
  await page.getByRole('button', { name: 'Remove Kitchen tablet' }).click();
  await page.getByText('The passkey “Kitchen tablet” no longer opens your account.').waitFor();
  assert.equal(await page.locator('.row').count(), 1);
  await page.goto(`${meridian.places.server}/account/ways`);
  await page.getByRole('link', { name: 'Manage passkeys' }).click();
  await page.getByRole('heading', { name: 'Your passkeys' }).waitFor();
  await context.close();
});

test('without JavaScript, or without passkeys, the pages are as before', async () => {
  const bare = await visitor(meridian.browser, { javaScriptEnabled: false });
  await knock(bare.page, meridian);
  assert.equal(await bare.page.getByRole('button', { name: 'passkey' }).count(), 0);
  await bare.page.getByRole('link', { name: 'Create an account' }).click();
  assert.equal(await bare.page.getByRole('button', { name: 'passkey' }).count(), 0);
  await bare.context.close();

  const { context, page } = await visitor(meridian.browser);
  await context.addInitScript('delete window.PublicKeyCredential');
  await signUp(context, page, 'old.browser@example.com');
  await page.goto(`${meridian.places.server}/account/passkey`);
  await page.getByText('This browser cannot make passkeys.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create the passkey' }).count(), 0);
  await assertAccessible(page);
  await context.close();
});

for (const locale of languages) {
  test(`the pages about passkeys speak ${locale}, and fit a phone`, async () => {
    const { context, page } = await visitor(meridian.browser, { viewport: phone, locale });
    const device = await addAuthenticator(page);
    await device.approves(false);
    await knock(page, meridian);
    await page.locator('form[action=passkey]').waitFor();
    await page.locator('a[href=signup]').click();
    await page.locator('#username').fill(`passkey.${locale}@example.com`);
    await page.locator('button[value=passkey]').click();
    await typeCode(context, page);
    await page.locator('form[action=first-passkey] button').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), locale);
    await assertAccessible(page);
    await device.approves(true);
    await page.locator('form[action=first-passkey] button').click();
    await arrive(page, meridian);
    await page.goto(`${meridian.places.server}/account/passkeys`);
    await page.locator('.row').waitFor();
    await assertAccessible(page);
    await context.close();
  });
}

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});

async function kindsOf(userId: string): Promise<string[]> {
  const customer = await findByUserId(meridian.base.db, userId);
  return customer ? (await waysIn(meridian.base.db, customer.id)).map(({ kind }) => kind) : [];
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto(`${meridian.places.server}/account/passkey`);
  await page.locator('#name').fill(name);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByText(`From now on the passkey “${name || 'Passkey'}” opens your account.`).waitFor();
}

async function typeCode(context: BrowserContext, page: Page): Promise<void> {
  await page.locator('#code').waitFor();
  await page.locator('#code').fill(await readCode(context, meridian));
  await page.locator('form[action=verify] .button').click();
}

async function signUp(context: BrowserContext, page: Page, email: string): Promise<string> {
  await knock(page, meridian);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('rain on the tent');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await typeCode(context, page);
  return arrive(page, meridian);
}
