// Takes docs/pictures/demo.png of a running, fresh demo (`npm run demo`): one customer signs in at both brands.
import { mkdir, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { launchBrowser, visitor } from '../test/browser.ts';

const shops = { lumiere: 'http://localhost:4021/', northtrail: 'http://localhost:4022/' };
const sofia = '108204268033311374519';
const size = { width: 390, height: 780 };

const browser = await launchBrowser();
const { page } = await visitor(browser, { viewport: size });
const pictures: { title: string; image: string }[] = [];

async function take(title: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  pictures.push({ title, image: (await page.screenshot({ type: 'png' })).toString('base64') });
}

/** A newcomer accepts the terms. */
async function acceptTerms(): Promise<void> {
  await page.waitForLoadState('networkidle');
  if (!page.url().endsWith('/consent')) return;
  await page.getByText('I accept the terms').click();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

await page.goto(shops.lumiere);
await page.click('#sign-in');
await take('Lumière asks who is there');
await page.getByText('Continue with Google').click();
await page.click(`button[name=person][value="${sofia}"]`);
await page.waitForLoadState('networkidle');
// Asked the first time only.
if (page.url() !== shops.lumiere) await page.click('button#agree');
await acceptTerms();
await page.waitForURL(shops.lumiere);
await take('One click, and she is known');
await page.goto(shops.northtrail);
await page.click('#sign-in');
await take('At Northtrail, too');

await compose(page);
await browser.close();

/** The three side by side, each under a sentence. */
async function compose(sheet: Page): Promise<void> {
  const figures = pictures.map(
    ({ title, image }) =>
      `<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${image}"></figure>`,
  );
  await sheet.setViewportSize({ width: 1240, height: 860 });
  await sheet.goto('about:blank');
  await sheet.setContent(`<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 32px; background: #ece9e2; font: 600 19px system-ui, sans-serif; color: #23251f; }
    main { display: flex; gap: 28px; justify-content: center; }
    figure { margin: 0; } figcaption { margin: 0 0 14px; text-align: center; }
    img { width: 366px; border-radius: 22px; box-shadow: 0 10px 34px rgb(0 0 0 / 22%); display: block; }
    </style><main>${figures.join('')}</main>`);
  await mkdir(new URL('../docs/pictures/', import.meta.url), { recursive: true });
  await writeFile(new URL('../docs/pictures/demo.png', import.meta.url), await sheet.screenshot({ type: 'png' }));
}
