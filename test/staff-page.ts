// Staff in Chromium: signed in, at a page of the console.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { codeOf } from './authenticator-app.ts';
import { assertAccessible, desktop, phone } from './browser.ts';
import type { TestServer } from './server.ts';
import { firstAdministrator } from './staff.ts';

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

/** The page is good as it stands: on a desk and on a phone, in light and in dark. */
export async function look(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    for (const size of [phone, desktop]) {
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
