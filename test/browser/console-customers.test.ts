// The console in Chromium: who is this, what happens now, and what a role may not see.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { openBrowser, visitor } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { consoleOfStaff, look } from '../staff-page.ts';

const email = 'sofia.marchetti@example.com';
const password = 'seven green rivers';
const planted = { area: 'Planted area 4711', tier: 'Planted tier gold', name: 'Sofía <img src=x onerror=alert(1)>' };
let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let customer: string;
before(async () => {
  [server, browser] = await Promise.all([startTestServer({ ...administratorVariables }), openBrowser()]);
  manage = await manageAt(server);
  await makePortal(manage, { app_type: 'regular_web' });
  customer = await makeCustomer(manage, email, password);
  await manage('PATCH', `users/${encodeURIComponent(customer)}`, {
    name: planted.name,
    app_metadata: { income_area: planted.area, tier: planted.tier },
  });
  admin = await signInFirst(server);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const consolePage = (who: SignedIn) => consoleOfStaff(browser, server, who);

test('whoever is not signed in is led to the sign-in, and back afterwards', async () => {
  await consolePage(admin); // it is built
  const { context, page } = await visitor(browser);
  await page.goto(`${server.url}/console/customers?search=sofia`);
  await page.waitForURL(/\/staff\/sign-in\?return_to=%2Fconsole%2Fcustomers%3Fsearch%3Dsofia/);
  await context.close();
});

test('a customer is found as one types; and the profile says who it is', async () => {
  const page = await consolePage(admin);
  await look(page, 'Customers');
  await page.keyboard.press('/');
  await page.keyboard.type('marchetti');
  await page.getByText('Nobody found').waitFor();
  assert.equal(await page.getByText('0 found').count(), 0);
  await page.keyboard.press('Escape');
  await page.keyboard.type('sof');
  await page.getByRole('link', { name: 'Sofía' }).click();
  await page.getByRole('heading', { level: 1, name: planted.name }).waitFor();
  await page.getByText(planted.area).waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  await look(page, planted.name);
  await page.getByLabel('New note').fill('Likes jasmine <script>alert(1)</script>');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await page.getByText('Likes jasmine <script>alert(1)</script>').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/\/console\/customers$/);
  await page.getByRole('searchbox').fill('sof');
  await page.waitForURL(/search=sof/);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/\/console\/customers$/);
  assert.equal(await page.getByRole('searchbox').inputValue(), '', 'what is looked for is what is typed');
});

