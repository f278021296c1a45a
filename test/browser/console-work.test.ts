// An associate's day at the console in Chromium: marks, notes, follow-ups; a session or a right that ends meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { assertAccessible, desktop, openBrowser, patienceMs, visitor } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { look } from '../staff-page.ts';

const email = 'sofia.marchetti@example.com';
const password = 'seven green rivers';
let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let associate: SignedIn & { id: string };
let customer: string;
let portal: { client_id: string; client_secret: string };
before(async () => {
  const variables = { ...administratorVariables, ...consoleVariables };
  [server, browser] = await Promise.all([startTestServer(variables), openBrowser()]);
  manage = await manageAt(server);
  portal = await makePortal(manage, { app_type: 'regular_web', grant_types: ['authorization_code', 'password'] });
  customer = await makeCustomer(manage, email, password);
  await manage('PATCH', path(), { app_metadata: { tier: 'Planted tier gold' } });
  admin = await signInFirst(server);
  const roles = [await roleId(admin, 'Associate')];
  associate = await joinStaff(server, admin, { email: 'bo@umbrella.example', roles });
});
after(async () => {
  await browser.close();
  await server.stop();
});

const path = () => `users/${encodeURIComponent(customer)}`;
// Out of sight, too: what the page asks by itself may find that the session is over before a click does.
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline', includeHidden: true });

/** The customer's page, as this member of staff has it. */
async function profile(who: SignedIn): Promise<Page> {
  const { page } = await atConsole(browser, server, who, { viewport: desktop });
  page.setDefaultTimeout(90_000); // the console is built for the first who comes
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  await page.getByRole('heading', { level: 1, name: email }).waitFor();
  page.setDefaultTimeout(patienceMs);
  return page;
}

