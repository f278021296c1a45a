// Staff in Chromium: signed in, at a page of the console.
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { codeOf } from './authenticator-app.ts';
import { assertAccessible, desktop, patienceMs, phone, visitor } from './browser.ts';
import type { TestServer } from './server.ts';
import { firstAdministrator, type SignedIn } from './staff.ts';

const buildMs = 120_000;

/** Signs the first administrator in for the first time, and opens a page of the console once that is built. */
export async function openConsole(page: Page, server: Pick<TestServer, 'url'>, path = ''): Promise<void> {
  await page.goto(`${server.url}/staff/sign-in?return_to=/staff/security`);
  await page.locator('#username').fill(firstAdministrator.email);
  await page.locator('#password').fill(firstAdministrator.password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
  await page.locator('#code').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.locator('.codes').waitFor();
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('navigation', { name: 'Console' }).waitFor({ state: 'attached', timeout: buildMs });
}

/** A browser with the session of somebody who signed in before, at the list of customers. A dialog fails the test. */
export async function consoleOfStaff(browser: Browser, server: Pick<TestServer, 'url'>, who: SignedIn): Promise<Page> {
  const { context, page } = await visitor(browser, { viewport: desktop });
  const pairs = who.browser.jar.header(new URL(`${server.url}/console`)).split('; ');
  const cookies = pairs.map((pair) => ({
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
  }));
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: server.url })));
  page.setDefaultTimeout(90_000); // the console is built for the first who comes
  page.on('dialog', () => assert.fail('a script of a customer ran'));
  await page.goto(`${server.url}/console/customers`);
  await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  page.setDefaultTimeout(patienceMs);
  return page;
}

/** The page is good as it stands: in light and in dark, on a desk and on a phone; with PICTURES in all four of these. */
export async function look(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  for (const [colorScheme, own, other] of [
    ['dark', phone, desktop],
    ['light', desktop, phone],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    // What is wrong with a width is so in either light, and the other way round.
    for (const size of process.env.PICTURES ? [other, own] : [own]) {
      await page.setViewportSize(size);
      await assertAccessible(page);
    }
  }
}

/** Collects what the browser complains of: faults of scripts, and what the page's policy does not let in. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** No complaints so far. */
export function assertQuiet(complaints: readonly string[]): void {
  assert.deepEqual(complaints, []);
}
