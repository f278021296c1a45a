// Customers' pictures in the console: made anew by this server, and never asked for by the browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { openBrowser } from '../browser.ts';
import { consoleVariables } from '../console-visitor.ts';
import { type Outside, openOutside, plain } from '../pictures.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, type SignedIn, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, consoleOfStaff, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let outside: Outside;
before(async () => {
  [server, browser] = await Promise.all([
    startTestServer({ ...administratorVariables, ...consoleVariables }),
    openBrowser(),
  ]);
  manage = await manageAt(server);
  await makePortal(manage, { app_type: 'regular_web' });
  outside = await openOutside({
    '/sofia.jpg': await plain(300, 200, '#107050').jpeg().toBuffer(),
    '/odd.png': '<svg onload="top.ran = 1"/>',
  });
  await manage('PATCH', 'umbrella', { outgoing_hosts: [new URL(outside.url).host] });
  admin = await signInFirst(server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await outside?.[Symbol.asyncDispose]();
});

async function customer(name: string, picture?: string): Promise<string> {
  const id = await makeCustomer(manage, `${name.toLowerCase()}@example.com`, 'seven green rivers');
  await manage('PATCH', `users/${encodeURIComponent(id)}`, { name, ...(picture !== undefined && { picture }) });
  return id;
}

async function open(page: Page, id: string, name: string): Promise<void> {
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(id)}`);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText('live', { exact: true }).waitFor();
}

const head = (page: Page) => page.getByRole('region', { name: 'In short' });

test('the profile shows what a customer looks like: by this server, as large as the initials that stood there', async () => {
  const id = await customer('Sofia', `${outside.url}/sofia.jpg`);
  const page = await consoleOfStaff(browser, server, admin);
  const complaints = complaintsOf(page);
  const held = Promise.withResolvers<void>();
  await page.route('**/picture', async (route) => {
    await held.promise;
    await route.continue();
  });
  await open(page, id, 'Sofia');
  const initials = head(page).getByText('SO', { exact: true });
  await initials.waitFor();
  const before = await head(page).boundingBox();
  held.resolve();
  const picture = head(page).getByRole('img', { name: 'Picture of Sofia' });
  await picture.waitFor();
  assert.equal(await initials.count(), 0);
  assert.deepEqual(await head(page).boundingBox(), before, 'nothing moves');
  assert.match((await picture.getAttribute('src')) ?? '', /^data:image\/webp;base64,/);
  const size = await picture.evaluate('document.querySelector("[alt=\'Picture of Sofia\']").naturalWidth');
  assert.equal(size, 300);
  await look(page, 'Sofia');
  assert.deepEqual(
    outside.asked.map(({ headers }) => headers['user-agent']),
    ['Regulars'],
    'no browser asks its site',
  );
  assertQuiet(complaints);
  await page.context().close();
});

test('who has no picture, one that cannot be had or one that a role hides has initials', async () => {
  const [none, odd, sofia] = [
    await customer('Nora'),
    await customer('Otto', `${outside.url}/odd.png`),
    await customer('Sonia', `${outside.url}/sofia.jpg`),
  ];
  const page = await consoleOfStaff(browser, server, admin);
  const complaints = complaintsOf(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/picture')) asked.push(request.url());
  });
  await open(page, none, 'Nora');
  await head(page).getByText('NO', { exact: true }).waitFor();
  assert.deepEqual(asked, [], 'a default that nobody said is not asked for');
  const answered = page.waitForResponse(/\/picture$/);
  await open(page, odd, 'Otto');
  assert.equal((await answered).status(), 404);
  await head(page).getByText('OT', { exact: true }).waitFor();
  assertQuiet(complaints);
  await page.context().close();

  const role = await admin.call('POST', 'staff-roles', {
    name: 'No pictures',
    scopes: ['read:users', 'read:logs_users'],
    attributes: { read: ['*', '-picture'], write: [] },
  });
  assert.equal(role.status, 201, JSON.stringify(role.body));
  const member = await joinStaff(server, admin, { email: 'eve@umbrella.example', roles: [String(role.body.id)] });
  const limited = await consoleOfStaff(browser, server, member);
  await open(limited, sofia, 'Sonia');
  await head(limited).getByText('SO', { exact: true }).waitFor();
  assert.equal(
    await head(limited)
      .getByRole('img', { name: /Picture/ })
      .count(),
    0,
  );
  await limited.context().close();
});