async function signIn(): Promise<void> {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'password', ...portal, username: email, password, scope: 'openid' }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('an associate marks a customer, writes and mends a note, and keeps a follow-up in mind', async () => {
  const page = await profile(associate);
  const dialog = page.getByRole('dialog');
  const tags = page.getByRole('region', { name: 'Tags' });
  await tags.getByLabel('New tag').fill(' VIP');
  await page.keyboard.press('Enter');
  await tags.getByRole('button', { name: 'Take away: vip' }).click();
  await tags.getByText('vip', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await tags.getByText('vip', { exact: true }).waitFor();

  const notes = page.getByRole('region', { name: 'Notes' });
  await admin.call('POST', `${path()}/notes`, { text: 'Of somebody else' });
  await page.getByLabel('New note').fill('Likes jasmin');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await notes.getByText('Likes jasmin', { exact: true }).waitFor();
  const { name } = (await admin.call('GET', 'staff/me')).body;
  await notes.getByText(`${name} `, { exact: false }).waitFor();
  assert.equal(await notes.getByRole('button', { name: 'Change this note' }).count(), 1, 'only their own');
  await notes.getByRole('button', { name: 'Change this note' }).click();
  await dialog.getByLabel('Note').fill('Likes jasmine');
  const { body } = await associate.call('GET', `${path()}/notes`);
  assert.ok(Array.isArray(body.items));
  const mine = body.items.find(({ text }) => text === 'Likes jasmin');
  await admin.call('PATCH', `${path()}/notes/${mine.id}`, { text: 'Likes roses' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed this while you did').waitFor();
  await look(page, email);
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await notes.getByText('Likes jasmine', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Follow up' }).click();
  await dialog.getByLabel('What').fill('Call about the order');
  await page.mouse.click(10, 450);
  assert.equal(await dialog.getByLabel('What').inputValue(), 'Call about the order', 'a click beside loses nothing');
  page.once('dialog', (question) => question.dismiss());
  await page.keyboard.press('Escape');
  assert.equal(await dialog.getByLabel('What').inputValue(), 'Call about the order');
  await dialog.getByLabel('When').fill('2099-12-01');
  await look(page, email);
  await dialog.getByRole('button', { name: 'Keep in mind' }).click();
  await page.getByText('Follow up on Dec 1, 2099').waitFor();
  await page.getByText('set by bo').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByLabel('When').fill('2020-01-31');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Follow up since Jan 31, 2020').waitFor();
  await look(page, email);

  // In the list of what is due it is done by one click, and taken back by another.
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByText('since Jan 31, 2020').waitFor();
  await page.getByRole('cell', { name: 'Call about the order' }).waitFor();
  await look(page, 'Follow-ups');
  await page.getByRole('button', { name: `Done: ${email}` }).click();
  await page.getByText('Nothing is due').waitFor();
  await look(page, 'Follow-ups');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('since Jan 31, 2020').waitFor();
  await admin.call('PATCH', `${path()}/follow-up`, { date: '2099-12-01' });
  await page.getByRole('switch', { name: 'Only mine' }).click();
  await page.getByText('Nothing is due').waitFor();
  await page.getByText('Later too', { exact: true }).click();
  await page.getByRole('link', { name: email }).click();
  await page.getByText('Follow up on Dec 1, 2099').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByRole('button', { name: 'Follow up' }).waitFor();

  // Keys do nothing behind a dialog; without one `/` leads to the search.
  await page.getByRole('button', { name: 'Raw JSON' }).click();
  await dialog.waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.keyboard.press('/');
  assert.match(page.url(), /\/console\/customers\/./);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await page.locator('[data-search]:focus').waitFor();
  await page.context().close();
});

test('a session that ends takes nothing that was typed; who comes then sees nothing of it', async () => {
  const page = await profile(associate);
  const context = page.context();
  const note = page.getByLabel('New note');
  const ended = page.getByRole('alert').getByText('Your session has ended');
  const comeBack = () => page.evaluate(`window.dispatchEvent(new Event('focus'))`);
  await note.fill('Half a sentence');
  const cookies = await context.cookies();
  await context.clearCookies();
  await timeline(page).getByText('Security', { exact: true }).dispatchEvent('click');
  await ended.waitFor();
  await assertAccessible(page);
  assert.equal(await page.getByText('Planted tier gold').isVisible(), false, 'what is shown is out of sight');
  await comeBack();
  assert.equal(await note.inputValue(), 'Half a sentence');
  await context.addCookies(cookies);
  await comeBack();
  await ended.waitFor({ state: 'detached' });
  await page.getByText('Planted tier gold').waitFor();
  await timeline(page).getByText('Nothing yet.').waitFor();
  assert.equal(await note.inputValue(), 'Half a sentence');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await page.getByRole('region', { name: 'Notes' }).getByText('Half a sentence').waitFor();

  await note.fill('Another');
  await context.clearCookies();
  await timeline(page).getByText('Profile', { exact: true }).dispatchEvent('click');
  await ended.waitFor();
  const { page: elsewhere } = await atConsole(browser, server, admin);
  await context.addCookies(await elsewhere.context().cookies());
  await comeBack();
  await page.waitForURL(/\/console\/customers$/);
  await elsewhere.context().close();
  await context.close();
});

test('a right that is taken away takes what it showed with it, without reload; too often is no end', async () => {
  const made = await admin.call('POST', 'staff-roles', {
    name: 'Till',
    scopes: ['read:users', 'read:logs_users', 'read:attributes'],
    attributes: { read: ['*'], write: [] },
  });
  const role = `staff-roles/${made.body.id}`;
  await admin.call('PATCH', `staff/${associate.id}`, { roles: [made.body.id] });
  const { page } = await atConsole(browser, server, associate, { viewport: desktop });
  let refusals = 0;
  await page.route('**/live?*', (route) => {
    refusals += 1;
    const busy = { status: 429, headers: { 'retry-after': '1' }, json: { message: 'Global limit has been reached' } };
    return refusals === 1 ? route.fulfill(busy) : route.continue();
  });
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  const tier = page.getByText('Planted tier gold');
  await tier.waitFor();
  await timeline(page).getByText('live', { exact: true }).waitFor();
  assert.equal(refusals, 2);
  await admin.call('PATCH', role, { attributes: { read: ['*', '-app_metadata.tier'], write: [] } });
  await tier.waitFor({ state: 'detached', timeout: 20_000 });
  await timeline(page).getByText('live', { exact: true }).waitFor();
  await admin.call('PATCH', role, { scopes: ['read:users'] });
  await timeline(page).waitFor({ state: 'detached', timeout: 20_000 });
  await page.getByRole('heading', { level: 1, name: email }).waitFor();
  await page.context().close();
  await admin.call('PATCH', `staff/${associate.id}`, { roles: [await roleId(admin, 'Associate')] });
});

test('a tab that nobody looks at lets its connection go, and catches up', async () => {
  const { page } = await atConsole(browser, server, associate, { viewport: desktop });
  await page.clock.install();
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(customer)}`);
  await timeline(page).getByText('live', { exact: true }).waitFor();
  const see = (state: 'visible' | 'hidden') =>
    page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
  const dropped = page.waitForEvent('requestfailed', (request) => request.url().includes('/live'));
  await see('hidden');
  await page.clock.fastForward(61_000);
  await dropped;
  await signIn();
  await page.waitForTimeout(500);
  const rows = timeline(page).getByText('Signed in', { exact: false });
  const count = await rows.count();
  await see('visible');
  while ((await rows.count()) === count) await page.waitForTimeout(50);
  await page.context().close();
});

test('each part of a profile that cannot be read says so; ending a session asks first', async () => {
  const guest = await visitor(browser);
  await guest.page.goto(`${server.url}/account`);
  await guest.page.locator('#username').fill(email);
  await guest.page.locator('#password').fill(password);
  await guest.page.getByRole('button', { name: 'Continue', exact: true }).click();
  await guest.page.waitForURL(/\/account$/);

  const page = await profile(admin);
  const sessions = page.getByRole('region', { name: 'Devices and sessions' });
  await sessions.getByText('Chrome', { exact: false }).first().waitFor();
  await sessions.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('dialog').getByText('signed out in this browser (Chrome').waitFor();
  await look(page, email);
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await sessions.getByText('Signed in nowhere.').waitFor();
  await guest.context.close();

  const parts = ['tags', 'follow-up', 'notes', 'facts', 'authentication-methods', 'sessions', 'devices', 'consents'];
  await page.route(/\/api\/v2\/(users\/[^/]+\/[a-z-]+|user-blocks\/[^/]+)(\?|$)/, (route) => {
    const [, part] = /\/(user-blocks|[a-z-]+)(?:\/auth0[^/]*)?(?:\?|$)/.exec(route.request().url()) ?? [];
    return route.fulfill({ status: 500, json: { message: `Broken: ${part}.` } });
  });
  await page.reload();
  for (const part of [...parts, 'user-blocks', 'timeline']) await page.getByText(`Broken: ${part}.`).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Follow up' }).count(), 0, 'there may be one');
  await look(page, email);
  await page.context().close();
});
