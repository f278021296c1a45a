// Names that somebody of the umbrella, or a machine of theirs, gave to brands, portals and attributes: shown as text, run
// nowhere, and no page is wider for them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, phone } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, consoleOfStaff } from '../staff-page.ts';

const markup = `<img src=x onerror=alert(1)>"'</script><script>alert(1)</script>{{7|times:6}}`;
// What the API takes as a name that people read: no `<`, nothing that turns a line around, 200 characters.
const names = [
  `"onmouseover="alert(1)' &lt;b&gt; {{7|times:6}} \${7*6} ${'W'.repeat(140)}`,
  `\u200f\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u200e${'\u05d0'.repeat(150)}`,
  `${'👩‍👩‍👧‍👦🏳️‍🌈'.repeat(10)}e\u0301${'\u0301'.repeat(20)}`,
  '__proto__',
] as const;

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let complaints: string[];
const made = { portals: [''], connections: [''], roles: [''], actions: [''], stores: [''] };
let customer: string;

before(async () => {
  [server, browser] = await Promise.all([startTestServer(administratorVariables), openBrowser()]);
  manage = await manageAt(server);
  const admin = await signInFirst(server);
  await makePortal(manage, {});
  customer = await makeCustomer(manage, 'shown@names.example.com', 'seven green rivers');
  const idOf = async (path: string, draft: object, id = 'id') => String((await manage('POST', path, draft))[id]);
  for (const [place, name] of names.entries()) {
    const brand = await idOf('brands', { slug: `named-${place}`, name });
    made.portals.push(await idOf('clients', { name, brand, app_type: 'regular_web' }, 'client_id'));
    const connection = { name: `named-${place}`, strategy: 'auth0', display_name: [...name].slice(0, 60).join('') };
    made.connections.push(await idOf('connections', connection));
    const key = `user_metadata.${place === 3 ? '__proto__' : `${markup}${place}${'k'.repeat(150)}`}`;
    const labels = { en: `${markup.slice(0, 60)}${place}` };
    await manage('POST', 'attributes', { path: key, type: 'text', labels });
    const role = { name, scopes: ['read:users'], attributes: { read: [key], write: [] } };
    made.roles.push(await idOf('staff-roles', role));
    const store = { brand, name, time_zone: 'Europe/Paris', currency: 'EUR' };
    made.stores.push(await idOf('stores', store));
    const code = 'exports.onExecutePostLogin = async () => {};';
    const action = { name: `${markup}${name}`.slice(0, 300), code, supported_triggers: [{ id: 'post-login' }] };
    made.actions.push(await idOf('actions/actions', action));
  }
  const said = Object.fromEntries([0, 1, 2].map((place) => [`${markup}${place}${'k'.repeat(150)}`, markup]));
  await manage('PATCH', `users/${encodeURIComponent(customer)}`, { user_metadata: said });
  page = await consoleOfStaff(browser, server, admin); // a dialog fails the test
  complaints = complaintsOf(page);
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** The page at an address shows these words, runs nothing, and fits a phone and a desk. */
async function fits(to: string, words: string): Promise<void> {
  await page.goto(`${server.url}/console${to}`);
  await page
    .getByText(words)
    .or(page.locator(`[value=${JSON.stringify(words)}]`))
    .first()
    .waitFor();
  await staysInside(to);
}

async function staysInside(what: string): Promise<void> {
  for (const size of [phone, desktop]) {
    await page.setViewportSize(size);
    const wider = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    const beyond: string[] = await page.evaluate(
      `[...document.querySelectorAll('main *, dialog *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 40))`,
    );
    assert.equal(wider, false, `${what} scrolls sideways at ${size.width}: ${beyond.slice(-3).join(' | ')}`);
  }
  assert.equal(await page.locator('img[src="x"], main script, [onmouseover]').count(), 0, what);
}

test('lists show hostile names as text, and are no wider for them', async () => {
  for (const to of ['/brands', '/portals', '/connections', '/stores', '/staff-roles']) await fits(to, '__proto__');
  for (const to of ['/attributes', '/actions']) await fits(to, 'onerror=alert(1)');
  await fits('/mails', 'Brand');
  await fits('/audit', 'reate a brand');
  assertQuiet(complaints);
});

test('pages of one thing show hostile names as text, and are no wider for them', async () => {
  for (const [place, name] of names.entries()) {
    const words = [...name].slice(0, 12).join('');
    await fits(`/brands/named-${place}`, words);
    await fits(`/portals/${made.portals[place + 1]}`, words);
    await fits(`/connections/${made.connections[place + 1]}`, words);
    await fits(`/staff-roles/${made.roles[place + 1]}`, words);
    await fits(`/actions/${made.actions[place + 1]}`, 'onerror=alert(1)');
  }
  await fits(`/customers/${encodeURIComponent(customer)}`, 'onerror=alert(1)');
  assertQuiet(complaints);
});

test('what is chosen by hostile names can be chosen, and forms and dialogs are no wider for them', async () => {
  await page.goto(`${server.url}/console/staff-roles/${made.roles[1]}`);
  await page.getByText('Only these', { exact: true }).click();
  await page.getByRole('checkbox', { name: '__proto__', exact: true }).check();
  await staysInside('brands of a role');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved. It counts').first().waitFor();
  await page.goto(`${server.url}/console/stores`);
  await page.getByRole('button', { name: 'Change', exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
  await staysInside('a store');
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/console/attributes`);
  await page
    .getByRole('button', { name: /onerror/ })
    .first()
    .click();
  await page.getByRole('dialog').waitFor();
  await staysInside('an attribute');
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/console/questions/new`);
  await page.getByRole('tab', { name: 'Whom and when' }).click();
  await page.getByLabel('Brand', { exact: true }).selectOption({ label: '__proto__' });
  await staysInside('a question');
  await page.goto(`${server.url}/console/customers`);
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByRole('combobox', { name: 'What' }).click();
  await page
    .getByRole('option', { name: /onerror/ })
    .first()
    .click();
  await page.getByLabel('Value').fill(markup);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Nobody found').or(page.getByText('shown@names')).first().waitFor();
  await staysInside('a filter');
  assertQuiet(complaints);
});
