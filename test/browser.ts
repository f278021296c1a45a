import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export type Visitor = { context: BrowserContext; page: Page };

export const phone = { width: 390, height: 844 } as const;
export const desktop = { width: 1280, height: 900 } as const;
/** So long something may take to be seen: much longer than it does, as tests may have half a core. */
export const patienceMs = 30_000;

// Chromium without windows needs a third of the processor time of the one that could show them.
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Starts Debian's Chromium (or `CHROMIUM`), without a network of its own; a missing one is a failure, never a skip. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? places.find(existsSync);
  assert.ok(executablePath, `No Chromium at ${places.join(' or ')}: install it or set CHROMIUM.`);
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
  });
}

let launched: Promise<Browser> | undefined;

/**
 * The browser that the test files of one process share, as its contexts share nothing; it ends with the process.
 * `close` closes the contexts that were made by way of what this one call gave.
 */
export async function openBrowser(): Promise<Browser> {
  if (launched && !(await launched).isConnected()) launched = undefined;
  launched ??= launchBrowser();
  const browser = await launched;
  const contexts: BrowserContext[] = [];
  const own: Pick<Browser, 'newContext' | 'close'> = {
    async newContext(options) {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
    },
  };
  return new Proxy(browser, { get: (all, name) => Reflect.get(name in own ? own : all, name) });
}

/** A new visitor with nothing in the browser. */
export async function visitor(
  browser: Browser,
  options: { viewport?: { width: number; height: number }; javaScriptEnabled?: boolean; locale?: string } = {},
): Promise<Visitor> {
  // Without motion: axe must not look at a colour that is on its way.
  const still = { reducedMotion: 'reduce', ignoreHTTPSErrors: true } as const;
  const context = await browser.newContext({ viewport: phone, locale: 'en-US', ...still, ...options });
  context.setDefaultTimeout(patienceMs);
  return { context, page: await context.newPage() };
}

/** Presses Tab until the focus is on what `selector` matches. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 25; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  assert.fail(`Tab does not reach ${selector} on ${page.url()}`);
}

// What a page makes of another width it makes in the frame behind that, and of what it saw there in the next.
const settled = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))`;

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Fails with what axe-core finds on the page as it stands (WCAG 2.2 A and AA, best practices). With PICTURES set to a
 * folder, a picture of every page that is looked at is kept there.
 */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(settled);
  await keepPicture(page);
  // Evaluated by the debugger, so the page's Content-Security-Policy stays as it is; once a page, as it takes its time.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(await axeSource);
  const found: string[] = await page.evaluate(`
    axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
      .then((result) => result.violations.map((v) => v.id + ': ' + v.help + ' — ' + v.nodes.map((n) => n.html).join(' | ')))
  `);
  assert.deepEqual(found, [], `axe-core on ${page.url()}`);
  const wider = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  assert.equal(wider, false, `${page.url()} scrolls sideways`);
}

let pictures = 0;
async function keepPicture(page: Page): Promise<void> {
  const folder = process.env.PICTURES;
  if (!folder) return;
  pictures += 1;
  const step = new URL(page.url()).pathname.replace(/^\/u\/[^/]+/, '').replaceAll('/', '-');
  const dark: boolean = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  const name = `${step}-${page.viewportSize()?.width}${dark ? '-dark' : ''}-${process.pid}-${pictures}.png`;
  await page.screenshot({ path: `${folder}/${name}`, fullPage: true });
}
