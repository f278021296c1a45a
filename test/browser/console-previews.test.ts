// What the console shows in frames: as customers see it, quiet in the browser's own console, and a way to nowhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { queueMail } from '../../server/base/mail.ts';
import { getBrand } from '../../server/features/brands/brands.ts';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { type Outside, openOutside } from '../pictures.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf } from '../staff-page.ts';

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 0h40v30H0z"/></svg>';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let brand: string;
let outside: Outside;
let logo: string;
let picture: string;
const ofMail = 'https://lumiere.example/logo.svg';
/** What the browser asked the other site for. */
const asked: string[] = [];
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  outside = await openOutside({ '/logo.svg': drawing, '/rose.svg': drawing });
  logo = `${outside.url}/logo.svg`;
  picture = `${outside.url}/rose.svg`;
  await manage('PATCH', 'umbrella', { outgoing_hosts: [new URL(outside.url).host] });
  const { id } = await manage('POST', 'brands', { slug: 'lumiere', name: 'Lumière', logo_url: logo });
  brand = String(id);
  const admin = await signInFirst(server);
  ({ page, context } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
  await context.route(
    (url) => url.href.startsWith(outside.url) || url.href === ofMail,
    async (route) => {
      asked.push(route.request().url());
      await route.fulfill({ contentType: 'image/svg+xml', body: drawing });
    },
  );
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await outside?.[Symbol.asyncDispose]();
});

async function open(path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}

/** The picture is there, and no broken one stands in its place. */
async function assertShown(frame: FrameLocator, address: string): Promise<void> {
  const image = frame.locator(`img[src*="address=${encodeURIComponent(address)}&"]`).first();
  await image.waitFor();
  const width = await image.evaluate(
    'document.images[0] && Promise.all([...document.images].map((one) => one.decode()))' +
      '.then(() => Math.min(...[...document.images].map((one) => one.naturalWidth)))',
  );
  assert.equal(width, 512, address);
}

test('the sign-in of a brand is shown with its logo and in its colours; typing makes no steps for "Back"', async () => {
  await open('/brands/lumiere', 'Lumière');
  const frame = page.frameLocator('iframe[title="Preview of the sign-in page"]');
  await assertShown(frame, logo);
  const steps = await page.evaluate('history.length');
  await page.getByLabel('Main colour', { exact: true }).fill('#fff200');
  await frame.locator('link[href*="fff200"]').waitFor({ state: 'attached' });
  const ground = await frame
    .locator('form > .button')
    .evaluate('getComputedStyle(document.querySelector("form > .button")).backgroundColor');
  assert.equal(ground, 'rgb(255, 242, 0)', 'the stylesheet is that of the draft');
  assert.equal(await page.evaluate('history.length'), steps);
  assertQuiet(complaints);
});

test('a question is shown with the logo and with the pictures of its choices', async () => {
  await open('/questions/new?from=third-sign-in', 'New question');
  await page.getByLabel('What it is', { exact: true }).selectOption('picture_choice');
  await page.getByLabel('Picture of value 1', { exact: true }).fill(picture);
  const frame = page.frameLocator('iframe[title="Preview of the question"]');
  await assertShown(frame, picture);
  await assertShown(frame, logo);
  assertQuiet(complaints);
});

test('a mail looks as it is sent, also with styles of its own; its links lead nowhere and it asks other sites for nothing', async () => {
  const before = asked.length;
  await open('/mails/lumiere/reset_password/en', 'The link that sets a new password');
  const frame = page.frameLocator('iframe[title="Preview of the mail"]');
  const editor = page.getByRole('textbox', { name: 'HTML of the mail' });
  await editor.click();
  // Marked text, typed over: by keys, in brackets, and at once.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('word');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{');
  assert.equal(await editor.innerText(), '{word}');
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(
    `<style>p { color: #b00020 }</style><p style="font-weight: 800"><a href="{{ link }}">Choose</a><img src="${ofMail}" alt="x"></p>`,
  );
  await frame.locator(`img[src="${ofMail}"]`).waitFor({ state: 'attached' });
  await frame.getByRole('link', { name: 'Choose', exact: true }).waitFor();
  const look = await frame.locator('p').evaluate(`(() => {
    const { color, fontWeight } = getComputedStyle(document.querySelector('p'));
    return [color, fontWeight];
  })()`);
  assert.deepEqual(look, ['rgb(176, 0, 32)', '800']);
  await assertLeadsNowhere(frame, 'Choose');

  const { base } = server;
  const known = await getBrand(base.db, brand);
  assert.ok(known);
  const sender = { ...known, mail_from: null, mail_reply_to: null };
  const id = await queueMail(base, base.db, {
    ...{ brand: sender, kind: 'test', to: 'ada@example.com', subject: 'A test', language: 'en', secrets: [] },
    ...{
      text: 'Green.',
      html: `<img src="${ofMail}" alt=""><p style="color:#0a0">Green <a href="/account">here</a></p>`,
    },
  });
  await open(`/outbox/${id}`, 'A test');
  const sent = page.frameLocator('iframe[title="The mail"]');
  await sent.locator(`img[src="${ofMail}"]`).waitFor({ state: 'attached' });
  assert.equal(
    await sent.locator('p').evaluate('getComputedStyle(document.querySelector("p")).color'),
    'rgb(0, 170, 0)',
  );
  await assertLeadsNowhere(sent, 'here');
  assert.equal(asked.length, before, 'no picture of another site is asked for');
  assert.deepEqual(new Set(outside.asked.map(({ url }) => url)), new Set(['/logo.svg', '/rose.svg']));
  assertQuiet(complaints.filter((text) => !text.includes('img-src')));
});

test('security row 18: whoever serves a picture of a preview is asked by the server, once, and by no browser', () => {
  assert.deepEqual(asked, []);
  assert.deepEqual(
    outside.asked.map(({ url, headers }) => [url, headers['user-agent'], headers.referer, headers.cookie]),
    ['/logo.svg', '/rose.svg'].map((url) => [url, 'Regulars', undefined, undefined]),
  );
});

async function assertLeadsNowhere(frame: FrameLocator, name: string): Promise<void> {
  const at = page.url();
  await frame.getByRole('link', { name, exact: true }).click();
  // Where it would lead to, it would have led by the time that something else was asked for.
  await page.evaluate('fetch("/healthz").then((answer) => answer.text())');
  await frame.getByRole('link', { name, exact: true }).waitFor();
  assert.equal(page.url(), at);
}
