import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { makeCustomer } from '../api-calls.ts';
import { codeOf, secretOn } from '../authenticator-app.ts';
import { assertAccessible, phone, tabTo, visitor } from '../browser.ts';
import { addAuthenticator } from '../virtual-authenticator.ts';
import { arrive, beAtNetwork, countInput, knock, type Meridian, openMeridian, readCode, toFacts } from './meridian.ts';

let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
});
after(() => meridian.close());

async function leave(page: Page): Promise<void> {
  await page.locator('#sign-out').click();
  await page.locator('#sign-in').waitFor();
}

async function userOf(userId: string): Promise<Record<string, unknown>> {
  return meridian.manage('GET', `users/${encodeURIComponent(userId)}`);
}

/** How many liked pages the profile holds. */
async function likesOf(userId: string): Promise<number | undefined> {
  const facts = toFacts((await meridian.manage('GET', `users/${encodeURIComponent(userId)}/facts`)).items);
  const value = facts.find((fact) => fact.path === 'likes' && fact.wins)?.value;
  return Array.isArray(value) ? value.length : undefined;
}

test('the same person by another network: asked, proven by the first one, and it is one profile', async () => {
  const { context, page } = await visitor(meridian.browser);
  const input = await countInput(context, meridian);
  await knock(page, meridian);
  await page.locator('button[value=google-oauth2]').click();
  await beAtNetwork(page, meridian, 'google', 'Sofia Marchetti');
  const userId = await arrive(page, meridian);
  await leave(page);

  await knock(page, meridian, 'northtrail');
  await page.locator('button[value=facebook]').click();
  await page.getByRole('button', { name: 'Yes, read my likes' }).click();
  await beAtNetwork(page, meridian, 'facebook', 'Sofia Marchetti');
  await page.getByRole('heading', { name: 'Do you have an account here already?' }).waitFor();
  Object.assign(input, { clicks: 0, keys: 0 });
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  assert.equal(await arrive(page, meridian, 'northtrail'), userId);
  assert.deepEqual(input, { clicks: 1, keys: 0 }, 'still signed in at Google');

  assert.match((await page.locator('[data-fact=likes]').textContent()) ?? '', /and 48 more.*told by Facebook/);
  assert.equal(await likesOf(userId), 60);

  // From now on either opens it.
  await leave(page);
  await knock(page, meridian);
  await page.locator('button[value=facebook]').click();
  await Promise.race([
    page.getByRole('button', { name: 'Yes, read my likes' }).click(),
    page.locator('#sign-out').waitFor(),
  ]);
  assert.equal(await arrive(page, meridian), userId);
  await context.close();

  const user = await userOf(userId);
  assert.partialDeepStrictEqual(user, {
    birthdate: '1991-04-18',
    email_verified: true,
    identities: [{ connection: 'google-oauth2' }, { connection: 'facebook' }],
  });
  const facts = toFacts((await meridian.manage('GET', `users/${encodeURIComponent(userId)}/facts`)).items);
  const tellers = facts.filter((fact) => fact.path === 'birthdate').map((fact) => fact.origin);
  assert.deepEqual(tellers.sort(), ['facebook', 'google-oauth2']);
});

test('likes go with a later no', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=facebook]').click();
  await page.getByRole('button', { name: 'Continue without' }).click();
  await beAtNetwork(page, meridian, 'facebook', 'Sofia Marchetti', true);
  const userId = await arrive(page, meridian);
  assert.equal(await likesOf(userId), 0);
  await context.close();
});

test('an account by a network, then another that only claims its address: a mailed code joins them', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=google-oauth2]').click();
  await beAtNetwork(page, meridian, 'google', 'Jonas Weber');
  const userId = await arrive(page, meridian);
  await leave(page);
  await knock(page, meridian);
  await page.locator('button[value=twitter]').click();
  await beAtNetwork(page, meridian, 'x', 'Jonas Weber');
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.locator('#code').fill(await readCode(context, meridian));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  assert.equal(await arrive(page, meridian), userId);
  await context.close();
  assert.partialDeepStrictEqual(await userOf(userId), {
    identities: [{ connection: 'google-oauth2' }, { connection: 'twitter' }],
  });
});

test('or they stay apart: two profiles, and each opens its own', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=github]').click();
  await beAtNetwork(page, meridian, 'github', 'Jonas Weber');
  await page.getByRole('button', { name: 'Go on without joining' }).click();
  const apart = await arrive(page, meridian);
  assert.match(apart, /^github\|/);
  await leave(page);
  await knock(page, meridian);
  await page.locator('button[value=github]').click();
  assert.equal(await arrive(page, meridian), apart);
  await context.close();
  const { items } = await meridian.manage('GET', 'users-by-email?email=jonas@aurora-studio.example');
  assert.equal(Array.isArray(items) && items.length, 2);
});