test('what stands below does not move when visits, tags and the follow-up come later', async () => {
  const page = await consolePage(admin);
  const late = Promise.withResolvers<void>();
  const json = [{ brand: 'lumiere', first_at: '2026-01-01T00:00:00.000Z', last_at: '2026-01-02T00:00:00.000Z' }];
  await page.route(/\/users\/[^/]+\/(visits|tags|follow-up)(\?|$)/, async (route) => {
    await late.promise;
    await (route.request().url().includes('/visits') ? route.fulfill({ json }) : route.continue());
  });
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  const value = page.getByText(planted.area);
  await value.waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  const before = await value.boundingBox();
  late.resolve();
  await page.getByLabel('New tag').waitFor();
  await page.getByRole('button', { name: 'Follow up' }).waitFor();
  await page.getByText(/^lumiere \(/).waitFor();
  const after = await value.boundingBox();
  assert.ok(before && after && Math.abs(before.y - after.y) <= 2, JSON.stringify([before, after]));
});

test('a value is changed by staff: as its type, with a way back; who comes second is told; removing asks first', async () => {
  const choices = ['dry', 'oily'].map((value) => ({ value, labels: { en: `${value} skin` } }));
  await manage('POST', 'attributes', { path: 'user_metadata.skin', type: 'choice', labels: { en: 'Skin' }, choices });
  const path = `users/${encodeURIComponent(customer)}`;
  await manage('PATCH', path, { user_metadata: { skin: 'dry', size: 38 } });
  const page = await consolePage(admin);
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  const dialog = page.getByRole('dialog');
  const own = page.getByRole('region', { name: 'The customer’s own' });
  const line = (label: string) => own.getByRole('row', { name: label });

  await own.getByRole('button', { name: 'Change: Skin' }).click();
  await dialog.getByLabel('Value', { exact: true }).selectOption('oily');
  await look(page, planted.name);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await line('Skin').getByText('oily').waitFor();
  await line('Skin').getByText('by staff').waitFor();
  // The dialog is gone, and one is where one was.
  await page.locator('button[aria-label="Change: Skin"]:focus').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await line('Skin').getByText('dry').waitFor();

  // A long list is folded until somebody wants all of it.
  const shops = Array.from({ length: 15 }, (_, index) => `Shop ${index + 1}`);
  await manage('PATCH', path, { user_metadata: { shops } });
  await line('Shops').getByText('Shop 12 …').waitFor();
  assert.equal(await line('Shops').getByText('Shop 15').count(), 0);
  await line('Shops').getByRole('button', { name: 'Show all 15: Shops' }).focus();
  await page.keyboard.press('Enter');
  await line('Shops').getByText('Shop 15').waitFor();
  await look(page, planted.name);
  await line('Shops').getByRole('button', { name: 'Show fewer: Shops' }).click();
  await line('Shops').getByText('Shop 15').waitFor({ state: 'detached' });

  await own.getByRole('button', { name: 'Change: Size' }).click();
  await dialog.getByLabel('Value', { exact: true }).fill('large');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('A number, such as 12').waitFor();
  await dialog.getByLabel('Value', { exact: true }).fill('40');
  // Another value of the same place is no concern of this one.
  await manage('PATCH', path, { user_metadata: { skin: 'oily' } });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await line('Size').getByText('40').waitFor();

  await own.getByRole('button', { name: 'Change: Size' }).click();
  await dialog.getByLabel('Value', { exact: true }).fill('41');
  await manage('PATCH', path, { user_metadata: { size: 44 } });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you did').waitFor();
  await dialog.getByText('44').waitFor();
  assert.equal(await dialog.getByLabel('Value', { exact: true }).inputValue(), '41');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await line('Size').getByText('41').waitFor();

  await own.getByRole('button', { name: 'Change: Size' }).click();
  await dialog.getByRole('button', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove it' }).click();
  await line('Size').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Add a value' }).click();
  await dialog.getByRole('combobox', { name: 'What' }).fill('user_metadata.likes tea');
  await dialog.getByLabel('Type').selectOption('boolean');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByLabel('Value', { exact: true }).selectOption('yes');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await line('Likes tea').getByText('Yes').waitFor();
});

test('all customers that match are taken along as a file, not only those that are shown; it can be stopped', async () => {
  for (const [name, formula] of [
    ['bea', '=1+1'],
    ['cleo', '@SUM(A1)'],
    ['dora', 'Dora, "the one"'],
  ] as const) {
    const id = await makeCustomer(manage, `${name}@csv.example.com`, password);
    await manage('PATCH', `users/${encodeURIComponent(id)}`, { name: formula });
  }
  const page = await consolePage(admin);
  await page.goto(`${server.url}/console/customers?search=csv.example`);
  const button = page.getByRole('button', { name: 'Export CSV' });
  assert.equal(await button.isDisabled(), true, 'nobody is found, there is nothing to take');
  const filter = JSON.stringify({ all: [{ attribute: 'email', is: 'contains', value: 'csv.example' }] });
  await page.goto(`${server.url}/console/customers?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  await page.getByRole('link', { name: 'Dora' }).waitFor();
  let refusals = 0;
  // In parts of two; the first answer is that one is too fast.
  await page.route('**/api/v2/users?*take=100*', async (route) => {
    refusals += 1;
    if (refusals === 1) return route.fulfill({ status: 429, json: { message: 'Global limit has been reached' } });
    return route.continue({ url: route.request().url().replace('take=100', 'take=2') });
  });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  assert.equal(download.suggestedFilename(), 'customers.csv');
  const text = await readFile(await download.path(), 'utf8');
  const [head, ...lines] = text.trimEnd().split('\r\n');
  assert.equal(head, '\ufeffCustomer,E-mail address,Last here,Sign-ins,Since');
  assert.deepEqual(
    lines.map((line) => line.split(/,(?=[a-z]+@)/)[0]),
    ['"Dora, ""the one"""', "'@SUM(A1)", "'=1+1"],
  );
  await page.getByText('3 rows are in the file.').waitFor();

  await page.unroute('**/api/v2/users?*take=100*');
  const asked = Promise.withResolvers<void>();
  await page.route('**/api/v2/users?*take=100*', () => asked.resolve());
  await button.click();
  await asked.promise;
  await page.getByText('0 rows so far').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped; nothing was saved.').waitFor();
});

test('an associate gets no hidden value on any page, and a role that changes counts at once', async () => {
  const role = await roleId(admin, 'Associate');
  const associate = await joinStaff(server, admin, { email: 'bo@umbrella.example', roles: [role] });
  const page = await consolePage(associate);
  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/v2/')) answers.push(await response.text().catch(() => ''));
  });
  await page.getByRole('link', { name: 'Sofía' }).click();
  await page.getByText(planted.tier).waitFor();
  assert.equal(await page.getByText(planted.area).count(), 0);
  assert.ok(answers.every((text) => !text.includes(planted.area)));
  assert.equal(await page.getByRole('link', { name: 'Staff', exact: true }).count(), 0);
  assert.equal(await page.getByRole('button', { name: /^Change: |^Add a value/ }).count(), 0);

  const made = await admin.call('POST', 'staff-roles', {
    name: 'Nothing',
    scopes: [],
    attributes: { read: [], write: [] },
  });
  await admin.call('PATCH', `staff/${associate.id}`, { roles: [String(made.body.id)] });
  await page.reload();
  await page.getByText('Your role does not allow this').first().waitFor();
  assert.equal(await page.getByText(planted.tier).count(), 0);
});

test('staff, roles and stores are managed, and nothing is wrong with the pages', async () => {
  const page = await consolePage(admin);
  const me = await admin.call('GET', 'staff/me');
  for (const [to, heading] of [
    ['/staff', 'Staff'],
    [`/staff/${me.body.id}`, String(me.body.name)],
    ['/staff-roles', 'Roles'],
    [`/staff-roles/${await roleId(admin, 'Associate')}`, 'Associate'],
    ['/stores', 'Stores'],
    ['/audit', 'Audit log'],
  ] as const) {
    await page.goto(`${server.url}/console${to}`);
    await look(page, heading);
  }
  await page.goto(`${server.url}/console/staff`);
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail address').fill('eve@umbrella.example');
  await page.getByRole('group', { name: 'Roles' }).getByRole('checkbox', { name: 'Marketer' }).check();
  await page.getByRole('button', { name: 'Mail the invitation' }).click();
  await page.getByRole('cell', { name: 'eve@umbrella.example' }).waitFor();

  await page.goto(`${server.url}/console/audit`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export NDJSON' }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'audit.ndjson');
  assert.ok(file.url().startsWith(`${server.url}/api/v2/audit/export`), 'saved as it comes, not held by the page');
  const [newest = ''] = (await readFile(await file.path(), 'utf8')).split('\n');
  assert.equal(JSON.parse(newest).act, 'read');
  await page.getByLabel('Customer', { exact: true }).fill('auth0|half');
  await page.getByText('No such customer').waitFor();
  await page.getByLabel('Customer', { exact: true }).fill(customer);
  await page.getByLabel('What', { exact: true }).selectOption('change');
  const changed = page.getByRole('row').filter({ hasText: 'app_metadata.tier' }).first();
  await changed.getByText('Values', { exact: true }).click();
  await page.getByText('app_metadata.tier: nothing to', { exact: false }).waitFor();
  await page.getByLabel('Until', { exact: true }).fill('2001-01-01');
  await page.getByText('Nothing like that happened').waitFor();
  await page.getByLabel('Until', { exact: true }).fill('');
  await page.getByLabel('Customer', { exact: true }).fill('');
  await page.getByLabel('What', { exact: true }).selectOption('');
  await page
    .getByRole('button', { name: String(me.body.name), exact: true })
    .first()
    .click();
  await page.getByRole('button', { name: `Everybody instead of ${me.body.name}` }).waitFor();
  await page.getByText('(machine)').first().waitFor({ state: 'detached' });
  // In parts of two, so that the file holds what no part does alone.
  await page.route('**/api/v2/audit?*take=100*', (route) =>
    route.continue({ url: route.request().url().replace('take=100', 'take=2') }),
  );
  const [taken] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const rows = (await readFile(await taken.path(), 'utf8')).trimEnd().split('\r\n');
  assert.ok(rows.length > 4 && rows.slice(1).every((row) => row.includes(String(me.body.name))), `${rows.length} rows`);
});
