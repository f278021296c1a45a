// Rules in the console of who may switch on ready ones and write no code: what the server would refuse is not offered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Response } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { look } from '../staff-page.ts';

const script = 'function (user, context, callback) {\n  callback(null, user, context);\n}';
let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let greeting: string;
let admin: SignedIn;
let marketer: Awaited<ReturnType<typeof joinStaff>>;
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  greeting = String((await manage('POST', 'rules', { name: 'Greeting', script })).id);
  await manage('POST', 'rules/library', { library: 'welcome-mark', settings: {} });
  await manage('POST', 'rules/library', { library: 'verified-email', settings: {} });
  admin = await signInFirst(server);
  const roles = [await roleId(admin, 'Marketer')];
  marketer = await joinStaff(server, admin, { email: 'mara@umbrella.example', roles });
  ({ page } = await atConsole(browser, server, marketer, { viewport: desktop }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path: string, heading: string): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
const main = () => page.getByRole('main');
const isThere = async (role: 'link' | 'button' | 'tab', name: string) =>
  (await main().getByRole(role, { name, exact: true }).count()) > 0;
const notAllowed = () => main().getByText('Your role does not allow this');

test('the list offers ready rules alone; only harmless ones are switched', async () => {
  await open('/rules', 'Rules');
  await page.getByRole('switch', { name: 'Welcome mark is on', disabled: false }).waitFor();
  for (const name of ['Greeting', 'Require a verified e-mail address']) {
    await page.getByRole('switch', { name: `${name} is on`, disabled: true }).waitFor();
  }
  // What may not be changed shows whether it is on, all the same.
  await manage('PATCH', `rules/${greeting}`, { enabled: false });
  await page.reload();
  await page.getByRole('switch', { name: 'Greeting is on', disabled: true }).waitFor();
  const ground = (name: string) =>
    page.evaluate(
      `getComputedStyle(document.querySelector('[aria-label="${name} is on"]').nextElementSibling).backgroundColor`,
    );
  assert.notEqual(await ground('Greeting'), await ground('Require a verified e-mail address'));
  await manage('PATCH', `rules/${greeting}`, { enabled: true });
  assert.ok(await isThere('link', 'From the library'));
  for (const name of ['New rule', 'Import']) assert.equal(await isThere('link', name), false, name);
  for (const name of ['Skip all rules', 'Greeting: down', 'Save the deadline']) {
    assert.equal(await isThere('button', name), false, name);
  }
  await look(page, 'Rules');
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.getByRole('switch', { name: 'Welcome mark is on' }).press('Space');
  assert.equal((await saved).status(), 200);
});

test('a rule of code is read only', async () => {
  await open(`/rules/${greeting}`, 'Greeting');
  await page.getByText('who changes it must be allowed to, too').waitFor();
  await page.getByRole('textbox', { name: 'Script', exact: true }).waitFor();
  assert.equal(await page.locator('.cm-content').getAttribute('contenteditable'), 'false');
  for (const name of ['Save', 'Save how it runs', 'Remove']) assert.equal(await isThere('button', name), false, name);
  for (const name of ['Try', 'Log']) assert.equal(await isThere('tab', name), false, name);
  await page.getByRole('switch', { name: 'On', exact: true, disabled: true }).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).isEditable(), false);
  await look(page, 'Greeting');
});

test('a ready rule is filled in, and one that is as good as code is not', async () => {
  await open('/rules', 'Rules');
  await main().getByRole('link', { name: 'Welcome mark' }).click();
  await page.getByLabel('Claim', { exact: true }).fill('https://shop.example/new');
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await main().getByRole('button', { name: 'Save', exact: true }).click();
  assert.equal((await saved).status(), 200);
  assert.equal(await isThere('tab', 'Log'), false);
  // How it runs counts for everybody's sign-in, whatever it does.
  await page.getByRole('radio', { name: 'The sign-in is refused', disabled: true }).waitFor();
  assert.equal(await isThere('button', 'Save how it runs'), false);
  await look(page, 'Welcome mark');
  await open('/rules/library/first-sign-in-webhook', 'Webhook on the first sign-in');
  await notAllowed().waitFor();
  await main().getByText('calls another server is switched on by who may write code').waitFor();
  assert.equal(await isThere('button', 'Switch it on'), false);
  await open('/rules/library/picture-fallback', 'Picture fallback');
  await main().getByText('leads to another server is switched on by who may write code').waitFor();
  assert.equal(await isThere('button', 'Switch it on'), false);
});

test('a ready rule that an administrator has refuse sign-ins is read only', async () => {
  const { id } = await manage('POST', 'rules/library', {
    ...{ library: 'birthday', settings: {}, name: 'Birthdays', on_failure: 'refuse' },
  });
  await open(`/rules/${id}`, 'Birthdays');
  await page.getByRole('switch', { name: 'On', exact: true, disabled: true }).waitFor();
  await page.getByRole('radio', { name: 'The sign-in is refused', disabled: true }).waitFor();
  for (const name of ['Save', 'Save how it runs', 'Remove']) assert.equal(await isThere('button', name), false, name);
  await look(page, 'Birthdays');
});

test('who comes by address to a page that writes code is told that their role does not allow it', async () => {
  for (const [path, heading] of [
    ['/rules/new', 'New rule'],
    ['/rules/import', 'Import from Auth0'],
    ['/actions/new', 'New action'],
  ] as const) {
    await open(path, heading);
    await notAllowed().waitFor();
    assert.equal(await main().getByRole('textbox').count(), 0);
    await look(page, heading);
  }
});

test('what a role may not read is not asked for: nothing is refused behind the page', async () => {
  const refused: string[] = [];
  const note = (response: Response) => void (response.status() === 403 && refused.push(response.url()));
  page.on('response', note);
  for (const [path, heading] of [
    ['/actions', 'Actions'],
    ['/rules/configuration', 'Configuration of rules'],
  ] as const) {
    await open(path, heading);
    await notAllowed().waitFor();
    await look(page, heading);
  }
  page.off('response', note);
  assert.deepEqual(refused, []);
});

test('a right that is gone while a form is open: the refusal says what is not allowed', async () => {
  await open('/rules', 'Rules');
  await main().getByRole('link', { name: 'Welcome mark' }).click();
  await page.getByLabel('Claim', { exact: true }).fill('https://shop.example/newcomer');
  const taken = await admin.call('PATCH', `staff/${marketer.id}`, { roles: [await roleId(admin, 'Support')] });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await main().getByRole('button', { name: 'Save', exact: true }).click();
  await main()
    .getByRole('alert')
    .getByText('Your role does not allow this. Ask an administrator of yours for it')
    .waitFor();
});
