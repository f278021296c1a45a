// Forms of rules and actions in the console: where the keys go after a save, what a try and a comparison say, what an
// import leaves behind, lists on a phone, and what does not work here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, phone } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

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

async function open(path: string, heading: string): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
const field = (label: string) => page.getByLabel(label, { exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
async function write(text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Script', exact: true }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}
/** Presses a button by its key; the answer has come then. */
async function byKey(name: string): Promise<void> {
  await button(name).focus();
  const answer = page.waitForResponse((response) => response.request().method() !== 'GET');
  await page.keyboard.press('Enter');
  await answer;
}
const going = 'function (user, context, callback) {\n  callback(null, user, context);\n}';
const failing = (body: string) => `function (user, context, callback) {\n  ${body}\n}`;

test('on a phone what is offered while one types is not covered by what it is about, light and dark', async () => {
  await page.setViewportSize(phone);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await open('/rules/new', 'New rule');
    await write('function (user, context, callback) {');
    await page.keyboard.type('\n  user.');
    const [offered, about] = [
      page.locator('.cm-tooltip-autocomplete > ul'),
      page.locator('.cm-completionInfo[style*=max-width]'),
    ];
    for (const chosen of ['app_metadata', 'birthdate']) {
      await offered.locator('[aria-selected=true]', { hasText: chosen }).waitFor();
      await about.waitFor();
      const [list, info] = [await offered.boundingBox(), await about.boundingBox()];
      assert.ok(list && info);
      const isBeside = info.x + info.width <= list.x + 1 || info.x >= list.x + list.width - 1;
      assert.ok(
        isBeside || info.y >= list.y + list.height - 1 || info.y + info.height <= list.y + 1,
        `${chosen} is free`,
      );
      assert.ok(info.x >= 0 && info.x + info.width <= phone.width, `${chosen} is on the screen`);
      await page.keyboard.press('ArrowDown');
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
});

test('a name that is missing is needed; after a refusal the focus is at what was refused', async () => {
  await open('/rules/new', 'New rule');
  await page.getByRole('textbox', { name: 'Script', exact: true }).waitFor();
  await byKey('Make the rule');
  await page.getByText('This is needed.').waitFor();
  await page.locator('input:focus[aria-invalid="true"]').waitFor();
  await field('Name').fill('Wrong!');
  await byKey('Make the rule');
  await page.getByText('Letters, digits, spaces and “-” between them.').waitFor();
  await field('Name').fill('A greeting');
  await write('function (user, context callback) {}');
  await byKey('Make the rule');
  await page.locator('.cm-content:focus[aria-invalid="true"]').waitFor();
  await look(page, 'New rule');
  await write(going);
  await byKey('Make the rule');
  await page.getByRole('heading', { level: 1, name: 'A greeting' }).waitFor();
});

test('below its name a rule says when what is saved counts: off, it runs once it is switched on', async () => {
  const isOff = page.getByText('It is off: what is saved is kept, and runs once it is switched on.');
  const isOn = page.getByText('What is saved counts from the next sign-in on.');
  await isOff.waitFor();
  assert.equal(await isOn.count(), 0);
  const on = page.getByRole('switch', { name: 'On', exact: true });
  await on.press('Space');
  await isOn.waitFor();
  await on.press('Space');
  await isOff.waitFor();
});

test('after a save by key the focus is at the button still; what was refused takes it', async () => {
  const atSave = page.locator('button:focus', { hasText: 'Save' });
  await field('Name').fill('Greeting');
  await byKey('Save');
  await page.getByRole('heading', { level: 1, name: 'Greeting' }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true, disabled: true }).waitFor();
  await atSave.waitFor();
  await field('Name').fill('-');
  await byKey('Save');
  await page.locator('input:focus[aria-invalid="true"]').waitFor();
  await button('Put back').focus();
  await page.keyboard.press('Enter');
  await atSave.waitFor();
  assert.equal(await field('Name').inputValue(), 'Greeting');
});

test('a try says what would come of the sign-in, by how the rule is set', async () => {
  await tab('Try');
  const result = page.getByRole('region', { name: 'What came of it' });
  for (const [body, title, after] of [
    ["callback(new UnauthorizedError('Not today'));", 'The sign-in would be refused', 'Not today'],
    ['user.nothing.at.all;', 'It failed in line 2: TypeError', 'As the rule is set, the sign-in would be refused.'],
    ['for (;;);', 'It took too long', 'As the rule is set, the sign-in would be refused.'],
  ] as const) {
    await write(failing(body));
    await button('Try it').click();
    await result.getByText(title, { exact: true }).waitFor();
    await result.getByText(after, { exact: true }).waitFor();
    await page.locator('button:focus', { hasText: 'Try it' }).waitFor();
  }
  await look(page, 'Greeting');
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  await manage('PATCH', `rules/${rules[0].id}/running`, { on_failure: 'go_on' });
  await button('Put back').click();
  await open(`/rules/${rules[0].id}`, 'Greeting');
  await page.getByText('Refused', { exact: true }).waitFor();
  await tab('Try');
  await write(failing('user.nothing.at.all;'));
  await button('Try it').click();
  await result.getByText('As the rule is set, the sign-in would go on as if it had not run.').waitFor();
  await button('Put back').click();
});

test('a comparison has signs beside its colours; a ready rule offers none of what is now', async () => {
  await write(failing("callback(null, { ...user, nickname: 'x' }, context);"));
  await button('Save').click();
  await page.getByText('Saved. It is off: it counts once you switch it on.').first().waitFor();
  await tab('History');
  await button('Compare with version 1').click();
  const sign = async (line: string) => {
    await page.getByRole('dialog').locator(line).first().waitFor();
    return String(await page.evaluate(`getComputedStyle(document.querySelector('${line}'), '::before').content`));
  };
  assert.match(await sign('.cm-changedLine'), /\+/);
  assert.match(await sign('.cm-deletedLine'), /\u2212/);
  await look(page, 'Greeting');

  const { id } = await manage('POST', 'rules/library', { library: 'welcome-mark', settings: {} });
  await open(`/rules/${id}`, 'Welcome mark');
  await tab('History');
  await page.getByText('Version 1 · now').waitFor();
  assert.equal(await button('Compare with version 1').count(), 0);
});

test('a ready rule that is here is changed there, and not added once more', async () => {
  await open('/rules/library/welcome-mark', 'Welcome mark');
  await page.getByRole('link', { name: 'change it there' }).waitFor();
  assert.equal(await button('Switch it on').count(), 0);
  await look(page, 'Welcome mark');
  await page.getByRole('link', { name: 'change it there' }).click();
  await field('Claim').waitFor();
});

test('what a setting is about has its names of programs as code', async () => {
  await open('/rules/library/first-source', 'First source of visit');
  await page.locator('code', { hasText: '/authorize?utm_source=' }).waitFor();
  assert.equal(await page.getByRole('main').getByText('`').count(), 0);
  await look(page, 'First source of visit');
});

test('a sign-in is counted while the page is open, and what is printed has its second', async () => {
  const { rules } = await manage('GET', 'rules/running');
  assert.ok(Array.isArray(rules));
  const [{ id }] = rules;
  await manage('PATCH', `rules/${id}`, {
    script: failing("console.log('here'); callback(null, user, context);"),
    enabled: true,
  });
  await open(`/rules/${id}`, 'Greeting');
  const figures = page.getByRole('region', { name: 'How it did' });
  await figures.getByText('Runs of the last hour').waitFor();
  const portal = await makePortal(manage, { grant_types: ['password'] });
  await makeCustomer(manage, 'grace@example.com', 'a quiet harbour at dawn');
  const signedIn = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ grant_type: 'password', ...portal, scope: 'openid' },
      ...{ username: 'grace@example.com', password: 'a quiet harbour at dawn' },
    }),
  });
  assert.equal(signedIn.status, 200, await signedIn.text());
  await figures.getByText('1', { exact: true }).waitFor();
  await tab('Log');
  const log = page.getByRole('region', { name: 'Log' });
  await log.getByText('here').waitFor();
  await log.getByText(/\d:\d\d:\d\d/).waitFor();
  await page.setViewportSize(phone);
  await open('/rules', 'Rules');
  await page
    .getByText(/^1 run · 95 % (within|under) /)
    .first()
    .waitFor();
  await page.setViewportSize(desktop);
});

