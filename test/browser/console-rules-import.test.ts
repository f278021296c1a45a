// The import of an export that is large, and of what is no rule in it: nothing of it goes by in silence.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';
import { writtenFolder } from '../written-folder.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
let complaints: string[];
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const scriptOf = (bytes: number) =>
  `function (user, context, callback) { /*${'x'.repeat(bytes)}*/ callback(null, user, context); }`;

test('twenty rules of 60 kB are looked at; what is too large and scripts of databases are told by their names', async () => {
  await page.goto(`${server.url}/console/rules/import`);
  await page.getByRole('heading', { level: 1, name: 'Import from Auth0' }).waitFor({ timeout: 120_000 });
  const rules = Array.from({ length: 20 }, (_, place) => [`rules/r${place}.js`, scriptOf(60_000)]);
  const database = { name: 'users', strategy: 'auth0', options: { customScripts: { login: './login.js' } } };
  const folder = await writtenFolder({
    ...Object.fromEntries(rules),
    'rules/wide.js': scriptOf(120_000),
    'database-connections/users/database.json': JSON.stringify(database),
    'database-connections/users/login.js': 'function login(email, password, callback) { callback(null, {}); }',
    'pages/login.js': scriptOf(1),
    'tenant.yaml': `rules: []\n${'#'.repeat(1024 * 1024)}`,
  });
  await page.getByLabel('Folder', { exact: true }).setInputFiles(folder);
  await page.getByText('20 of 20 run here as they are.').waitFor();
  const told = page.getByRole('alert').getByRole('listitem');
  for (const words of [
    /tenant\.yaml is left out: it has 1\.1 MB, and a file that is read has at most 1 MB/,
    /rules\/wide\.js is left out: it has 117\.\d kB, and a script has at most 100 kB/,
    /The scripts of the database users stay behind/,
    /pages\/login\.js stays behind: in a folder pages/,
  ]) {
    await told.filter({ hasText: words }).waitFor();
  }
  assert.equal(await told.count(), 4);
  await look(page, 'Import from Auth0');
  await rm(folder, { recursive: true });
  assertQuiet(complaints);
});
