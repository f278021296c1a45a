// Support in Chromium: an address is fixed at the console, and changed by the customer on a hosted page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { assertAccessible, openBrowser, patienceMs, phone, visitor } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, mailedLink, roleId, type SignedIn, signInFirst } from '../staff.ts';

const password = 'seven green rivers';
let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let support: SignedIn;
before(async () => {
  const variables = { ...administratorVariables, ...consoleVariables };
  [server, browser] = await Promise.all([startTestServer(variables), openBrowser()]);
  manage = await manageAt(server);
  await makePortal(manage, { app_type: 'regular_web' });
  admin = await signInFirst(server);
  const roles = [await roleId(admin, 'Support')];
  support = await joinStaff(server, admin, { email: 'sam@umbrella.example', roles });
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** The page of a customer, as support has it. */
async function profile(customer: string, email: string): Promise<Page> {
  const { page } = await atConsole(browser, server, support);
  page.setDefaultTimeout(90_000); // the console is built for the first who comes
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  await page.getByRole('heading', { level: 1, name: email }).waitFor();
  page.setDefaultTimeout(patienceMs);
  return page;
}

test('support mails a link to a new address, and it changes once the customer says so', async () => {
  const customer = await makeCustomer(manage, 'lost@mailbox.example', password);
  const page = await profile(customer, 'lost@mailbox.example');
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Another e-mail address…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Another e-mail address' });
  await dialog.getByText('lost@mailbox.example is told at once').waitFor();
  await assertAccessible(page);
  await dialog.getByLabel('E-mail address').fill('found@mailbox.example');
  await dialog.getByRole('button', { name: 'Mail the link' }).click();
  await page.getByText('A link is on its way to found@mailbox.example').waitFor();

  const link = await mailedLink(server, 'found@mailbox.example', 'email_change_link');
  const reader = await visitor(browser, { viewport: phone });
  await reader.page.goto(link);
  await reader.page.getByRole('heading', { level: 1, name: 'Your new address' }).waitFor();
  await assertAccessible(reader.page);
  await reader.page.getByRole('button', { name: 'Yes, change it' }).click();
  await reader.page.getByRole('heading', { level: 1, name: 'Your address was changed' }).waitFor();
  await assertAccessible(reader.page);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'found@mailbox.example' }).waitFor();
  assert.equal(await page.getByText('lost@mailbox.example').count(), 0);
});

test('support mails the verification again', async () => {
  const email = 'unproven@mailbox.example';
  const customer = await makeCustomer(manage, email, password);
  const path = `users/${encodeURIComponent(customer)}`;
  await manage('PATCH', path, { email_verified: false });
  const page = await profile(customer, email);
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Mail the verification again' }).click();
  await page.getByText(`A link that proves the address is on its way to ${email}.`).waitFor();
  const reader = await visitor(browser, { viewport: phone });
  await reader.page.goto(await mailedLink(server, email, 'verify_email'));
  await reader.page.getByRole('button').first().click();
  // Whoever set the password that was there may not have been the one who reads this mailbox.
  await reader.page.getByRole('heading', { level: 1, name: 'Choose a new password' }).waitFor();
  assert.equal((await manage('GET', path)).email_verified, true);
});

test('support ends all sessions, and lets in who was kept out after too many failures', async () => {
  const email = 'kept.out@mailbox.example';
  const page = await profile(await makeCustomer(manage, email, password), email);
  const guest = (await visitor(browser, { viewport: phone })).page;
  const account = `${server.url}/account`;
  const signIn = async (typed: string) => {
    await guest.goto(account);
    await guest.locator('#username').fill(email);
    await guest.locator('#password').fill(typed);
    await guest.getByRole('button', { name: 'Continue', exact: true }).click();
  };
  await signIn(password);
  await guest.waitForURL(account);
  await page.reload();
  const sessions = page.getByRole('region', { name: 'Devices and sessions' });
  await sessions.getByRole('button', { name: 'End all' }).click();
  await page.getByRole('dialog', { name: 'End all sessions?' }).getByRole('button', { name: 'End them all' }).click();
  await sessions.getByText('Signed in nowhere.').waitFor();

  for (let tries = 0; tries < 10; tries += 1) {
    await signIn('a wrong password');
    await guest.getByRole('alert').waitFor();
  }
  await signIn(password);
  await guest.getByText('too many').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Let them try again' }).click();
  await page.getByText('Kept out after too many failures', { exact: true }).waitFor({ state: 'detached' });
  await signIn(password);
  await guest.waitForURL(account);
});
