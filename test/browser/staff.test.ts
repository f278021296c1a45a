// Staff in Chromium: from the link of the terminal to the own sign-in page; on a phone, on a desk, in the dark.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { firstStaffLink } from '../../server/staff-link.ts';
import { staffPaths } from '../../server/surfaces/staff/staff.ts';
import { codeOf } from '../authenticator-app.ts';
import { assertAccessible, desktop, openBrowser, phone, visitor } from '../browser.ts';
import { createBrowser } from '../http-browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { knockAtStaff, mailedLink } from '../staff.ts';
import { signInStaff } from '../staff-caller.ts';

const email = 'ada@umbrella.example';
const password = 'maple stone river lamp';
let server: TestServer;
let browser: Browser;
before(async () => {
  [server, browser] = await Promise.all([startTestServer(), openBrowser()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Pages of staff that were looked at, by their paths. */
const seen = new Set<string>();
let appSecret = '';

async function look(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  seen.add(new URL(page.url()).pathname.slice('/staff/'.length));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of [desktop, phone]) {
      await page.setViewportSize(size);
      await assertAccessible(page);
    }
  }
}

test('the first link, a password, an app, and the own sign-in page; then a passkey by itself', async () => {
  const link = /https?:\S+ticket=[\w-]+/.exec((await firstStaffLink(server.base)) ?? '')?.[0] ?? '';
  const { context, page } = await visitor(browser);
  await page.goto(link);
  await look(page, 'Become an administrator');
  await page.locator('#name').fill('Ada Lovelace');
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('short');
  await press(page, 'Continue');
  await page.getByRole('alert').getByText('Choose a longer password').waitFor();
  await assertAccessible(page);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');

  await look(page, 'Protect your account');
  const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
  appSecret = secret;
  await page.locator('#code').fill('000000');
  await press(page, 'Continue');
  await page.getByRole('alert').getByText('That code is not right.').waitFor();
  assert.equal((await page.locator('.secret code').innerText()).replaceAll(' ', ''), secret, 'it is the same app');
  await page.locator('#code').fill(codeOf(secret));
  await press(page, 'Continue');
  await look(page, 'Keep these recovery codes');
  assert.equal(await page.locator('.codes li').count(), 10);
  await page.goto(`${server.url}/staff/security`);
  await look(page, 'Your sign-in');

  const client = await context.newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.getByRole('link', { name: 'Add a passkey', exact: true }).click();
  await look(page, 'Add a passkey');
  await page.locator('#name').fill('My laptop');
  await press(page, 'Create a passkey');
  await page.getByText('It is added.').waitFor();
  await page.getByText('My laptop', { exact: true }).waitFor();
  // Else the browser's list would answer by itself as soon as the door is there.
  const approves = (enabled: boolean) =>
    client.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  await approves(false);
  await press(page, 'Sign out here');
  await page.getByRole('status').getByText('You are signed out.').waitFor();

  await look(page, 'Sign in');
  // Chosen in the list that the browser shows below the address: no click, no key on the page.
  await approves(true);
  await page.goto(`${server.url}/staff/sign-in?return_to=/staff/security`);
  await page.getByRole('heading', { level: 1, name: 'Your sign-in' }).waitFor();
  await context.close();
});

test('without JavaScript: the password, then the code of the app', async () => {
  const { context, page } = await visitor(browser, { javaScriptEnabled: false, viewport: desktop });
  await page.goto(`${server.url}/staff/sign-in?return_to=/staff/security`);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('another one entirely');
  await press(page, 'Continue');
  await page.getByRole('alert').getByText('Wrong email or password.').waitFor();
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await page.getByRole('heading', { level: 1, name: 'One more step' }).waitFor();
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByText('Type one of your recovery codes.').waitFor();
  await context.close();
});

test('every other page of staff is as good; no page is looked at by nobody', async () => {
  const { headers } = await signInStaff(server, { ready: 'administrator' });
  const support = await server.base.db.selectFrom('staff_roles').select('id').where('ready', '=', 'support').execute();
  const draft = { email: 'eve@umbrella.example', roles: support.map(({ id }) => id) };
  const invited = await fetch(`${server.url}/api/v2/staff-invitations`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(draft),
  });
  assert.equal(invited.status, 201, await invited.text());
  const { context, page } = await visitor(browser);
  await page.goto(await mailedLink(server, draft.email, 'staff_invitation'));
  await look(page, 'Welcome');
  await page.goto(`${server.url}/staff/sign-in?return_to=/staff/app`);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await look(page, 'One more step');
  await page.locator('#code').fill(codeOf(appSecret, 1));
  await press(page, 'Continue');
  await look(page, 'Add an authenticator app');
  await page.goto(`${server.url}/staff/forgot`);
  await look(page, 'Choose a new password');
  await page.locator('#username').fill(email);
  await press(page, 'Mail me a link');
  await look(page, 'Look into your inbox');
  await page.goto(await mailedLink(server, email, 'staff_reset'));
  await look(page, 'Choose a new password');
  for (let count = 0; count < 10; count += 1) {
    await knockAtStaff(server, createBrowser(), { email, password: 'not the password' });
  }
  await page.goto(await mailedLink(server, email, 'staff_unblock'));
  await look(page, 'Let me sign in again');
  await page.goto(`${server.url}/staff/reset?ticket=none`);
  await look(page, 'That did not work');
  await context.close();
  assert.deepEqual(
    staffPaths.filter((path) => !seen.has(path)),
    [],
  );
});
