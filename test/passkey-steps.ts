// What the pages' script does with passkeys, step by step, for browsers without a screen.
import type { Authenticator, CreateOptions, GetOptions, Lies } from './authenticator.ts';
import { unescapeHtml } from './html-forms.ts';
import type { Browser, Page } from './http-browser.ts';
import type { World } from './sign-in-world.ts';

/** What a page tells the script to make. */
export function createOptionsOf(page: Page): CreateOptions {
  const options = /data-options="(\{[^"]+)"/.exec(page.html)?.[1];
  if (!options) throw new Error(`No passkey can be made on ${page.url.pathname} (${page.status}): ${page.text}`);
  return JSON.parse(unescapeHtml(options));
}

/** Adds a passkey on the account page of somebody who is signed in. */
export async function addPasskey(
  world: World,
  browser: Browser,
  authenticator: Authenticator,
  { name = '', lies }: { name?: string; lies?: Lies } = {},
): Promise<Page> {
  const page = await browser.open(`${world.url}/account/passkey`);
  const credential = authenticator.create(createOptionsOf(page), lies);
  return browser.submit(page, '/account/passkey', { name, credential });
}

/** What the script of a page with this form is told when it asks. */
export async function getOptionsOf(browser: Browser, page: Page, step = 'passkey'): Promise<GetOptions> {
  const form = page.forms.find(({ action }) => action === step);
  if (!form) throw new Error(`No passkey can be used on ${page.url.pathname} (${page.status}): ${page.text}`);
  const answer = await browser.send(new URL(`${step}-options`, page.url), {
    method: 'POST',
    headers: { origin: page.url.origin },
    body: new URLSearchParams({ token: form.fields.token ?? '' }),
  });
  if (answer.status !== 200) throw new Error(`No options: ${answer.status}`);
  return JSON.parse(await answer.text());
}

/** Signs in with a passkey. Ends at the shop, or at the page that says why not. */
export async function usePasskey(
  world: World,
  browser: Browser,
  authenticator: Authenticator,
  lies?: Lies,
): Promise<Page> {
  const page = await browser.open(world.door());
  const credential = authenticator.get(await getOptionsOf(browser, page), lies);
  return browser.submit(page, 'passkey', { credential });
}

/** Signs up without a password, up to the page that asks what to come in with from now on. */
export async function signUpWithoutPassword(world: World, browser: Browser, email: string): Promise<Page> {
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const typed = await browser.submit(page, 'signup', { username: email }, 'passkey');
  return browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
}
