// What enrichment finds and costs, and the configuration of rules, in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
async function open(path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
test('enrichment: what each service finds and costs', async () => {
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
  const source = await manage('GET', 'enrichment/sources/fullcontact');
  assert.partialDeepStrictEqual(source, { cost_per_call: 0.05, currency: 'EUR', cost_for: 'call' });
});

test('configuration: set, never shown, removed', async () => {
  await open('/rules/configuration', 'Configuration of rules');
  await page.getByText('No value yet').waitFor();
  await page.getByRole('button', { name: 'New value' }).first().click();
  await field('Name').fill('CRM KEY');
  await field('Value').fill('hidden-for-ever');
  await press('Set it');
  await page
    .getByRole('dialog')
    .getByRole('alert')
    .or(page.getByRole('dialog').getByText(/pattern|Letters/))
    .first()
    .waitFor();
  await field('Name').fill('CRM_KEY');
  await press('Set it');
  await page.getByText('Not shown').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(!(await page.content()).includes('hidden-for-ever'));
  await look(page, 'Configuration of rules');
  await press('Remove CRM_KEY');
  await press('Remove it');
  await page.getByText('No value yet').waitFor();
  assertQuiet(complaints);
});
