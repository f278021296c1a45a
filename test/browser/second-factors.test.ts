// A second factor in Chromium: an app is scanned, asked for, and lost; on a phone, on a desk, and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { portalIds } from '../../demo/umbrella/umbrella.ts';
import { multiFactorAcr } from '../../server/features/accounts/accounts.ts';
import { makeCustomer } from '../api-calls.ts';
import { codeOf } from '../authenticator-app.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { arrive, knock, type Meridian, openMeridian } from './meridian.ts';

const password = 'two steps to the door';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.manage('PATCH', `clients/${portalIds.lumiere}`, { mfa: 'always' });
});
after(() => meridian.close());

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

async function look(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    await assertAccessible(page);
  }
}

async function signIn(page: Page, email: string): Promise<void> {
  await knock(page, meridian);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
}

/** Reads the QR code on the page as a phone's camera would: from its picture. */
async function scan(page: Page, issuer = 'Lumière'): Promise<string> {
  const picture: { width: number; height: number; data: number[] } = await page.evaluate(`(() => {
    const image = document.querySelector('.qr img');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [440, 440];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 440, 440);
    const { width, height, data } = context.getImageData(0, 0, 440, 440);
    return { width, height, data: [...data] };
  })()`);
  const uri = URI.parse(decodeQR({ ...picture, data: Uint8Array.from(picture.data) }));
  assert.equal(uri.issuer, issuer);
  return uri.secret.base32;
}

test('an app is scanned, asked for at the next sign-in, and a recovery code opens the door when it is lost', async () => {
  const email = 'tara.twostep@example.com';
  const userId = await makeCustomer(meridian.manage, email, password);
  const { context, page } = await visitor(meridian.browser);
  await signIn(page, email);
  await look(page, 'One more step to protect your account');
  await press(page, 'Use an app');
  await look(page, 'Set up your app');
  const secret = await scan(page);
  await page.locator('#code').fill('000000');
  await press(page, 'Continue');
  await page.getByText('That code is not right.').waitFor();
  await look(page, 'Set up your app');
  assert.equal(await scan(page), secret, 'the same app goes on');
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await look(page, 'Keep these recovery codes');
  const codes = await page.locator('.codes code').allTextContents();
  assert.equal(codes.length, 10);
  await press(page, 'Continue');
  await page.getByText('Keep the codes first').waitFor();
  await look(page, 'Keep these recovery codes');
  await page.reload();
  assert.deepEqual(await page.locator('.codes code').allTextContents(), codes, 'a reload goes on');
  await page.getByLabel('I have kept them').check();
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);

  await context.clearCookies();
  await signIn(page, email);
  await look(page, 'Is it you?');
  await page.locator('#code').fill(codeOf(secret, 1));
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);

  await context.clearCookies();
  await signIn(page, email);
  await follow(page, 'Use a recovery code');
  await look(page, 'Is it you?');
  await page.locator('#code').fill('0000-0000-0000-0000');
  await press(page, 'Continue');
  await look(page, 'Is it you?');
  await page.locator('#code').fill(codes[0]?.toLowerCase() ?? '');
  await page.getByLabel('Do not ask again on this device').check();
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);
  await page.goto(`${meridian.places.server}/account/factors`);
  await look(page, 'Second step');
  await page.getByText('9 left').waitFor();
  await context.close();
});

test('on the account page: an app is added, named and removed', async () => {
  const email = 'arno.account@example.com';
  await makeCustomer(meridian.manage, email, password);
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian, 'northtrail');
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await arrive(page, meridian, 'northtrail');
  await page.goto(`${meridian.places.server}/account/factors`);
  await look(page, 'Second step');
  await press(page, 'Add an authenticator app');
  await look(page, 'Set up your app');
  const secret = (await page.locator('.secret code').textContent())?.replaceAll(' ', '') ?? '';
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await look(page, 'Keep these recovery codes');
  await follow(page, 'I have kept them');
  await look(page, 'Second step');
  await rename(page, 'Old phone');
  // Whoever has a second factor proves it before changing any.
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await page.locator('#code').fill(codeOf(secret, 1));
  await press(page, 'Continue');
  await rename(page, 'Old phone');
  await page.getByText('The name is saved.').waitFor();
  await press(page, 'Remove Old phone');
  await page.getByText('It is no longer asked for.').waitFor();
  await look(page, 'Second step');
  await context.close();
});

async function rename(page: Page, name: string): Promise<void> {
  await page.locator('.row-more summary').click();
  await page.getByLabel('Name of Authenticator app').fill(name);
  await assertAccessible(page);
  await press(page, 'Save the name');
}

test('a shop asks for more (`acr_values`): who is signed in passes the second factor alone', async () => {
  const email = 'stella.stepup@example.com';
  const userId = await makeCustomer(meridian.manage, email, password);
  const { context, page } = await visitor(meridian.browser);
  const enter = async (acr?: string) => knock(page, meridian, 'northtrail', acr === undefined ? {} : { acr });
  const told = async (claim: string) => page.locator(`[data-claim=${claim}]`).allTextContents();
  await enter();
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await arrive(page, meridian, 'northtrail');
  await page.goto(`${meridian.places.server}/account/factors`);
  await press(page, 'Add an authenticator app');
  const secret = await scan(page, 'Northtrail');
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await follow(page, 'I have kept them');

  await enter();
  assert.equal(await arrive(page, meridian, 'northtrail'), userId, 'the session is enough');
  assert.deepEqual([await told('amr'), await told('acr')], [['["pwd"]'], []]);
  await enter(multiFactorAcr);
  await look(page, 'Is it you?');
  assert.equal(await page.locator('#password').count(), 0, 'the password is proven already');
  await page.locator('#code').fill('000000');
  await press(page, 'Continue');
  await page.getByText('That code is not right.').waitFor();
  await page.locator('#code').fill(codeOf(secret, 1));
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian, 'northtrail'), userId);
  assert.deepEqual([await told('amr'), await told('acr')], [['["pwd","otp","mfa"]'], [multiFactorAcr]]);
  await enter(multiFactorAcr);
  await arrive(page, meridian, 'northtrail');
  assert.deepEqual(await told('acr'), [multiFactorAcr], 'and is not asked twice');
  await context.close();
});

test('without JavaScript: an app is added and asked for', async () => {
  const email = 'nora.noscript@example.com';
  const userId = await makeCustomer(meridian.manage, email, password);
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: false });
  await signIn(page, email);
  await press(page, 'Use an app');
  const secret = (await page.locator('.secret code').textContent())?.replaceAll(' ', '') ?? '';
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await page.getByLabel('I have kept them').check();
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);
  await context.clearCookies();
  await signIn(page, email);
  await page.locator('#code').fill(codeOf(secret, 1));
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);
  await context.close();
});

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
