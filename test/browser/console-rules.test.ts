// Rules in the console: written, tried, put in order, taken from the library, brought back.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt, passwordConnection, readJson } from '../api-calls.ts';
import { desktop, openBrowser, visitor } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';
import { writtenFolder } from '../written-folder.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let complaints: string[];
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const field = (label: string) => page.getByLabel(label, { exact: true });
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
const script = () => page.getByRole('textbox', { name: 'Script', exact: true });
async function open(path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
/** Types over what stands in an editor. */
async function write(text: string): Promise<void> {
  await script().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}
const inOrder = async () => {
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  return rules.map(({ name }) => String(name));
};

const greeting = `function (user, context, callback) {
  console.log('greeting', user.email);
  context.idToken['https://shop.example/greeting'] = 'Good day, ' + user.name;
  callback(null, user, context);
}`;

test('a rule is written: a fault is marked where it is, what it can know is offered, and it is kept', async () => {
  await open('/rules', 'Rules');
  await page.getByText('No rule yet').waitFor();
  await look(page, 'Rules');
  await page.getByRole('main').getByRole('link', { name: 'New rule' }).first().click();
  await field('Name').fill('Greeting');
  await script().waitFor();
  await look(page, 'New rule');
  await write('function (user, context, callback) {\n  callback(null, user context);\n}');
  await press('Make the rule');
  await page
    .getByRole('alert')
    .getByText(/line 2, column \d+/)
    .waitFor();
  await page.locator('.cm-lintRange-error').waitFor();
  await look(page, 'New rule');

  await write('');
  await script().pressSequentially('function (u, context, callback) {\nu.app');
  await page.locator('.cm-tooltip-autocomplete').getByText('app_metadata').waitFor();
  await page.keyboard.press('Escape');
  await write(greeting);
  await press('Make the rule');
  await page.getByRole('heading', { level: 1, name: 'Greeting' }).waitFor();
  assert.deepEqual(await inOrder(), ['Greeting']);
  await script().waitFor();
  await look(page, 'Greeting');
  assertQuiet(complaints);
});

test('it is tried with a customer’s last sign-in: what it changed, printed and called is shown, and nothing is kept', async () => {
  await manage('POST', 'connections', { name: passwordConnection, strategy: 'auth0' });
  const userId = await makeCustomer(manage, 'grace@example.com', 'a quiet harbour at dawn');
  await manage('PATCH', `users/${encodeURIComponent(userId)}`, { name: 'Grace' });
  const before = (line: string) => greeting.replace('callback(', `${line}\n  callback(`);
  await write(before("context.redirect = { url: 'https://away.example/' };"));
  await tab('Try');
  await field('Customer').fill('nobody@example.com');
  await press('Take their last sign-in');
  await page.getByText('There is no such customer').waitFor();
  await field('Customer').fill('grace@example.com');
  await press('Take their last sign-in');
  await page.getByText(`"user_id": "${userId}"`).waitFor();
  await press('Try it');
  await page.getByText('The customer would be sent elsewhere.').waitFor();
  await write(before('auth0.users.updateAppMetadata(user.user_id, { met: true });'));
  await press('Try it');
  await page.getByText('The sign-in would go on.').waitFor();
  await page.getByRole('textbox', { name: 'context, before and after' }).getByText('Good day, Grace').waitFor();
  await look(page, 'Greeting');
  await tab('console (1)');
  await page.getByText('log: greeting grace@example.com').waitFor();
  await tab('Calls (1)');
  await page.getByText('update_app_metadata').waitFor();
  await page.getByRole('textbox', { name: 'user', exact: true }).fill('{');
  await press('Try it');
  await page.getByText('This is not an object in JSON').waitFor();
  const { app_metadata } = await manage('GET', `users/${encodeURIComponent(userId)}`);
  assert.deepEqual(app_metadata ?? {}, {});
});

test('history: what changed is seen, and an earlier version is brought back; who comes second is told', async () => {
  await press('Save');
  await page.getByText('Saved. It is off: it counts once you switch it on.').first().waitFor();
  await tab('History');
  await page.getByText('Version 2 · now').waitFor();
  await press('Compare with version 1');
  await page.getByRole('dialog').locator('.cm-changedLine').getByText('updateAppMetadata').waitFor();
  await look(page, 'Greeting');
  await page.keyboard.press('Escape');
  await press('Back to it: version 1');
  await press('Bring it back');
  await page.getByText('Version 3 · now').waitFor();
  assert.equal(await script().getByText('updateAppMetadata').count(), 0);
  await page.getByText(/brought back version 1/).waitFor();

  const id = new URL(page.url()).pathname.split('/').at(-1);
  await field('Name').fill('Mine');
  await manage('PATCH', `rules/${id}`, { name: 'Theirs' });
  await press('Save');
  await page.getByText('Somebody changed this while you did').waitFor();
  assert.equal(await field('Name').inputValue(), 'Mine');
  await press('Save mine over it');
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
  await field('Name').fill('Greeting');
  await press('Save');
  await page.getByRole('heading', { level: 1, name: 'Greeting' }).waitFor();
});

test('what happens when it fails is chosen; a deadline is refused at its field', async () => {
  await tab('How it runs');
  await page.getByRole('radio', { name: /goes on as if/ }).check();
  await page.getByRole('switch', { name: /A deadline of its own/ }).check();
  await field('Deadline in ms').fill('5');
  await press('Save how it runs');
  await page.getByText('At least 50.').waitFor();
  await field('Deadline in ms').fill('19000');
  await Promise.all([page.waitForResponse((one) => one.request().method() === 'PATCH'), press('Save how it runs')]);
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  assert.partialDeepStrictEqual(rules[0], { on_failure: 'go_on', deadline_ms: 19_000 });
});

test('a rule of the library is switched on by its form; a secret is never shown again', async () => {
  await open('/rules/library', 'Library of rules');
  await page.getByText('Household income by area').waitFor();
  await look(page, 'Library of rules');
  await page.getByLabel('Search the library').fill('webhook');
  await page.getByRole('link', { name: /Webhook on the first sign-in/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhook on the first sign-in' }).waitFor();
  await press('Switch it on');
  await page.getByText('“Address” is needed: fill it in').waitFor();
  await look(page, 'Webhook on the first sign-in');
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('https://hooks.example/new');
  const secret = page.locator('input[type=password]');
  await secret.fill('sixteen letters and more');
  await press('Switch it on');
  await page.getByText('It is set; leave this empty to keep it.').waitFor();
  assert.equal(await secret.inputValue(), '');
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('https://hooks.example/newcomers');
  await press('Save');
  await page.getByText('Saved. It counts from the next sign-in on.').first().waitFor();
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  assert.partialDeepStrictEqual(rules[1], {
    ...{ enabled: true, secret_settings: ['secret'], settings: { address: 'https://hooks.example/newcomers' } },
  });
  await look(page, 'Webhook on the first sign-in');
});

test('order by keys and by dragging, on and off, and all of them skipped', async () => {
  await open('/rules/library/welcome-mark', 'Welcome mark');
  await press('Switch it on');
  await field('Claim').waitFor();
  await open('/rules', 'Rules');
  await page.getByRole('button', { name: 'Greeting: down' }).waitFor();
  await look(page, 'Rules');
  const saved = () => page.waitForResponse((response) => response.request().method() !== 'GET');
  await page.getByRole('button', { name: 'Greeting: down' }).focus();
  let answer = saved();
  await page.keyboard.press('Enter');
  await answer;
  await page.getByText('Greeting is at place 2 of 3').waitFor({ state: 'attached' });
  assert.deepEqual(await inOrder(), ['Webhook on the first sign-in', 'Greeting', 'Welcome mark']);
  await page.locator('[data-move$=" down"]:focus').waitFor();
  answer = saved();
  await page.keyboard.press('Enter');
  await answer;
  assert.deepEqual(await inOrder(), ['Webhook on the first sign-in', 'Welcome mark', 'Greeting']);
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  answer = saved();
  await row('Greeting').locator('.grip').hover();
  const place = await row('Webhook on the first sign-in').boundingBox();
  assert.ok(place);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width - 150, place.y + place.height / 2, { steps: 8 });
  await page.mouse.up();
  await answer;
  assert.deepEqual(await inOrder(), ['Greeting', 'Webhook on the first sign-in', 'Welcome mark']);

  answer = saved();
  await page.getByRole('switch', { name: 'Greeting is on' }).press('Space');
  await answer;
  await press('Skip all rules');
  await look(page, 'Rules');
  await page.getByRole('dialog').getByRole('button', { name: 'Skip all rules' }).click();
  await page.getByText('The glass is broken').waitFor();
  await look(page, 'Rules');
  const { skipped, rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  assert.deepEqual([skipped, rules[0].enabled], [true, true]);
  await press('Let rules run again');
  await press('Let them run');
  await page.getByText('Does a rule keep everybody out?').waitFor();
  assert.equal((await manage('GET', 'rules/running')).skipped, false);
});

test('a customer signs in: the claim is in the token, and what the rule prints is seen as it is printed', async () => {
  // Any page that answers will do for the shop's.
  const callback = `${server.url}/healthz`;
  const portal = await makePortal(manage, { callbacks: [callback] });
  await open('/rules', 'Rules');
  await page.getByRole('link', { name: 'Greeting', exact: true }).click();
  await tab('Log');
  await page.getByText('Live', { exact: true }).waitFor();
  const guest = await visitor(browser);
  const asked = { client_id: portal.client_id, redirect_uri: callback, response_type: 'code', scope: 'openid email' };
  await guest.page.goto(`${server.url}/authorize?${new URLSearchParams({ ...asked, state: 's' })}`);
  await guest.page.locator('#username').fill('grace@example.com');
  await guest.page.locator('#password').fill('a quiet harbour at dawn');
  await guest.page.getByRole('button', { name: 'Continue', exact: true }).click();
  await guest.page.waitForURL(`${callback}?*`);
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...portal,
      grant_type: 'authorization_code',
      redirect_uri: callback,
      code: new URL(guest.page.url()).searchParams.get('code') ?? '',
    }),
  });
  const { id_token: token } = await readJson(answer);
  const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims['https://shop.example/greeting'], 'Good day, Grace');
  await guest.context.close();
  await page.getByRole('region', { name: 'Log' }).getByText('greeting grace@example.com').waitFor();
  await look(page, 'Greeting');
  await tab('How it runs');
  await open('/rules', 'Rules');
  await page.getByRole('row').filter({ hasText: 'Greeting' }).getByRole('cell').nth(3).getByText('1').waitFor();
});