test('an import tells before what is here already, and links what came', async () => {
  const file = (name: string, text: string) => ({ name, mimeType: 'text/javascript', buffer: Buffer.from(text) });
  const reading = '(user, context, callback) => callback(null, user, context, configuration.CRM_KEY)';
  await open('/rules/import', 'Import from Auth0');
  await field('Files').setInputFiles([file('Greeting.js', reading), file('Plan.js', going)]);
  await page.getByText('2 of 2 run here as they are. One is here already and stays behind.').waitFor();
  await page.getByText('Here already: stays behind').waitFor();
  assert.equal(await page.getByText('Values that no export has').count(), 0, 'what stays behind needs none');
  await look(page, 'Import from Auth0');
  await button('Import it').click();
  await page.getByText('1 imported').waitFor();
  assert.equal(await page.getByText('Rule Greeting was not').count(), 0);
  await look(page, 'Import from Auth0');
  await page.getByText('Try them with a customer’s last sign-in').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Plan', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Plan' }).waitFor();
});

test('settings that a ready rule needs are marked, a secret until it is set; what is missing is told by its name', async () => {
  await open('/rules/library/first-sign-in-webhook', 'Webhook on the first sign-in');
  const secret = page.locator('input[type=password]');
  const address = page.getByRole('textbox', { name: 'Address', exact: true });
  await address.and(page.locator('[required]')).waitFor();
  await secret.and(page.locator('[required]')).waitFor();
  await page.getByRole('checkbox', { name: 'Time zone' }).waitFor();
  // All that is wrong is told at once, each beside its field, and goes away with its own.
  await byKey('Switch it on');
  const needed = (name: string) => page.getByText(`“${name}” is needed: fill it in, the rule cannot run without it.`);
  await needed('Address').waitFor();
  await needed('Secret').waitFor();
  await address.and(page.locator(':focus[aria-invalid="true"]')).waitFor();
  await address.fill('https://hooks.example/new');
  await needed('Address').waitFor({ state: 'detached' });
  await needed('Secret').waitFor();
  await byKey('Switch it on');
  await needed('Secret').waitFor();
  await secret.and(page.locator(':focus[aria-invalid="true"]')).waitFor();
  await look(page, 'Webhook on the first sign-in');
  await secret.fill('sixteen letters and more');
  await byKey('Switch it on');
  await page.getByText('It is set; leave this empty to keep it.').waitFor();
  await secret.and(page.locator(':not([required])')).waitFor();
  await secret.fill('another of sixteen letters');
  await byKey('Save');
  await page.getByText('Saved. It counts from the next sign-in on.').first().waitFor();
  assert.equal(await secret.inputValue(), '', 'it is seen no more');
  await page.locator('button:focus', { hasText: 'Save' }).waitFor();
  await look(page, 'Webhook on the first sign-in');
});

