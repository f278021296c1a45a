// Support in Chromium: an address is fixed at the console, and changed by the customer on a hosted page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { assertAccessible, openBrowser, patienceMs, phone, visitor } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, mailedLink, roleId, signInFirst } from '../staff.ts';

let server: TestServer;
let browser: Browser;
before(async () => {
  const variables = { ...administratorVariables, ...consoleVariables };
  [server, browser] = await Promise.all([startTestServer(variables), openBrowser()]);
});
after(async () => {
  await browser.close();
  await server.stop();
});

test('support mails a link to a new address, and it changes once the customer says so', async () => {
  const manage = await manageAt(server);
  await makePortal(manage, { app_type: 'regular_web' });
  const customer = await makeCustomer(manage, 'lost@mailbox.example', 'seven green rivers');
  const admin = await signInFirst(server);
  const roles = [await roleId(admin, 'Support')];
  const support = await joinStaff(server, admin, { email: 'sam@umbrella.example', roles });
  const { page } = await atConsole(browser, server, support);
  page.setDefaultTimeout(90_000); // the console is built for the first who comes
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  await page.getByRole('heading', { level: 1, name: 'lost@mailbox.example' }).waitFor();
  page.setDefaultTimeout(patienceMs);
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
