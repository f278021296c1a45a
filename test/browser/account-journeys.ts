// Journeys through the account pages in Chromium, with JavaScript and without.
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { makeCustomer } from '../api-calls.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { arrive, knock, type Meridian } from './meridian.ts';

export const password = 'what is mine goes with me';
/** Somebody who is signed in at Lumière and looks at their account. */
export type Visit = {
  page: Page;
  context: BrowserContext;
  email: string;
  userId: string;
  withScripts: boolean;
  /** The page is good as it stands, on a phone and on a desk, in light and dark; axe-core needs scripts. */
  look(heading: string): Promise<void>;
};

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
export const titled = (page: Page, heading: string) => page.getByRole('heading', { level: 1, name: heading }).waitFor();

export async function signIn(page: Page, email: string, by = password): Promise<void> {
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(by);
  await press(page, 'Continue');
}

/** One journey with JavaScript, and once more without; each by a customer of their own who is signed in at Lumière. */
export function journeys(open: () => Meridian, title: string, name: string, act: (at: Visit) => Promise<void>): void {
  for (const withScripts of [true, false]) {
    test(`${title}, ${withScripts ? 'with' : 'without'} JavaScript`, async () => {
      const meridian = open();
      const email = `${name}.${withScripts ? 'script' : 'plain'}@example.com`;
      const userId = await makeCustomer(meridian.manage, email, password);
      const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: withScripts });
      await knock(page, meridian);
      await signIn(page, email);
      await page.getByText('I accept the terms').click();
      await press(page, 'Continue');
      await arrive(page, meridian);
      await page.goto(`${meridian.places.server}/account`);
      await titled(page, 'Your account');
      const look = async (heading: string) => {
        await titled(page, heading);
        if (withScripts) await lookClosely(page);
      };
      await act({ page, context, email, userId, withScripts, look });
      await context.close();
    });
  }
}

async function lookClosely(page: Page): Promise<void> {
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page);
    }
  }
}
