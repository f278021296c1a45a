// What a customer changes on the account pages in Chromium: the password, the address; the second
// step; with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { journeys, password, press, signIn, titled } from './account-journeys.ts';
import { arrive, knock, type Meridian, openMeridian, readCode } from './meridian.ts';

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
    await look('Check your mail');
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

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