test('an export of Auth0 is looked at, told what runs and why not, and brought along', async () => {
  await open('/rules/import', 'Import from Auth0');
  await look(page, 'Import from Auth0');
  const rules: [name: string, order: number, script: string, enabled?: false][] = [
    ['Plan', 20, 'function (user, context, callback) { callback(null, user, context); }', false],
    ['First', 10, 'function (user, context, callback) { callback(null, user, context); }'],
    ['Old', 30, "(user, context, callback) => {\n  const pg = require('pg');\n  callback(null, user, context);\n}"],
    ['Crm', 40, '(user, context, callback) => callback(null, user, context, configuration.CRM_KEY)'],
    ['Join', 50, "(user, context, callback) => fetch(auth0.baseUrl + '/users-by-email').then(() => callback())"],
  ];
  const told = { name: 'Greet', code: './actions/Greet/code.js', supported_triggers: [{ id: 'post-login' }] };
  const files = rules.flatMap(([name, order, script, enabled = true]) => [
    [`rules/${name}.js`, script],
    [`rules/${name}.json`, JSON.stringify({ name, order, enabled, script: `./${name}.js` })],
  ]);
  const folder = await writtenFolder({
    ...Object.fromEntries(files),
    'hooks/enrich.json': JSON.stringify({ name: 'enrich', script: './enrich.js' }),
    'rulesConfigs.json': JSON.stringify([{ key: 'CRM_KEY' }, { key: 'SHOP', value: 'lumiere' }]),
    'actions/Greet/code.js': 'exports.onExecutePostLogin = async (event, api) => {};',
    'actions/Greet.json': JSON.stringify({ ...told, deployed: true }),
    'triggers/triggers.json': JSON.stringify({ 'post-login': [{ action_name: 'Greet' }] }),
  });
  await page.getByLabel('Folder', { exact: true }).setInputFiles(folder);
  await page.getByText('5 of 6 run here, 1 with a difference. What does not stays behind.').waitFor();
  await page.getByText('The hook enrich stays behind').waitFor();
  await page.getByText('It comes switched off: until then it would fail').waitFor();
  await page.getByText(/Line 2: .*pg/).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'CRM_KEY, in the configuration of rules' }).waitFor();
  await page.getByText('It comes switched off: it reads CRM_KEY').waitFor();
  assert.ok(await page.getByLabel('All switched off, to be tried first').isChecked());
  await look(page, 'Import from Auth0');
  await page.getByLabel('On or off as it was at Auth0').check();
  await press('Import these 6');
  await page.getByText('6 imported').waitFor();
  const outcome = page.getByRole('region', { name: 'What was imported' }).getByRole('listitem');
  assert.deepEqual(await outcome.allInnerTexts(), [
    'Value SHOP: kept',
    'Rule First: on',
    'Rule Plan: switched off',
    'Rule Crm: switched off',
    'Rule Join: switched off',
    'Action Greet: deployed',
    'Trigger post-login: runs Greet',
  ]);
  await look(page, 'Import from Auth0');
  const { rules: running } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(running));
  const states = running.slice(3).map(({ name, enabled }) => `${name} ${enabled}`);
  assert.deepEqual(states, ['First true', 'Plan false', 'Crm false', 'Join false']);
  const { bindings } = await manage('GET', 'actions/triggers/post-login/bindings');
  assert.ok(Array.isArray(bindings));
  assert.equal(bindings[0].display_name, 'Greet');
  await manage('DELETE', 'rules-configs/SHOP');
  await rm(folder, { recursive: true });
});

