// A customer's rights in Chromium: take the data along, link and unlink, allow and take back, be erased or stay; with and
// without JavaScript.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, mock, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { erasures } from '../../server/customer-data.ts';
import { eraseDue } from '../../server/features/accounts/accounts.ts';
import { findByUserId } from '../../server/features/customers/customers.ts';
import { endSessions } from '../../server/surfaces/oidc/oidc.ts';
import { makeCustomer, toRecord } from '../api-calls.ts';
import { codeOf } from '../authenticator-app.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian, readCode, readLink } from './meridian.ts';

const password = 'what is mine goes with me';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
});
after(() => meridian.close());

type Visit = {
  page: Page;
  context: BrowserContext;
  email: string;
  userId: string;
  withScripts: boolean;
  /** The page is good as it stands, on a phone and on a desk, in light and dark; axe-core needs scripts. */
  look(heading: string): Promise<void>;
};

const account = (path = '') => `${meridian.places.server}/account${path}`;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const titled = (page: Page, heading: string) => page.getByRole('heading', { level: 1, name: heading }).waitFor();

async function signIn(page: Page, email: string, by = password): Promise<void> {
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(by);
  await press(page, 'Continue');
}

/** One journey with JavaScript, and once more without; each by a customer of their own who is signed in at Lumière. */
function journeys(title: string, name: string, act: (at: Visit) => Promise<void>): void {
  for (const withScripts of [true, false]) {
    test(`${title}, ${withScripts ? 'with' : 'without'} JavaScript`, async () => {
      const email = `${name}.${withScripts ? 'script' : 'plain'}@example.com`;
      const userId = await makeCustomer(meridian.manage, email, password);
      const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: withScripts });
      await knock(page, meridian);
      await signIn(page, email);
      await page.getByText('I accept the terms').click();
      await press(page, 'Continue');
      await arrive(page, meridian);
      await page.goto(account());
      await titled(page, 'Your account');
      const look = async (heading: string) => {
        await titled(page, heading);
        if (withScripts) await lookClosely(page);
      };
      await act({ page, context, email, userId, withScripts, look });
      await context.close();
    });
  }
}

async function lookClosely(page: Page): Promise<void> {
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page);
    }
  }
}

journeys('my data, read on a page and taken along as one file', 'dora', async ({ page, email, look }) => {
  await page.getByRole('link', { name: /^Your data/ }).click();
  await look('Your data');
  await page.getByText(`E-mail address: ${email}`).waitFor();
  await page.getByText('Terms: Yes').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download my data')]);
  assert.match(file.suggestedFilename(), /^regulars-\d{4}-\d\d-\d\d\.json$/);
  const all = toRecord(JSON.parse(await readFile(await file.path(), 'utf8')));
  assert.equal(toRecord(all.customer).email, email);
  assert.ok(Array.isArray(all.consents) && all.consents.length > 0);
});

journeys('a network is added and taken away', 'lino', async ({ page, withScripts, look }) => {
  await page.goto(account('/ways'));
  await press(page, 'Add Apple');
  await beAtNetwork(page, meridian, 'apple', withScripts ? 'Kenji Tanaka' : 'Amélie Laurent');
  if (!withScripts) await page.locator('#continue').click(); // Apple's own page, which a script would leave
  await page.getByRole('status').getByText('Apple').waitFor();
  await look('Ways in');
  await press(page, 'Remove Apple');
  await page.getByRole('button', { name: 'Add Apple' }).waitFor();
  await look('Ways in');
});

journeys('what is allowed is seen, given and taken back', 'paola', async ({ page, context, look }) => {
  await page.goto(account('/preferences'));
  await look('What you have allowed');
  const row = (words: string) => page.getByRole('listitem').filter({ hasText: words }).first();
  await row('I accept the terms').getByText('Allowed since').waitFor();
  await row('Mail me skincare news.').getByText('Not allowed.').waitFor();
  await row('Mail me skincare news.').getByRole('button', { name: 'Allow' }).click();
  await row('Mail me skincare news.').getByText('Waiting for your click').waitFor();
  await page.goto(await readLink(context, meridian));
  await press(page, 'Yes, I confirm');
  await page.goto(account('/preferences'));
  await row('Mail me skincare news.').getByText('Allowed since').waitFor();
  await look('What you have allowed');
  await row('Mail me skincare news.').getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('status').getByText('Saved: it is off').waitFor();
  await row('Mail me skincare news.').getByText('Not allowed.').waitFor();
  await look('What you have allowed');
});

journeys('the password and the address are changed, and open the door', 'mona', async (at) => {
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
});

journeys('a second step by mail: added, named, asked for, with new recovery codes, removed', 'fritz', async (at) => {
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
});

journeys('two accounts become one: by the yes, and by the second step of the other', 'jana', async (at) => {
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
});

// Last: what it writes is of a day to come.
journeys(
  'erase me: proof, the day, a change of mind, and gone when the day has come',
  'erna',
  async ({ page, context, email, userId, look }) => {
    // Eleven minutes later the proof is too old.
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
    await page.goto(account('/erase'));
    await page.locator('#password').waitFor();
    await signIn(page, email);
    await look('Erase me');
    await page.getByText(/In 14 days, on/).waitFor();
    await press(page, 'Erase my account');
    await look('Your account will be erased');
    await page.goto(account());
    await signIn(page, email);
    await look('Do you want to keep your account?');
    await press(page, 'Keep my account');
    await titled(page, 'Your account');

    await page.goto(account('/erase'));
    await press(page, 'Erase my account');
    await titled(page, 'Your account will be erased');
    await knock(page, meridian);
    await signIn(page, email);
    await titled(page, 'Do you want to keep your account?');
    await press(page, 'Leave it so');
    await look('Nothing has changed');
    await page.getByRole('link', { name: 'Sign in with another account' }).click();
    await page.locator('#username').waitFor();
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 15 * 86_400_000 });
    await eraseDue(meridian.base, { endSessions, others: erasures });
    mock.timers.reset();
    assert.equal(await findByUserId(meridian.base.db, userId), undefined);
    await context.clearCookies();
    await knock(page, meridian);
    await signIn(page, email);
    await page.getByRole('alert').getByText('Wrong e-mail address or password').waitFor();
  },
);

test('nothing went wrong unseen', () => assert.deepEqual(meridian.logged, []));
