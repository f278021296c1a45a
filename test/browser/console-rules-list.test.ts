// The lists of rules and actions in the console: seen whole on a phone, saved as a table, how long all rules may take, and
// the order of what runs at a trigger.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, phone } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  for (const name of ['Greeting', 'Welcome mark']) {
    const script = 'function (user, context, callback) {\n  callback(null, user, context);\n}';
    await manage('POST', 'rules', { name, script });
  }
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  await page.goto(`${server.url}/console/rules`);
  await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor({ timeout: 120_000 });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('on a phone each rule is a card that is seen whole', async () => {
  await page.setViewportSize(phone);
  const card = page.getByRole('row').filter({ hasText: 'Greeting' });
  for (const one of [
    card.getByText('0 runs'),
    card.getByText('0 errors'),
    card.getByRole('switch', { name: 'Greeting is on' }),
    card.getByRole('button', { name: 'Greeting: down' }),
  ]) {
    const box = await one.boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= phone.width, `within the screen: ${JSON.stringify(box)}`);
  }
  await page.setViewportSize(desktop);
  await page.getByRole('columnheader', { name: '95 % within' }).waitFor();
});

test('keys stop at a table only where it is wider than the page, and are told what it is', async () => {
  const table = page.getByRole('table', { name: 'Rules', exact: true });
  await table.waitFor();
  const stops = page.locator('.sideways[tabindex]');
  await page.waitForFunction("!document.querySelector('.sideways[tabindex]')");
  // As a tablet, where rules are no cards and their menu takes room.
  await page.setViewportSize({ width: 800, height: 900 });
  await page.getByRole('group', { name: 'Rules, wider than the page', exact: true }).waitFor();
  assert.equal(await stops.count(), 1);
  await look(page, 'Rules');
  await page.setViewportSize(desktop);
  await stops.waitFor({ state: 'detached' });
});

test('what the table shows stands in its CSV', async () => {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const [heads = ''] = (await readFile(await (await saved).path(), 'utf8')).split('\n');
  for (const head of ['Runs', '95 % within', 'Refusals', 'Errors']) assert.ok(heads.includes(head), heads);
});

test('the deadline of all rules is set below them', async () => {
  const deadline = page.getByLabel('Deadline of all rules together, in ms', { exact: true });
  const save = page.getByRole('button', { name: 'Save the deadline', exact: true });
  await deadline.fill('500');
  await save.click();
  await page.getByText(/At least 1,?000/).waitFor();
  await deadline.fill('8000');
  await save.click();
  await page.getByText('Saved. It counts from the next sign-in on.').first().waitFor();
  assert.equal((await manage('GET', 'rules/running')).deadline_ms, 8000);
  await look(page, 'Rules');
});

test('skipping rules says that actions are skipped, too', async () => {
  await page.getByRole('button', { name: 'Skip all rules', exact: true }).click();
  await page.getByRole('dialog').getByText('no rule and no action runs').waitFor();
});

test('what runs at a trigger is put in order by keys and by dragging, and let run no more', async () => {
  const code = 'exports.onExecutePostLogin = async () => {};';
  for (const name of ['Greet', 'Mark', 'A name of an action that is as long as names of actions may reasonably be']) {
    const draft = { name, code, supported_triggers: [{ id: 'post-login' }] };
    const { id } = await manage('POST', 'actions/actions', draft);
    await manage('POST', `actions/actions/${id}/deploy`);
  }
  await page.goto(`${server.url}/console/actions`);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  async function bound(act: () => Promise<void>): Promise<string[]> {
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await act();
    await saved;
    const { bindings } = await manage('GET', 'actions/triggers/post-login/bindings');
    assert.ok(Array.isArray(bindings));
    return bindings.map(({ display_name }) => String(display_name).slice(0, 6));
  }
  await bound(() => button('Let Greet run').click());
  await bound(() => button('Let Mark run').click());
  assert.deepEqual(await bound(() => page.getByRole('button', { name: /^Let A name/ }).click()), [
    'Greet',
    'Mark',
    'A name',
  ]);
  await button('Mark: up').waitFor();
  await look(page, 'Actions');

  await page.setViewportSize(phone);
  for (const name of ['Mark: up', 'Mark: down', 'Mark: let it run no more']) {
    const box = await button(name).boundingBox();
    assert.ok(
      box && box.x >= 0 && box.x + box.width <= phone.width,
      `${name} is on the screen: ${JSON.stringify(box)}`,
    );
  }
  await page.setViewportSize(desktop);
  await button('Mark: up').focus();
  assert.deepEqual(await bound(() => page.keyboard.press('Enter')), ['Mark', 'Greet', 'A name']);
  await page.getByText('Mark is at place 1 of 3').waitFor({ state: 'attached' });
  await page.locator('[data-move$=" up"]:focus').waitFor();
  const row = (name: string) => page.getByRole('row').filter({ has: button(`${name}: up`) });
  assert.deepEqual(await bound(() => row('Greet').locator('.grip').dragTo(row('Mark'))), ['Greet', 'Mark', 'A name']);
  assert.deepEqual(await bound(() => button('Greet: let it run no more').click()), ['Mark', 'A name']);
  await button('Let Greet run').waitFor();
});