test('an action is written, tested, deployed, bound, and brought back; its secrets are not shown', async () => {
  await open('/actions', 'Actions');
  await page.getByRole('link', { name: 'Greet', exact: true }).waitFor();
  await look(page, 'Actions');
  await page.getByRole('link', { name: 'New action' }).click();
  await look(page, 'New action');
  await field('Name').fill('Mark');
  await press('Make the action');
  await page.getByRole('heading', { level: 1, name: 'Mark' }).waitFor();
  const code = page.getByRole('textbox', { name: 'Code', exact: true });
  const writeCode = async (text: string) => {
    await code.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  };
  const mark = (name: string) =>
    `exports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim('https://a.example/${name}', event.user.name);\n};`;
  await writeCode(
    "exports.onExecutePostLogin = async (event, api) => {\n  api.samlResponse.setAttribute('a', 'b');\n};",
  );
  await press('Save');
  await page
    .getByRole('alert')
    .getByText(/samlResponse.setAttribute \(line 2\) cannot work here/)
    .waitFor();
  await page.locator('.cm-lintRange-error').waitFor();
  await look(page, 'Mark');
  await writeCode(mark('one'));
  await press('Save');
  await page.getByText('Saved. It runs once it is deployed.').first().waitFor();
  await tab('Secrets');
  await field('Name of the secret').fill('TOKEN');
  await field('Value').fill('hidden-in-the-action');
  await press('Set the secret');
  await page.getByRole('button', { name: 'Remove TOKEN' }).waitFor();
  assert.equal(await field('Value').inputValue(), '');
  await tab('Try');
  await page.getByText('Requests to other servers do go out').waitFor();
  await field('Customer').fill('grace@example.com');
  await press('Take their last sign-in');
  await page.getByText('"email": "grace@example.com"').waitFor();
  await press('Try it');
  await page.getByText('https://a.example/one').last().waitFor();
  await look(page, 'Mark');
  await press('Deploy');
  await page.getByText('Version 1 is deployed.').first().waitFor();
  await writeCode(mark('two'));
  await press('Save');
  await page.getByRole('button', { name: 'Deploy', exact: true, disabled: false }).click();
  await page.getByText('Version 2 is deployed.').first().waitFor();
  await tab('Versions');
  await press('Compare with version 1');
  await page.getByRole('dialog').locator('.cm-changedLine').waitFor();
  await page.keyboard.press('Escape');
  await press('Back to it: version 1');
  await press('Deploy it again');
  await page.getByText('Version 3 · deployed').waitFor();
  await code.getByText('https://a.example/one').waitFor();
  await look(page, 'Mark');
  await open('/actions', 'Actions');
  await press('Let Mark run');
  await press('Mark: up');
  await page.getByText('Mark is at place 1 of 2').waitFor({ state: 'attached' });
  await look(page, 'Actions');
  const { bindings } = await manage('GET', 'actions/triggers/post-login/bindings');
  assert.ok(Array.isArray(bindings));
  assert.deepEqual(
    bindings.map(({ display_name }) => display_name),
    ['Mark', 'Greet'],
  );
  assertQuiet(complaints);
});