test('a ready rule whose address leads elsewhere asks for its secret again, and says so beside it', async () => {
  const address = page.getByRole('textbox', { name: 'Address', exact: true });
  const secret = page.locator('input[type=password]');
  const again = page.getByText('The address leads elsewhere: give it again.');
  await address.fill('https://hooks.example/newcomers');
  assert.equal(await again.count(), 0);
  await address.fill('https://others.example/new');
  await again.waitFor();
  await secret.and(page.locator('[required]')).waitFor();
  await byKey('Save');
  await page.getByText('The address leads elsewhere: give the secret again.').waitFor();
  await secret.and(page.locator(':focus[aria-invalid="true"]')).waitFor();
  await look(page, 'Webhook on the first sign-in');
  await secret.fill('sixteen letters for others');
  await byKey('Save');
  await page.getByText('It is set; leave this empty to keep it.').waitFor();
  await secret.and(page.locator(':not([required])')).waitFor();
  assert.equal(await address.inputValue(), 'https://others.example/new');
});

test('a secret that a ready rule can do without is told to be set only when it is, and is taken away again', async () => {
  await open('/rules/library/crm-upsert', 'CRM');
  const fields = page.getByRole('textbox', { name: 'Fields', exact: true });
  const asItWas = await fields.inputValue();
  await fields.fill(`${asItWas}\nphone_number`);
  await byKey('Switch it on');
  await page.getByText('“Address” is needed: fill it in').waitFor();
  await page.getByText('“phone_number” has no =: in each line a name stands in front of one.').waitFor();
  await fields.fill(`${asItWas}\nphone = `);
  await byKey('Switch it on');
  await page.getByText(/^phone: /).waitFor();
  await look(page, 'CRM');
  await fields.fill(asItWas);
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('https://crm.example/contacts/{email}');
  await byKey('Switch it on');
  await page.getByRole('tab', { name: 'History' }).waitFor();
  const isSet = page.getByText('It is set; leave this empty to keep it.');
  const remove = page.getByRole('checkbox', { name: 'Remove “Token” when this is saved' });
  assert.equal(await isSet.count(), 0);
  await page.locator('input[type=password]').fill('a token of theirs');
  await byKey('Save');
  await isSet.waitFor();
  await remove.check();
  await look(page, 'CRM');
  await byKey('Save');
  await isSet.waitFor({ state: 'detached' });
  await remove.waitFor({ state: 'detached' });
});