test('a network is added on the account page, and taken away again', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('button[value=apple]').click();
  await beAtNetwork(page, meridian, 'apple', 'Kenji Tanaka');
  const userId = await arrive(page, meridian);
  await page.getByRole('link', { name: 'Your account' }).click();
  await page
    .getByRole('link', { name: /^Ways in/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Add GitHub' }).click();
  await beAtNetwork(page, meridian, 'github', 'Kenji Tanaka');
  await page.getByRole('button', { name: 'Remove GitHub' }).waitFor();
  const both = await userOf(userId);
  assert.partialDeepStrictEqual(both, { identities: [{ connection: 'apple' }, { connection: 'github' }] });
  await page.getByRole('button', { name: 'Remove GitHub' }).click();
  await page.getByRole('button', { name: 'Add GitHub' }).waitFor();
  const { identities } = await userOf(userId);
  assert.equal(Array.isArray(identities) && identities.length, 1);
  await context.close();
});

/** Where the focus is, Enter. */
async function pressAt(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

async function typeAt(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

const own = 'what was mine before';

test('by keyboard alone, on a phone: from the network to the question, the password, and into the shop', async () => {
  const email = 'noah.okafor@example.org';
  const userId = await makeCustomer(meridian.manage, email, own);
  const { context, page } = await visitor(meridian.browser, { viewport: phone });
  const input = await countInput(context, meridian);
  await knock(page, meridian, 'northtrail');
  await pressAt(page, 'button[value=facebook]');
  await page.getByRole('button', { name: 'Continue without' }).waitFor();
  await pressAt(page, 'button[value=no]');
  await page.waitForURL((url) => url.origin === meridian.places.networks.facebook);
  await pressAt(page, 'button.person:has-text("Noah Okafor")');
  await pressAt(page, '#agree');
  await page.getByRole('heading', { name: 'Do you have an account here already?' }).waitFor();
  await assertAccessible(page);
  await typeAt(page, '#password', 'not it');
  await page.getByRole('alert').first().waitFor();
  await assertAccessible(page);
  await typeAt(page, '#password', own);
  assert.equal(await arrive(page, meridian, 'northtrail'), userId);
  assert.equal(input.clicks, 0);
  await context.close();
  const user = await userOf(userId);
  assert.partialDeepStrictEqual(user, { identities: [{ provider: 'auth0' }, { connection: 'facebook' }] });
});

test('by keyboard alone, on a phone: two accounts become one by the passkey of the other', async () => {
  const { context, page } = await visitor(meridian.browser, { viewport: phone });
  const device = await addAuthenticator(page);
  await knock(page, meridian);
  await page.locator('button[value=google-oauth2]').click();
  await beAtNetwork(page, meridian, 'google', 'Diego Romero');
  const other = await arrive(page, meridian);
  await page.goto(`${meridian.places.server}/account/passkey`);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByText('From now on the passkey').waitFor();
  await page.goto(`${meridian.places.server}/account/factors`);
  await page.getByRole('button', { name: 'Add an authenticator app' }).click();
  await page.locator('#code').fill(codeOf(secretOn({ html: await page.content() })));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();

  // Else the sign-in page's autofill would take the passkey of the other account.
  await device.approves(false);
  await context.clearCookies();
  const email = 'diego.once.more@example.com';
  const userId = await makeCustomer(meridian.manage, email, own);
  const input = await countInput(context, meridian);
  await page.goto(`${meridian.places.server}/account/enter?brand=lumiere`);
  await page.locator('#username').waitFor();
  await tabTo(page, '#username');
  await page.keyboard.type(email);
  await typeAt(page, '#password', own);
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  await page.goto(`${meridian.places.server}/account/ways`);
  await pressAt(page, 'button[value=google-oauth2]');
  await page.waitForURL((url) => url.origin === meridian.places.networks.google);
  await pressAt(page, 'button.person:has-text("Diego Romero")');
  if (await page.locator('#agree').isVisible()) await pressAt(page, '#agree');
  await page.getByRole('heading', { name: 'Google belongs to another account' }).waitFor();
  await assertAccessible(page);
  await device.approves(true);
  await pressAt(page, 'form[data-passkey=use] button');
  await page.getByText('Both accounts are one now, and Google opens it, too.').waitFor();
  assert.equal(input.clicks, 0);
  await context.close();
  assert.equal((await userOf(other)).user_id, userId, 'the other resolves to it');
});

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
