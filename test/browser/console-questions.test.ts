// Questions in the console: begun from a ready one, built with a preview, put live, in order, and removed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let complaints: string[];
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  await manage('POST', 'brands', { slug: 'lumiere', name: 'Lumière', theme: { primary: '#7a2f4b' } });
  await manage('POST', 'brands', { slug: 'northtrail', name: 'Northtrail' });
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const field = (label: string) => page.getByLabel(label, { exact: true });
const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
const preview = () => page.frameLocator('iframe[title="Preview of the question"]');
async function open(path: string, heading: string | RegExp): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
}
async function questions(): Promise<Record<string, unknown>[]> {
  const { questions: all } = await manage('GET', 'questions?include_totals=true');
  assert.ok(Array.isArray(all));
  return all;
}

test('a ready question is begun with, and its page is shown as customers will see it', async () => {
  await open('/questions', 'Questions');
  await page.getByRole('heading', { name: 'No question yet' }).waitFor();
  await look(page, 'Questions');
  await page.getByRole('link', { name: /At the third sign-in/ }).click();
  await preview().getByRole('heading', { name: 'What do you like?' }).waitFor();
  await field('Language of the words').selectOption('de');
  await preview().getByRole('heading', { name: 'Was mögen Sie?' }).waitFor();
  await field('Language of the words').selectOption('en');
  await field('Whose words').selectOption('northtrail');
  await field('Heading').fill('What do you climb?');
  await field('Brand of the preview').selectOption({ label: 'Northtrail' });
  await preview().getByRole('heading', { name: 'What do you climb?' }).waitFor();
  await page.getByText('Desktop', { exact: true }).click();
  await field('Field 1: attribute').fill('user_metadata.');
  await press('Make the question');
  await page.locator('[aria-invalid=true]').waitFor();
  await field('Field 1: attribute').fill('user_metadata.likes');
  await field('What it is').selectOption('picture_choice');
  const required = page.getByRole('switch', { name: /^Required/ });
  await field('Picture of value 1').fill('https://pictures.example/new.jpg');
  await required.press('Space');
  await page.getByText('Who only wants to sign in goes away').waitFor();
  await required.press('Space');
  await look(page, 'New question');
  await press('Make the question');
  await page.getByRole('heading', { level: 1, name: 'What do you like?' }).waitFor();
  const [made] = await questions();
  assert.partialDeepStrictEqual(made, {
    state: 'draft',
    content: {
      variants: [
        {
          brands: { northtrail: { heading: { en: 'What do you climb?' } } },
          fields: [{ type: 'picture_choice', path: 'user_metadata.likes', not_for_me: true }],
        },
      ],
      when: { all: [{ attribute: 'sign_in.number', is: 'at_least', value: 3 }] },
    },
  });
});

test('whom it is asked reads as a sentence, and a condition that is not finished is not saved', async () => {
  await tab('Whom and when');
  await page
    .getByText('Asked when Number of sign-ins, with this one is at least 3, and something of it is not known.')
    .waitFor();
  await press('Add a group');
  await field('Condition 2.1: what').selectOption('sign_in.device');
  await press('Save');
  await page.getByRole('alert').getByText('“Device”: say with what it is compared.').first().waitFor();
  await field('Condition 2.1: value').selectOption('phone');
  await press('Add to condition 2');
  await field('Condition 2.2: what').selectOption('sign_in.brand');
  await field('Condition 2.2: how').selectOption('differs');
  await field('Condition 2.2: value').selectOption('lumiere');
  await page.getByText(/at least 3 and \(Device is a phone or Brand is not Lumière\)/).waitFor();
  await look(page, 'What do you like?');
  await tab('Tact');
  await field('Not asked, to see the difference').fill('10');
  await look(page, 'What do you like?');
  await press('Save');
  await page.getByText(/^Saved\. It counts/).waitFor();
  const [saved] = await questions();
  assert.partialDeepStrictEqual(saved, {
    content: {
      hold_out: 10,
      when: {
        all: [
          { attribute: 'sign_in.number', is: 'at_least', value: 3 },
          {
            any: [
              { attribute: 'sign_in.device', is: 'equals', value: 'phone' },
              { not: { attribute: 'sign_in.brand', is: 'equals', value: 'lumiere' } },
            ],
          },
        ],
      },
    },
  });
});

test('who would see it and what came of it; live and paused by one click, copied, put in order, removed', async () => {
  await tab('Who would see it');
  await page.getByText(/0 customers$/).waitFor();
  await look(page, 'What do you like?');
  await tab('Results');
  await page.getByText('Nobody was asked yet').waitFor();
  await press('Go live: What do you like?');
  await press('Pause: What do you like?');
  await press('Go live: What do you like?');
  await page.getByRole('link', { name: 'All questions' }).click();
  await page.getByRole('link', { name: 'Copy What do you like?' }).click();
  await press('Make the question');
  await page.getByRole('heading', { level: 1, name: 'What do you like?, copy' }).waitFor();
  await page.getByRole('link', { name: 'All questions' }).click();
  await press('What do you like?, copy: up');
  await page.getByText('What do you like?, copy is at place 1 of 2').waitFor();
  await look(page, 'Questions');
  const order = async () => (await questions()).map(({ name, state }) => `${name} ${state}`);
  assert.deepEqual(await order(), ['What do you like?, copy draft', 'What do you like? live']);
  await page.getByRole('link', { name: 'What do you like?, copy', exact: true }).click();
  await press('Remove');
  await page.getByLabel(/^Type/).fill('What do you like?, copy');
  await press('Remove it');
  await page.getByRole('heading', { level: 1, name: 'Questions' }).waitFor();
  assert.deepEqual(await order(), ['What do you like? live']);
  assertQuiet(complaints);
});
