import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { queueMail } from '../../server/base/mail.ts';
import { guess } from '../../server/features/accounts/accounts.ts';
import { type Brand, createBrand } from '../../server/features/brands/brands.ts';
import { assertAccessible, desktop, openBrowser, phone } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, type SignedIn, signInFirst } from '../staff.ts';

let server: TestServer;
let browser: Browser;
let admin: SignedIn;
let brand: Brand;
let hostile: string;
let failed: string;

const evil = '"><img src=x onerror="window.top.ran=1;window.ran=1"><script>window.top.ran=1</script>';

before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  admin = await signInFirst(server);
  const { base } = server;
  brand = await createBrand(base, { slug: 'lumiere', name: 'Lumière' });
  const sender = { ...brand, mail_from: null, mail_reply_to: null };
  const write = (more: object) =>
    queueMail(base, base.db, {
      ...{ brand: sender, kind: 'sign_in_code', to: 'ada@example.com', subject: 'Your code for Lumière' },
      ...{ text: 'Your code is 493027.', html: '<p style="color:#0a0">Your code is <b>493027</b>.</p>' },
      ...{ language: 'en', secrets: ['493027'] },
      ...more,
    });
  await write({});
  hostile = await write({
    kind: 'test',
    to: `${evil}@example.com`,
    subject: evil,
    html: evil,
    text: evil,
    secrets: [],
  });
  failed = await write({
    kind: 'password_changed',
    subject: 'Your password was changed',
    secrets: [],
    text: 'Changed.',
  });
  await base.db
    .updateTable('outbox')
    .set({ status: 'failed', error: 'no route to host' })
    .where('id', '=', failed)
    .execute();
  for (let count = 0; count < 10; count++) {
    const asked = { brand, language: 'en', ip: '192.0.2.7' } as const;
    await guess(base, { identifier: 'nobody@example.com' }, asked, async () => undefined);
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Goes to a page of the console and waits until it is there; the first waits until the console is built. */
async function open(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}

/** Nothing is on its way any more. */
async function settled(page: Page): Promise<void> {
  await page.locator(':root:not(:has([role=status][aria-label]))').waitFor();
}

test('a mail is written anew: what loses the link is refused at its field, what is good is previewed, saved and taken back', async () => {
  const { page, context } = await atConsole(browser, server, admin, { viewport: desktop });
  await open(page, '/mails', 'Mails');
  await page.getByRole('link', { name: 'English: The link that sets a new password' }).click();
  await page.getByRole('heading', { level: 1, name: 'The link that sets a new password' }).waitFor();
  const editor = page.getByRole('textbox', { name: 'HTML of the mail' });
  await editor.fill('<p>No link</p>');
  await page.getByText('It would be refused (html): This mail is for its link').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('put <a href="{{ link }}"> into it').waitFor();
  const look = '<p style="color:#b00020"><a href="{{ link }}">Choose</a></p>';
  await editor.fill(`<h1>Good day from {{ brand }}</h1>${look}`);
  const frame = page.frameLocator('iframe[title="Preview of the mail"]');
  await frame.getByRole('heading', { name: 'Good day from Lumière' }).waitFor();
  // A frame that gets other content while it loads may go on with what it had: other content is another frame.
  await page.evaluate("window.earlier = document.querySelector('iframe')");
  await editor.fill(`<h1>Hello from {{ brand }}</h1>${look}`);
  await frame.getByRole('heading', { name: 'Hello from Lumière' }).waitFor();
  assert.equal(await page.evaluate('window.earlier.isConnected'), false);
  const colour = await frame.locator('html').evaluate('getComputedStyle(document.querySelector("p")).color');
  assert.equal(colour, 'rgb(176, 0, 32)', 'the look of the mail is shown although the page lets no style attribute in');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. The next of these mails is written by it.').waitFor();
  await page.getByRole('button', { name: 'Send me a test' }).click();
  await page.getByText('A test is on its way to ada@umbrella.example.').waitFor();
  await settled(page);
  await assertAccessible(page);

  // Somebody else saves; the second is told and loses nothing.
  const path = 'mail-templates/lumiere/reset_password/en';
  const theirs = { subject: 'Theirs', html: '<a href="{{ link }}">x</a>', text: '{{ link }}' };
  assert.equal((await admin.call('PUT', path, theirs)).status, 200);
  await page.getByRole('textbox', { name: 'Subject' }).fill('Mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody changed this while you did').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Subject' }).inputValue(), 'Mine');
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('Saved. The next of these mails is written by it.').first().waitFor();
  await page.getByRole('button', { name: 'Back to ours' }).click();
  await page.getByRole('button', { name: 'Drop your own' }).click();
  await page.getByText('Ours, as a template: change it to make it your own.').waitFor();
  await context.close();
});

test('security row 18: markup in a mail, its subject and its recipient runs nowhere in the console', async () => {
  const { page, context } = await atConsole(browser, server, admin, { viewport: desktop });
  await open(page, '/outbox', 'Outbox');
  await page.getByText(evil, { exact: true }).first().waitFor();
  await open(page, `/outbox/${hostile}`, evil);
  // What the mail would do, it would have done when its picture is there.
  await page.frameLocator('iframe[title="The mail"]').locator('img').waitFor({ state: 'attached' });
  await settled(page);
  assert.equal(await page.evaluate('window.ran'), undefined);
  assert.equal(await page.locator('iframe[title="The mail"]').getAttribute('sandbox'), '');
  await context.close();
});

test('a code is hidden until an administrator asks for it, where no mail server sends it', async () => {
  const { page, context } = await atConsole(browser, server, admin, { viewport: phone });
  await open(page, '/outbox?recipient=ada@example.com&status=kept', 'Outbox');
  await page.getByRole('link', { name: 'Your code for Lumière' }).click();
  const frame = page.frameLocator('iframe[title="The mail"]');
  await frame.getByText('Your code is ••••••.').waitFor();
  await page.getByRole('button', { name: 'Show it, as no mail server sends it' }).click();
  await frame.getByText('Your code is 493027.').waitFor();
  await context.close();
});

test('keys are rotated and revoked after a question; who is blocked is let in', async () => {
  const { page, context } = await atConsole(browser, server, admin, { viewport: desktop });
  await open(page, '/signing-keys', 'Signing keys');
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await page.getByText(/The next key signs from/).waitFor();
  await page.getByRole('button', { name: 'Rotate at once' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate at once' }).click();
  await page.getByText('The next key signs now.').waitFor();
  await page
    .getByRole('button', { name: /^Revoke / })
    .last()
    .click();
  const dialog = page.getByRole('dialog');
  const word = (await dialog.locator('b').textContent()) ?? '';
  assert.equal(await dialog.getByRole('button', { name: 'Revoke for good' }).isDisabled(), true);
  await dialog.getByRole('textbox').fill(word);
  await dialog.getByRole('button', { name: 'Revoke for good' }).click();
  await page.getByText('The key is revoked.').waitFor();

  await open(page, '/attack-protection', 'Attack protection');
  await page.getByRole('button', { name: 'Unblock' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
  await page.getByText('Nobody is blocked').waitFor();
  await context.close();
});

test('every page can be used by everybody, on a phone and at a desk, in light and dark', async () => {
  const { base } = server;
  for (let count = 0; count < 10; count++) {
    const asked = { brand, language: 'en', ip: '192.0.2.8' } as const;
    await guess(base, { identifier: 'nobody@example.com' }, asked, async () => undefined);
  }
  const pages: [string, string | RegExp][] = [
    ['/mails', 'Mails'],
    ['/mails/lumiere/new_device/de', 'A sign-in from an unknown device'],
    ['/outbox', 'Outbox'],
    [`/outbox/${failed}`, 'Your password was changed'],
    ['/signing-keys', 'Signing keys'],
    ['/attack-protection', 'Attack protection'],
  ];
  for (const viewport of [phone, desktop]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await atConsole(browser, server, admin, { viewport, colorScheme });
      for (const [path, heading] of pages) {
        await open(page, path, new RegExp(typeof heading === 'string' ? heading : heading.source));
        await settled(page);
        await assertAccessible(page);
      }
      await context.close();
    }
  }
});
