// Where the keys go in the console of rules and actions when what was pressed goes away; what is told while code is
// skipped; and which values an import brings along.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let complaints: string[];
let mark: string;
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
  const script = 'function (user, context, callback) {\n  callback(null, user, context);\n}';
  await manage('POST', 'rules', { name: 'Greeting', script });
  const { id } = await manage('POST', 'actions/actions', {
    name: 'Mark',
    code: 'exports.onExecutePostLogin = async (event, api) => {};',
    supported_triggers: [{ id: 'post-login' }],
    secrets: ['FIRST', 'SECOND', 'THIRD'].map((name) => ({ name, value: 'hidden' })),
  });
  mark = String(id);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path: string, heading: string): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
const button = (name: string) => page.getByRole('button', { name, exact: true });
/** The focus comes to what has this text or name. */
const focusAt = (name: string) => page.locator(`:focus:is([aria-label="${name}"], :text-is("${name}"))`).waitFor();
async function secrets(): Promise<string[]> {
  const { secrets: all } = await manage('GET', `actions/actions/${mark}`);
  assert.ok(Array.isArray(all));
  return all.map(({ name }) => String(name));
}
async function byKey(name: string): Promise<void> {
  await button(name).focus();
  await page.keyboard.press('Enter');
}

test('the focus stays at “Deploy”; before a secret is removed it is asked, then the focus is at what stands in its place', async () => {
  await open(`/actions/${mark}`, 'Mark');
  await byKey('Deploy');
  await page.getByText('Version 1 is deployed.').first().waitFor();
  await page.getByRole('button', { name: 'Deploy', exact: true, disabled: true }).waitFor();
  await page.locator('button:focus', { hasText: 'Deploy' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await byKey('Remove SECOND');
  await page.getByRole('dialog').getByText('Its value cannot be brought back').waitFor();
  await look(page, 'Mark');
  await byKey('Cancel');
  await focusAt('Remove SECOND');
  assert.equal((await secrets()).length, 3, 'nothing is removed before the answer');
  await byKey('Remove SECOND');
  await byKey('Remove it');
  await focusAt('Remove THIRD');
  assert.deepEqual(await secrets(), ['FIRST', 'THIRD']);
  await byKey('Remove THIRD');
  await byKey('Remove it');
  await page.locator('input:focus').and(page.getByLabel('Name of the secret')).waitFor();
  const { deployed_version } = await manage('GET', `actions/actions/${mark}`);
  assert.partialDeepStrictEqual(deployed_version, { number: 1 });
});

test('what is bound to a trigger, or no more, keeps the focus in its place', async () => {
  await open('/actions', 'Actions');
  await byKey('Let Mark run');
  await focusAt('Mark: up');
  await byKey('Mark: let it run no more');
  await page.getByText('Nothing runs here.').waitFor();
  await page.locator('button:focus', { hasText: 'Let Mark run' }).waitFor();
});

test('an action that reads a secret that is not there is deployed, and the secret is told by its name until it is set', async () => {
  const { id } = await manage('POST', 'actions/actions', {
    ...{ name: 'Reads', supported_triggers: [{ id: 'post-login' }], secrets: [{ name: 'KEPT', value: 'kept' }] },
    code: 'exports.onExecutePostLogin = async (event) => {\n  console.log(event.secrets.KEPT, event.secrets.TOKEN);\n};',
  });
  await open(`/actions/${id}`, 'Reads');
  const told = page.getByText('The code reads event.secrets.TOKEN; there is no secret of that name.');
  await page.getByText('Line 2: ').and(told).waitFor();
  await look(page, 'Reads');
  await byKey('Deploy');
  const news = page.locator('.told').getByRole('alert');
  await news.getByText('Version 1 is deployed.').waitFor();
  await news.and(page.locator(':has-text("event.secrets.TOKEN")')).waitFor();
  await look(page, 'Reads');
  await news.getByRole('button', { name: 'Close' }).click();
  await told.and(page.getByText('Line 2: ')).waitFor();
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await page.getByLabel('Name of the secret').fill('TOKEN');
  await page.getByLabel('Value', { exact: true }).fill('hidden');
  await byKey('Set the secret');
  await told.waitFor({ state: 'detached' });
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.locator('.cm-content').pressSequentially('event.secrets.');
  for (const name of ['KEPT', 'TOKEN']) {
    await page.locator('.cm-tooltip-autocomplete').getByText(name, { exact: true }).waitFor();
  }
  await manage('DELETE', `actions/actions/${id}`);
});

test('before an action goes back to an earlier version it is told what becomes of code and secrets, and so it is', async () => {
  const code = (claim: string) =>
    `exports.onExecutePostLogin = async (event, api) => {\n  api.idToken.setCustomClaim('${claim}', 1);\n};`;
  const draft = { name: 'Turned back', code: code('https://a.example/one'), secrets: [{ name: 'OLD', value: 'old' }] };
  const { id } = await manage('POST', 'actions/actions', { ...draft, supported_triggers: [{ id: 'post-login' }] });
  await manage('POST', `actions/actions/${id}/deploy`);
  const now = { code: code('https://a.example/two'), secrets: [{ name: 'NEW', value: 'new' }] };
  await manage('PATCH', `actions/actions/${id}`, now);
  await manage('POST', `actions/actions/${id}/deploy`);
  const secretsNow = async () => {
    const { secrets: kept } = await manage('GET', `actions/actions/${id}`);
    assert.ok(Array.isArray(kept));
    return kept.map(({ name }) => name);
  };

  await open(`/actions/${id}`, 'Turned back');
  await byKey('Back to it: version 1');
  const dialog = page.getByRole('dialog', { name: 'Back to version 1?' });
  for (const words of [
    'It is deployed as a version of its own, with the secrets that it had then.',
    'What is written now goes, and so do the secrets that are kept now:',
    'a value that it did not have must be typed in again.',
  ]) {
    await dialog.getByText(words).waitFor();
  }
  await look(page, 'Turned back');
  await byKey('Cancel');
  await focusAt('Back to it: version 1');
  assert.deepEqual(await secretsNow(), ['NEW'], 'nothing happens before the answer');
  await byKey('Back to it: version 1');
  await byKey('Deploy it again');
  await page.getByText('Version 1 is deployed again, as version 3.').first().waitFor();
  await page.getByText('Version 3 · deployed').waitFor();
  await focusAt('Back to it: version 1');
  const code1 = page.getByRole('textbox', { name: 'Code', exact: true });
  await code1.getByText('https://a.example/one').waitFor();
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await button('Remove OLD').waitFor();
  assert.equal(await button('Remove NEW').count(), 0);
  assert.deepEqual(await secretsNow(), ['OLD']);
  await manage('DELETE', `actions/actions/${id}`);
});

test('while all code is skipped every page of code says so, and the focus is at the way back', async () => {
  await open('/rules', 'Rules');
  await byKey('Skip all rules');
  await page.getByRole('dialog').getByRole('button', { name: 'Skip all rules' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('button:focus', { hasText: 'Let rules run again' }).waitFor();
  const told = page.getByRole('alert').getByText('No rule and no action runs');
  await page.getByRole('link', { name: 'Greeting', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Greeting' }).waitFor();
  await told.waitFor();
  await open(`/actions/${mark}`, 'Mark');
  await told.waitFor();
  await open('/actions', 'Actions');
  await told.waitFor();
  await look(page, 'Actions');
  await page.getByRole('link', { name: 'the page of rules' }).click();
  await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
  await byKey('Let rules run again');
  await button('Let them run').focus();
  await page.keyboard.press('Enter');
  await page.locator('button:focus', { hasText: 'Skip all rules' }).waitFor();
});

test('a service that is asked again leaves the focus on its card', async () => {
  await manage('PATCH', 'enrichment/sources/fullcontact', { resume: true }); // its row comes with it
  await sql`update enrichment_sources set failures_in_row = 5, paused_until = now() + interval '1 hour', paused_for = 'HTTP 500'
    where id = 'fullcontact'`.execute(server.base.db);
  await open('/enrichment', 'Enrichment');
  await page.getByText('Nobody is asked about now').waitFor();
  await look(page, 'Enrichment');
  await byKey('Ask again now');
  const card = page.getByRole('region', { name: 'FullContact', exact: true });
  await card.getByText('Nobody is asked about now').waitFor({ state: 'detached' });
  await card.locator(':focus').waitFor();
});

test('where a page comes in place of what was pressed the focus is at its title; where the console opens it is at no place', async () => {
  await open('/rules/library/welcome-mark', 'Welcome mark');
  assert.equal(await page.locator('h1:focus').count(), 0);
  await byKey('Switch it on');
  await page.getByRole('tab', { name: 'How it runs' }).waitFor();
  await page.locator('h1:focus', { hasText: 'Welcome mark' }).waitFor();
  await look(page, 'Welcome mark');
  await page.getByRole('link', { name: 'All rules', exact: true }).press('Enter');
  await page.locator('h1:focus', { hasText: 'Rules' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Actions', exact: true }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Actions' }).waitFor();
  // The menu keeps it.
  await page.locator('nav a:focus', { hasText: 'Actions' }).waitFor();
});

test('values of rules come and go, and the focus stays where they stand', async () => {
  await open('/rules/configuration', 'Configuration of rules');
  await page.getByText('No value yet').waitFor();
  await button('New value').last().press('Enter');
  await page.getByLabel('Name', { exact: true }).fill('CRM_KEY');
  await page.getByLabel('Value', { exact: true }).fill('hidden');
  await byKey('Set it');
  await focusAt('Set anew: CRM_KEY');
  await byKey('Remove CRM_KEY');
  await byKey('Remove it');
  await page.getByText('No value yet').waitFor();
  await page.locator('button:focus', { hasText: 'New value' }).waitFor();
});

test('who takes the work of others instead of theirs has the focus at the button that saves', async () => {
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  const { id } = rules.find(({ name }) => name === 'Greeting');
  await open(`/rules/${id}`, 'Greeting');
  await page.getByLabel('Name', { exact: true }).fill('Mine');
  await manage('PATCH', `rules/${id}`, { name: 'Theirs' });
  await byKey('Save');
  await byKey('Show theirs, drop mine');
  await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor();
  await page.locator('button:focus', { hasText: 'Save' }).waitFor();
});

test('an import tells which values of the configuration come along; what is here stays as it is', async () => {
  await manage('PUT', 'rules-configs/SHOP', { value: 'northtrail' });
  await open('/rules/import', 'Import from Auth0');
  const values = [
    { key: 'SHOP', value: 'lumiere' },
    { key: 'CURRENCY', value: 'EUR' },
  ];
  const file = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await page
    .getByLabel('Files', { exact: true })
    .setInputFiles([file('rulesConfigs.json', JSON.stringify(values)), file('empty.js', '\n')]);
  await page.getByText('A rule is one function').waitFor();
  const part = page.getByRole('region', { name: 'Configuration of rules' });
  await part.getByRole('listitem').filter({ hasText: 'SHOP' }).getByText('Here already: stays behind').waitFor();
  await part.getByRole('listitem').filter({ hasText: 'CURRENCY' }).getByText('Comes along').waitFor();
  await look(page, 'Import from Auth0');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(new URL(request.url()).pathname);
  });
  await byKey('Import it');
  await page.getByText('1 imported').waitFor();
  await page.locator('h2:focus', { hasText: '1 imported' }).waitFor();
  assert.deepEqual(sent, ['/api/v2/rules-configs/CURRENCY']);
  assertQuiet(complaints);
});

test('keys of the configuration are offered while a rule is written, each as code reads it', async () => {
  const keys = ['GREETING', 'of-day'];
  for (const key of keys) await manage('PUT', `rules-configs/${key}`, { value: 'Good day' });
  await open('/rules/new', 'New rule');
  const script = page.getByRole('textbox', { name: 'Script', exact: true });
  await script.click();
  await page.keyboard.press('ControlOrMeta+A');
  await script.pressSequentially('configuration.');
  const offered = page.locator('.cm-tooltip-autocomplete');
  await offered.getByText('GREETING', { exact: true }).waitFor();
  await script.pressSequentially('of');
  await offered.getByText('["of-day"]').click();
  await page.locator('.cm-line', { hasText: /^configuration\["of-day"\]$/ }).waitFor();
  for (const key of keys) await manage('DELETE', `rules-configs/${key}`);
});
