// What a customer changes on the account pages in Chromium: the password, the address, the second step, two accounts that
// become one; with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf } from '../authenticator-app.ts';
import { visitor } from '../browser.ts';
import { journeys, password, press, signIn, titled } from './account-journeys.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian, readCode } from './meridian.ts';

let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
});
after(() => meridian.close());

const account = (path = '') => `${meridian.places.server}/account${path}`;

journeys(
  () => meridian,
  'the password and the address are changed, and open the door',
  'mona',
  async (at) => {
    const { page, context, withScripts, userId, look } = at;
    const anew = 'a new key to the same door';
    await page.goto(account('/password'));
    await page.locator('#current').fill('not what it was');
    await page.locator('#password').fill(anew);
    await press(page, 'Save the password');
    await look('Change your password');
    await page.locator('#current').fill(password);
    await page.locator('#password').fill(anew);
    await press(page, 'Save the password');
    await page.getByRole('status').getByText('Your new password is saved.').waitFor();
    const moved = `moved.${withScripts ? 'script' : 'plain'}@example.com`;
    await page.goto(account('/email'));
    await page.locator('#username').fill(moved);
    await press(page, 'Send the code');
    await look('Look into your mail');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await page.getByRole('status').getByText('Your new address is saved.').waitFor();
    await context.clearCookies();
    await knock(page, meridian);
    await signIn(page, moved, anew);
    assert.equal(await arrive(page, meridian), userId);
  },
);

journeys(
  () => meridian,
  'a second step by mail: added, named, asked for, with new recovery codes, removed',
  'fritz',
  async (at) => {
    const { page, context, email, look } = at;
    const row = () => page.locator('.row-more').first();
    await page.goto(account('/factors'));
    await page.getByRole('button', { name: /^Add codes by e-mail to fr/ }).click();
    await look('Type the code');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await look('Keep these recovery codes');
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await press(page, 'Make new ones');
    // Whoever has a second step proves it before changing any.
    await signIn(page, email);
    await page.getByRole('button', { name: /^Send a code to fr/ }).click();
    await look('Is it you?');
    await page.locator('#code').fill(await readCode(context, meridian));
    await press(page, 'Continue');
    await look('Second step');
    await press(page, 'Make new ones');
    await titled(page, 'Keep these recovery codes');
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await page.getByText('10 left').waitFor();
    await row().locator('summary').click();
    await row().getByRole('textbox').fill('Mailbox');
    await press(page, 'Save the name');
    await page.getByText('The name is saved.').waitFor();
    await press(page, 'Remove Mailbox');
    await page.getByText('It is no longer asked for.').waitFor();
    await look('Second step');
  },
);

journeys(
  () => meridian,
  'two accounts become one: by the yes, and by the second step of the other',
  'jana',
  async (at) => {
    const { page, withScripts, userId, look } = at;
    const name = withScripts ? 'Jonas Weber' : 'Diego Romero';
    const other = await visitor(meridian.browser);
    await knock(other.page, meridian);
    await other.page.locator('button[value=google-oauth2]').click();
    await beAtNetwork(other.page, meridian, 'google', name);
    await other.page.getByText('I accept the terms').click();
    await press(other.page, 'Continue');
    assert.notEqual(await arrive(other.page, meridian), userId);
    await other.page.goto(account('/factors'));
    await press(other.page, 'Add an authenticator app');
    const secret = ((await other.page.locator('.secret code').textContent()) ?? '').replaceAll(' ', '');
    await other.page.locator('#code').fill(codeOf(secret));
    await press(other.page, 'Continue');
    await titled(other.page, 'Keep these recovery codes');

    await page.goto(account('/ways'));
    await press(page, 'Add Google');
    await beAtNetwork(page, meridian, 'google', name, true);
    await look('Google belongs to another account');
    await page.locator('#code').fill('000000');
    await press(page, 'Yes, make them one');
    await page.getByText('That code is not right.').waitFor();
    await page.getByRole('link', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').waitFor();
    await look('Google belongs to another account');
    await page.getByRole('link', { name: 'Use the authenticator app' }).click();
    await page.locator('#code').fill(codeOf(secret, 1));
    await press(page, 'Yes, make them one');
    await page.getByRole('status').getByText('Both accounts are one now').waitFor();
    await other.page.goto(account());
    await other.page.locator('#username').waitFor();
    await other.context.close();
  },
);

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
