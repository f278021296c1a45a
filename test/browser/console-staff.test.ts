// Staff of the umbrella at the console in Chromium: who sees which brands, where the stores are, and out again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, patienceMs } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { createBrowser } from '../http-browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import {
  administratorVariables,
  firstAdministrator,
  joinStaff,
  knockAtStaff,
  roleId,
  type SignedIn,
  signInFirst,
} from '../staff.ts';
import { look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
before(async () => {
  const variables = { ...administratorVariables, ...consoleVariables };
  [server, browser] = await Promise.all([startTestServer(variables), openBrowser()]);
  manage = await manageAt(server);
  admin = await signInFirst(server);
});
after(async () => {
  await browser.close();
  await server.stop();
});

test('brands of staff are all, some or none; a brand that goes leaves no hole; stores have a place; and out', async () => {
  const brand = await manage('POST', 'brands', { slug: 'lumiere', name: 'Lumière' });
  const other = await manage('POST', 'brands', { slug: 'northtrail', name: 'Northtrail' });
  const roles = [await roleId(admin, 'Marketer')];
  const marketer = await joinStaff(server, admin, { email: 'mae@umbrella.example', roles });
  const brandsOf = async () => (await admin.call('GET', `staff/${marketer.id}`)).body.brands;
  const { page, context } = await atConsole(browser, server, admin, { viewport: desktop });
  const dialog = page.getByRole('dialog');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
  page.setDefaultTimeout(90_000); // the console is built for the first who comes
  await page.goto(`${server.url}/console/staff/${marketer.id}`);
  await page.getByRole('heading', { level: 1, name: 'mae' }).waitFor();
  page.setDefaultTimeout(patienceMs);
  const saved = async () => {
    const answer = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await press('Save');
    assert.equal((await answer).status(), 200);
    await page.getByRole('button', { name: 'Save', exact: true, disabled: true }).waitFor();
  };
  await page.getByText('Only these', { exact: true }).click();
  await page.getByText('None chosen: nobody of any brand.').waitFor();
  const pick = page.getByRole('group', { name: 'Only these' });
  await pick.getByRole('checkbox', { name: 'Lumière' }).check();
  await pick.getByRole('checkbox', { name: 'Northtrail' }).check();
  await look(page, 'mae');
  await saved();
  assert.deepEqual(await brandsOf(), [brand.id, other.id]);
  await manage('DELETE', `brands/${other.id}`);
  assert.deepEqual(await brandsOf(), [brand.id], 'a brand that is gone is in no list');
  await page.reload();
  await pick.getByRole('checkbox', { name: 'Lumière' }).uncheck();
  await page.getByText('None chosen: nobody of any brand.').waitFor();
  await saved();
  assert.deepEqual(await brandsOf(), [], 'the last one taken away is none, not all');
  await page.getByText('All brands', { exact: true }).click();
  await saved();
  assert.equal(await brandsOf(), null);

  await page.getByRole('region', { name: 'Sessions' }).getByRole('button', { name: 'End', exact: true }).click();
  await dialog.getByText('They are signed out in this browser').waitFor();
  await dialog.getByRole('button', { name: 'End it' }).click();
  await page.getByText('Signed in nowhere.').waitFor();
  assert.equal((await marketer.call('GET', 'staff/me')).status, 401);

  await page.goto(`${server.url}/console/stores`);
  await press('New store');
  await dialog.getByLabel('Name').fill('Rue de Rivoli');
  await dialog.getByLabel('Latitude').fill('48,8566');
  await dialog.getByRole('button', { name: 'Make the store' }).click();
  await dialog.getByText('A number from -180 to 180').waitFor();
  await dialog.getByLabel('Longitude').fill('2.3522');
  await look(page, 'Stores');
  await dialog.getByRole('button', { name: 'Make the store' }).click();
  await page.getByRole('cell', { name: 'Rue de Rivoli' }).waitFor();
  const { stores } = await manage('GET', 'stores?take=50');
  assert.ok(Array.isArray(stores));
  assert.deepEqual(stores[0].position, { latitude: 48.8566, longitude: 2.3522 });
  await press('Change');
  await dialog.getByLabel('Name').fill('Rivoli');
  await manage('PATCH', `stores/${stores[0].id}`, { name: 'Theirs' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you did').waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'Rivoli');
  await dialog.getByRole('button', { name: 'Show theirs, drop mine' }).click();
  await dialog.locator('input[value="Theirs"]').waitFor();
  await dialog.getByLabel('Name').fill('Rivoli');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Rivoli' }).waitFor();

  // A second tab goes out with the first.
  const second = await context.newPage();
  await second.goto(`${server.url}/console/customers`);
  await second.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  await page.getByRole('button', { name: /^Signed in as / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, second]) await tab.getByRole('status').getByText('You are signed out.').waitFor();
  assert.equal((await admin.call('GET', 'staff/me')).status, 401, 'the old cookie is worth nothing');
  await context.close();
});

test('filters are chosen, not typed; a heading sorts from A first', async () => {
  await makePortal(manage, {});
  await makeCustomer(manage, 'sofia@example.com', 'seven green rivers');
  // The one before has signed out.
  const browserOfAdmin = createBrowser();
  const factor = await knockAtStaff(server, browserOfAdmin, firstAdministrator);
  await browserOfAdmin.submit(factor, 'factor', { code: admin.codes[0] ?? '', by: 'recovery_code' });
  const { page, context } = await atConsole(
    browser,
    server,
    { ...admin, browser: browserOfAdmin },
    { viewport: desktop },
  );
  await page.goto(`${server.url}/console/customers`);
  await page.getByRole('link', { name: 'sofia@example.com' }).waitFor();
  await page.getByRole('columnheader', { name: 'Customer' }).getByRole('button').click();
  await page.locator('th[aria-sort="ascending"]').getByText('Customer').waitFor();
  await page.getByRole('columnheader', { name: 'Last here' }).getByRole('button').click();
  await page.locator('th[aria-sort="descending"]').getByText('Last here').waitFor();
  const choose = async (label: string, option: string) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await choose('What', 'Was at the brand');
  await choose('Value', 'Lumière');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Was at the brand is Lumière').waitFor();
  await page.getByText('Nobody found').waitFor();
  await context.close();
});
