// Staff's console in a real browser.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Visitor, visitor } from './browser.ts';
import type { TestServer } from './server.ts';
import type { SignedIn } from './staff.ts';

/** Where tests build the console: the same sources are built once for all of them. */
export const consoleVariables = { REGULARS_DATA: join(tmpdir(), 'regulars-console-of-tests') } as const;

/** A browser in which this member of staff is signed in. */
export async function atConsole(
  browser: Browser,
  server: Pick<TestServer, 'url'>,
  staff: SignedIn,
  options: { viewport?: { width: number; height: number }; colorScheme?: 'light' | 'dark' } = {},
): Promise<Visitor> {
  const { colorScheme = 'light', ...others } = options;
  const guest = await visitor(browser, others);
  await guest.page.emulateMedia({ colorScheme });
  await guest.context.addCookies(
    staff.browser.jar.all().map(({ name, value }) => ({ name, value, url: server.url, sameSite: 'Strict' as const })),
  );
  return guest;
}
