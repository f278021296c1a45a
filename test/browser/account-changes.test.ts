// What a customer changes on the account pages in Chromium: the password, the address; the second
// step; another account that becomes part of theirs; with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCustomer } from '../api-calls.ts';
import { codeOf, secretOn } from '../authenticator-app.ts';
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

journeys(
  () => meridian,
  'a network opens another account: with the second step of that one, both become one',
  'olga',
  async ({ page, userId, withScripts, look }) => {
    const person = withScripts ? 'Jonas Weber' : 'Diego Romero';
    const { other, secret } = await guarded(person, withScripts);
    await page.goto(account('/ways'));
    await press(page, 'Add Google');
    await beAtNetwork(page, meridian, 'google', person, true);
    await look('Google belongs to another account');
    await page.locator('#code').fill('000000');
    await press(page, 'Yes, make them one');
    await page.getByRole('alert').getByText('That code is not right').waitFor();
    await look('Google belongs to another account');
    await page.locator('#code').fill(codeOf(secret, 1));
    await press(page, 'Yes, make them one');
    await page.getByRole('status').getByText('Both accounts are one now, and Google opens it, too.').waitFor();
    await page.getByRole('button', { name: 'Remove Google' }).waitFor();
    assert.equal((await meridian.manage('GET', `users/${encodeURIComponent(other)}`)).user_id, userId);
  },
);

/** Somebody whom Google lets in, with an app as second step, in a browser of their own. */
async function guarded(person: string, javaScriptEnabled: boolean): Promise<{ other: string; secret: string }> {
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled });
  await knock(page, meridian);
  await press(page, 'Continue with Google');
  await beAtNetwork(page, meridian, 'google', person);
  await page.getByText('I accept the terms').click();
  await press(page, 'Continue');
  const other = await arrive(page, meridian);
  await page.goto(account('/factors'));
  await press(page, 'Add an authenticator app');
  const secret = secretOn({ html: await page.content() });
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await titled(page, 'Keep these recovery codes');
  await context.close();
  return { other, secret };
}

test('without JavaScript: a network tells the address of an account, and its password joins the two', async () => {
  const email = 'noah.okafor@example.org';
  const userId = await makeCustomer(meridian.manage, email, password);
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: false });
  await knock(page, meridian);
  await press(page, 'Continue with Facebook');
  await press(page, 'Continue without');
  await beAtNetwork(page, meridian, 'facebook', 'Noah Okafor');
  await titled(page, 'Do you have an account here already?');
  await page.locator('#password').fill('not what it was');
  await press(page, 'Join with this password');
  await page.getByRole('alert').first().waitFor();
  await page.locator('#password').fill(password);
  await press(page, 'Join with this password');
  await page.getByText('I accept the terms').click();
  await press(page, 'Continue');
  assert.equal(await arrive(page, meridian), userId);
  await page.goto(account('/ways'));
  await page.getByRole('button', { name: 'Remove Facebook' }).waitFor();
  await context.close();
});

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