test('an action that is deployed and bound nowhere says so, and where it is bound; on a phone its figures are seen', async () => {
  const code = 'exports.onExecutePostLogin = async () => {};';
  const { id } = await manage('POST', 'actions/actions', {
    ...{ name: 'Mark', code, supported_triggers: [{ id: 'post-login' }], deploy: true },
  });
  await open(`/actions/${id}`, 'Mark');
  await page.getByText('Version 1 · deployed').waitFor();
  await page.getByText('It runs nowhere yet').waitFor();
  await page.getByRole('radio', { name: 'The sign-in is refused' }).waitFor();
  await look(page, 'Mark');
  for (const [call, title, more] of [
    ["api.access.deny('Not today')", 'The sign-in would be refused', 'Not today'],
    [
      "api.redirect.sendUserTo('https://checks.example/age')",
      'The customer would be sent elsewhere',
      'checks.example/age',
    ],
  ] as const) {
    await manage('PATCH', `actions/actions/${id}`, {
      code: `exports.onExecutePostLogin = async (event, api) => { ${call}; };`,
    });
    await open(`/actions/${id}`, 'Mark');
    await tab('Try');
    await button('Try it').click();
    const result = page.getByRole('region', { name: 'What came of it' }).getByRole('status');
    await result.getByText(title, { exact: true }).waitFor();
    await result.getByText(more).waitFor();
  }
  await look(page, 'Mark');
  await page.getByRole('link', { name: 'bind it in the list of actions' }).click();
  await page.getByRole('heading', { level: 1, name: 'Actions' }).waitFor();
  await button('Let Mark run').click();
  await button('Mark: let it run no more').waitFor();
  await page.setViewportSize(phone);
  const card = page.getByRole('row').filter({ hasText: 'Version 1' });
  for (const text of ['0 runs', '0 refused', '0 errors']) {
    const box = await card.getByText(text).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= phone.width, `within the screen: ${JSON.stringify(box)}`);
  }
  await page.getByText('Runs, times and errors are those of the last hour.').waitFor();
  await look(page, 'Actions');
  await open(`/actions/${id}`, 'Mark');
  await page.getByText('Version 1 · deployed').waitFor();
  assert.equal(await page.getByText('It runs nowhere yet').count(), 0);
  assertQuiet(complaints);
});

test('what of a rule does not work here is told beside it until it is mended', async () => {
  const script = failing("require('no-such-package');");
  const { id } = await manage('POST', 'rules', { name: 'Needs a package', script, enabled: false });
  await open(`/rules/${id}`, 'Needs a package');
  const told = page.getByRole('alert').filter({ hasText: 'does not work here' });
  await told.getByText(/^Line 2: .*no-such-package/).waitFor();
  await look(page, 'Needs a package');
  await write(going);
  await byKey('Save');
  await told.waitFor({ state: 'detached' });
});
