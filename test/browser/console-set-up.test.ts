// The console's set-up in Chromium: from nothing to the first sign-in, and each page on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, visitor } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables } from '../staff.ts';
import { assertQuiet, complaintsOf, look, openConsole } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let context: BrowserContext;
let page: Page;
let complaints: string[];
before(async () => {
  [server, browser] = await Promise.all([startTestServer(administratorVariables), openBrowser()]);
  manage = await manageAt(server);
  ({ context, page } = await visitor(browser, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).first().fill(value);
const open = (path: string) => page.goto(`${server.url}/console${path}`);
const tab = (name: string) => page.getByRole('tab', { name }).click();

test('first run: a brand, a portal, a way in, and the first sign-in', async () => {
  await openConsole(page, server);
  assert.equal(new URL(page.url()).pathname, '/console/start', 'who has nothing yet is led there');
  await look(page, 'First steps');
  await open('/stores');
  await page.getByRole('link', { name: 'To the brands' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New store' }).count(), 0, 'a store is a brand’s');
  await open('/start');

  await page.getByLabel('Name').first().fill('Lumière');
  assert.equal(await page.getByLabel('Short name').inputValue(), 'lumiere');
  await press('Make the brand');

  await page.getByLabel('Where customers come back to').fill('nonsense');
  await press('Make the portal');
  await page.getByText('This is needed.').waitFor();
  await page.getByLabel('Name').first().fill('Shop');
  await press('Make the portal');
  await page.getByText('This is not a whole address').waitFor();
  await page.getByLabel('Where customers come back to').fill('http://localhost:3000/callback');
  await press('Make the portal');
  await page.getByText('Keep this secret now').waitFor();
  await look(page, 'First steps');
  await press('I have kept it');

  await look(page, 'First steps');
  await press('Make the connection');

  await page.getByLabel('E-mail address').fill('grace@example.com');
  await page.getByLabel('Password').first().fill('a quiet harbour at dawn');
  await press('Make a customer to try with');
  await page.getByText('grace@example.com can sign in now.').waitFor();
  await look(page, 'First steps');

  const looks: string[] = [];
  page.on('request', (request) => looks.push(new URL(request.url()).pathname));
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the sign-in' }).click();
  const door = await opened;
  await door.getByRole('heading', { level: 1, name: /Lumière/ }).waitFor();
  await door.locator('#username').fill('grace@example.com');
  await door.locator('#password').fill('a quiet harbour at dawn');
  await door.getByRole('button', { name: 'Continue', exact: true }).click();
  await door.waitForURL(`${server.url}/account`);
  await door.close();

  await page.getByText('Customers can sign in').waitFor();
  assert.ok(
    looks.includes('/api/v2/first-sign-in') && !looks.includes('/api/v2/users'),
    'nobody is looked at meanwhile',
  );
  await look(page, 'First steps');
  await open('');
  await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  assertQuiet(complaints);
});

test('a theme is seen on the real page before it is saved; a hostile text is text', async () => {
  await open('/brands/lumiere');
  await look(page, 'Lumière');
  const frame = page.frameLocator('iframe[title="Preview of the sign-in page"]');
  await page.getByLabel('Main colour', { exact: true }).fill('#fff200');
  await page.getByText(/Words on the main colour: .* is too little/).waitFor();
  await frame.locator('link[href*="fff200"]').waitFor({ state: 'attached' });

  const hostile = '</title></h1><script>top.reached = 1</script><img src=x onerror="top.reached = 1">{{ 7 | plus: 7 }}';
  await tab('Texts');
  await fill('Find a sentence', 'login.title');
  await page.getByRole('button', { name: /^Signing in/ }).click();
  await page.getByLabel('login.title', { exact: true }).fill(hostile);
  await look(page, 'Lumière');
  await page.getByText('login.title').first().waitFor();
  await frame.getByRole('heading', { level: 1 }).getByText('top.reached').waitFor();
  assert.equal(await frame.getByRole('heading', { level: 1 }).innerText(), hostile);
  assert.equal(await page.evaluate('window.reached'), undefined);
  await press('Save');
  await page.getByText('Lumière is saved').first().waitFor();
  const { texts } = await manage('GET', 'brands/lumiere');
  assert.deepEqual(texts, { en: { 'login.title': hostile } });
});

test('two people edit one brand: the second is told, and nothing that they typed is lost', async () => {
  await open('/brands/lumiere');
  await tab('Name, links and mails');
  await fill('Website', 'https://mine.example');
  await manage('PATCH', 'brands/lumiere', { website: 'https://theirs.example' });
  await press('Save');
  await page.getByText('Somebody changed this while you did').waitFor();
  await look(page, 'Lumière');
  assert.equal(await page.getByLabel('Website').inputValue(), 'https://mine.example');
  await press('Show theirs, drop mine');
  await page.locator('input[value="https://theirs.example"]').waitFor();
  await fill('Website', 'https://mine.example');
  await manage('PATCH', 'brands/lumiere', { website: 'https://again.example' });
  await press('Save');
  await press('Save mine over it');
  await page.getByText('Lumière is saved').first().waitFor();
  assert.equal((await manage('GET', 'brands/lumiere')).website, 'https://mine.example');

  // The session ends while somebody types.
  await fill('Website', 'https://later.example');
  const cookies = await context.cookies();
  await context.clearCookies();
  await press('Save');
  await page.getByRole('heading', { level: 1, name: 'Your session has ended' }).waitFor();
  assert.equal(await page.getByLabel('Website').isVisible(), false);
  await context.addCookies(cookies);
  await page.evaluate(`window.dispatchEvent(new Event('focus'))`);
  await page.getByRole('alert').getByText('then do this again here').waitFor();
  assert.equal(await page.getByLabel('Website').inputValue(), 'https://later.example');
  // The button rests while it saves too: what says that it is saved is the answer.
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await press('Save');
  assert.equal((await saved).status(), 200);
  await page.getByRole('button', { name: 'Save', exact: true, disabled: true }).waitFor();
  assert.equal((await manage('GET', 'brands/lumiere')).website, 'https://later.example');
});

test('a portal: code with its values, settings, refusals at their fields, a new secret, removed by its name', async () => {
  await open('/portals');
  await look(page, 'Portals');
  await press('New portal');
  await page.getByRole('dialog').getByLabel('Name').fill('Till');
  await look(page, 'Portals');
  await page.getByRole('dialog').getByRole('button', { name: 'Make the portal' }).click();
  await press('I have kept it');
  await look(page, 'Till');
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  assert.ok((await page.getByRole('tabpanel').first().innerText()).includes(id));

  await tab('Settings');
  await look(page, 'Till');
  await fill('Callback addresses', 'https://till.example/callback\nnot an address');
  await press('Save');
  await page.getByText('This is not a whole address').waitFor();
  assert.equal(await page.getByLabel('Callback addresses').getAttribute('aria-invalid'), 'true');
  await fill('Callback addresses', 'https://till.example/callback');
  await press('Save');
  await page.getByText('Till is saved.').first().waitFor();
  assert.deepEqual((await manage('GET', `clients/${id}`)).callbacks, ['https://till.example/callback']);

  await tab('Ways in');
  await page.getByRole('switch').first().click();
  await page.getByRole('switch', { checked: true, disabled: false }).first().waitFor();
  await look(page, 'Till');
  const offered = await manage('GET', `clients/${id}/connections`);
  assert.equal(Array.isArray(offered.items) ? offered.items.length : Object(offered.connections).length, 1);

  await press('New secret');
  await press('Replace the secret');
  await page.getByText('Keep this secret now').waitFor();
  await press('I have kept it');
  await press('Remove');
  assert.equal(await page.getByRole('button', { name: 'Remove the portal' }).isDisabled(), true);
  await look(page, 'Till');
  await page.getByLabel('Type Till to go on').fill('Till');
  await press('Remove the portal');
  await page.getByRole('heading', { level: 1, name: 'Portals' }).waitFor();
  await page.getByRole('link', { name: 'Till' }).waitFor({ state: 'detached' });
});

test('a network is guided, refused at its field, tried and removed', async () => {
  await open('/connections/new');
  await look(page, 'New connection');
  await page.getByRole('link', { name: /^GitHub/ }).click();
  await look(page, /New connection: GitHub/);
  await page.getByText(`${server.url}/login/callback`).waitFor();
  await press('Make the connection');
  await page.getByText('This is needed.').waitFor();
  await page.getByLabel('Client id').fill('of-github');
  await page.locator('input[type=password]').fill('kept by nobody');
  await press('Make the connection');
  await look(page, 'GitHub');
  assert.equal(await page.locator('input[type=password]').inputValue(), '');
  await press('Try it');
  const door = page.getByRole('link', { name: 'Open the sign-in' });
  assert.equal(await door.getAttribute('href'), '/account/enter?brand=lumiere&connection=github');
  await look(page, 'GitHub');
  await page.keyboard.press('Escape');
  await press('Remove');
  await page.getByLabel('Type github to go on').fill('github');
  await press('Remove the connection');
  await look(page, 'Connections');
});

test('attributes and the umbrella', async () => {
  await open('/attributes');
  await look(page, 'Attributes');
  await press('New attribute');
  await page.getByLabel('Path').fill('user_metadata.scents');
  await page.getByLabel('English').fill('Scents');
  await press('Add the attribute');
  await page.getByRole('button', { name: 'user_metadata.scents' }).click();
  await page.getByRole('switch', { name: /Sensitive/ }).click();
  await look(page, 'Attributes');
  await press('Save');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await manage('GET', 'attributes/user_metadata.scents')).sensitive, true);

  await press('New attribute');
  await page.getByLabel('Path').fill('user_metadata.skin');
  await page.getByLabel('Type').selectOption('choice');
  await press('Add a value');
  await fill('Value 1', 'dry');
  await fill('Words for value 1: English', 'Dry skin');
  await page.getByLabel('Language of the words').selectOption('de');
  await fill('Words for value 1: German', 'Trockene Haut');
  await look(page, 'Attributes');
  await press('Add the attribute');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual((await manage('GET', 'attributes/user_metadata.skin')).choices, [
    { value: 'dry', labels: { en: 'Dry skin', de: 'Trockene Haut' } },
  ]);

  const sms = { url: 'https://sms.example/send', content_type: 'application/json', body: '{"a":"{to}","b":"{text}"}' };
  await manage('PATCH', 'umbrella', { sms_provider: { ...sms, headers: { authorization: 'Bearer of the carrier' } } });
  await open('/umbrella');
  await look(page, 'Umbrella');
  await page.getByLabel('Address').first().fill('https://sms.other.example/send');
  await press('Save');
  await page.getByText('Type the value of authorization: it is not sent to another server').waitFor();
  await page.getByLabel('Address').first().fill('https://sms.example/v2');
  const days = page.getByRole('spinbutton', { name: 'Days to change one’s mind' });
  await days.fill('900');
  await page.getByText('Between 0 and 90.').waitFor();
  await days.fill('');
  await days.pressSequentially('x-8');
  await days.press('ArrowDown');
  await page.getByText('Between 0 and 90.').waitFor({ state: 'detached' });
  // What was emptied is no 0, by which customers would be erased at once.
  await days.fill('');
  await days.blur();
  assert.equal(await days.inputValue(), '7');
  await press('Save');
  await page.getByText('The settings are saved').first().waitFor();
  const saved = await manage('GET', 'umbrella');
  assert.equal(saved.erasure_days, 7);
  assert.deepEqual(saved.sms_provider, { ...sms, url: 'https://sms.example/v2', headers: ['authorization'] });
  assertQuiet(complaints);
});
