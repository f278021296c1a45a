// What enrichment finds and costs, and the configuration of rules, in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let page: Page;
let complaints: string[];
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const field = (label: string) => page.getByLabel(label, { exact: true });
async function open(path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
test('enrichment: what each service finds and costs; a price that is emptied is no 0', async () => {
  await open('/enrichment', 'Enrichment');
  await look(page, 'Enrichment');
  await press('What it costs: FullContact');
  await field('Price').fill('0.05');
  await field('Currency').fill('e1');
  await press('Save');
  await page.getByRole('dialog').locator('[aria-invalid=true]').waitFor();
  await field('Currency').fill('eur');
  await look(page, 'Enrichment');
  await press('Save');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press('What it costs: FullContact');
  await field('Price').fill('');
  await press('Save');
  await page.getByRole('dialog').getByText('A price is needed: 0 where a call costs nothing.').waitFor();
  await look(page, 'Enrichment');
  await press('Put back');
  const source = await manage('GET', 'enrichment/sources/fullcontact');
  assert.partialDeepStrictEqual(source, { cost_per_call: 0.05, currency: 'EUR', cost_for: 'call' });
});

test('a system that is told takes what it is told, or not; each card leads to its rule, or to where that is', async () => {
  await open('/enrichment', 'Enrichment');
  const card = (name: string) => page.getByRole('region', { name, exact: true });
  await card('FullContact').getByText('Not switched on').waitFor();
  await card('FullContact').getByRole('link', { name: 'FullContact in the library' }).waitFor();
  const settings = { address: 'https://hooks.example/new', secret: 'sixteen letters and more' };
  const { id } = await manage('POST', 'rules/library', { library: 'first-sign-in-webhook', settings });
  await manage('PATCH', `rules/${id}`, { enabled: false });
  await manage('PATCH', 'enrichment/sources/first-sign-in-webhook', { resume: true }); // its row comes with it
  await sql`insert into enrichment_days (source, day, currency, hits, misses, failures, cost_micros)
    values ('first-sign-in-webhook', current_date, 'USD', 3, 0, 1, 0), ('fullcontact', current_date, 'USD', 1, 2, 0, 0)`.execute(
    server.base.db,
  );
  await sql`update enrichment_sources set failed_at = now(), failed_for = 'It answered 422.'
    where id = 'first-sign-in-webhook'`.execute(server.base.db);
  await open('/enrichment', 'Enrichment');
  const hook = card('Webhook on the first sign-in');
  await hook.getByText('which is switched off').waitFor();
  assert.match(await hook.innerText(), /Taken\s+3\s+Not taken\s+1\s+Taken, of all tries\s+75 %/);
  assert.doesNotMatch(await hook.innerText(), /[Ff]ound/);
  assert.match(
    await card('FullContact').innerText(),
    /Found\s+1\s+Not found\s+2\s+Failed\s+0\s+Found, of all answers\s+33 %/,
  );
  await hook.getByText(/^Last failure, .+: It answered 422\.$/).waitFor();
  await hook.getByText('By day').click();
  await look(page, 'Enrichment');
  await hook.getByRole('link', { name: 'Webhook on the first sign-in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhook on the first sign-in' }).waitFor();
});

test('each card of the library says which consent it needs, or that it needs none, and why', async () => {
  await open('/rules/library', 'Library of rules');
  const card = (name: RegExp) => page.getByRole('link', { name });
  await card(/^FullContact/).waitFor();
  const fullContact = await card(/^FullContact/).innerText();
  assert.match(fullContact, /only for customers who allow enrichment\. A data service is asked about the customer\./);
  assert.match(fullContact, /Needs consent: enrichment/i);
  assert.match(await card(/^Welcome mark/).innerText(), /No consent is needed\. It tells a portal of yours/);
});

test('configuration: set, never shown, removed', async () => {
  await open('/rules/configuration', 'Configuration of rules');
  await page.getByText('No value yet').waitFor();
  await page.getByRole('button', { name: 'New value' }).first().click();
  await field('Name').fill('CRM KEY');
  // A key of several lines stays one.
  await field('Value').fill('hidden-for-ever\nin two lines');
  assert.equal(await field('Value').inputValue(), 'hidden-for-ever\nin two lines');
  await press('Set it');
  await page.getByText('Letters, digits, “_” and “-”.').waitFor();
  await field('Name').fill('CRM_KEY');
  await press('Set it');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(!(await page.content()).includes('hidden-for-ever'));
  await look(page, 'Configuration of rules');
  await press('Remove CRM_KEY');
  await press('Remove it');
  await page.getByText('No value yet').waitFor();
  assertQuiet(complaints);
});

test('who is limited to a brand is told that this is of all brands', async () => {
  const brands = [String((await manage('POST', 'brands', { slug: 'own', name: 'Own' })).id)];
  const roles = [await roleId(admin, 'Developer')];
  const limited = await joinStaff(server, admin, { email: 'lou@umbrella.example', roles, brands });
  ({ page } = await atConsole(browser, server, limited, { viewport: desktop }));
  complaints = complaintsOf(page);
  await open('/enrichment', 'Enrichment');
  await page.getByText('You are limited to some brands.').waitFor();
  assert.equal(await page.getByRole('main').getByRole('button').count(), 0);
  await look(page, 'Enrichment');
  assertQuiet(complaints);
});
