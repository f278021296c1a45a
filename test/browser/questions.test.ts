// What Lumière asks its customers, sign-in by sign-in, in the demo with its own questions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { findByUserId } from '../../server/features/customers/customers.ts';
import { readAsks } from '../../server/features/questions/questions.ts';
import { makeCustomer } from '../api-calls.ts';
import { visitor } from '../browser.ts';
import { pauseFor } from '../questions.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian, readLink } from './meridian.ts';

const password = 'asked once in a while';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
  await meridian.askQuestions();
});
after(() => meridian.close());

type Options = { javaScriptEnabled?: boolean; locale?: string };
async function visit(act: (page: Page, context: BrowserContext) => Promise<void>, options: Options = {}) {
  const { context, page } = await visitor(meridian.browser, options);
  await act(page, context);
  await context.close();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).textContent())?.trim();
const atShop = (page: Page) => new URL(page.url()).origin === meridian.places.shops.lumiere;

/** Comes again, by the session that is there; gives what is asked, if anything. */
async function comeAgain(page: Page): Promise<string | undefined> {
  await knock(page, meridian);
  return atShop(page) ? undefined : heading(page);
}

/** The first and the second sign-in, which ask what is to be allowed and nothing else. */
async function comeTwice(page: Page, enter: () => Promise<void>, words = ['I accept the terms', 'Continue']) {
  const [terms = '', next = ''] = words;
  await knock(page, meridian);
  await enter();
  await page.getByText(terms).click();
  await press(page, next);
  const userId = await arrive(page, meridian);
  assert.equal(await comeAgain(page), undefined, 'the second');
  return userId;
}

async function byNetwork(page: Page, network: 'google' | 'facebook', name: string): Promise<void> {
  await page.locator(`button[value=${network === 'google' ? 'google-oauth2' : network}]`).click();
  if (network === 'facebook') await press(page, 'Continue without');
  await beAtNetwork(page, meridian, network, name);
}

async function byPassword(page: Page, email: string, next = 'Continue'): Promise<void> {
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
  await press(page, next);
}

async function outcomes(userId: string): Promise<string[]> {
  const customer = await findByUserId(meridian.base.db, userId);
  const asks = await readAsks(meridian.base.db, customer?.id ?? '', { limit: 20, offset: 0 });
  return asks.reverse().map(({ name, outcome }) => `${name}: ${outcome ?? 'left'}`);
}

test('the third sign-in asks with pictures, the fourth not; deals by mail, and the birthday that no network told', () =>
  visit(async (page, context) => {
    await comeTwice(page, () => byNetwork(page, 'google', 'Amélie Laurent'));
    assert.equal(await comeAgain(page), 'Fragrance or hair care?');
    const pictures = await page.locator('main img').all();
    assert.equal(pictures.length, 2);
    // It fails for a picture that is not there, or not allowed to be.
    for (const one of pictures) await one.evaluate('(image) => image.decode()');
    await page.getByText('Fragrance', { exact: true }).click();
    await press(page, 'Continue');
    await arrive(page, meridian);
    assert.equal(await comeAgain(page), undefined, 'the fourth');
    assert.match((await page.textContent('body')) ?? '', /interest/i);

    await pauseFor(meridian.base, 0);
    assert.equal(await comeAgain(page), 'Which deals would you like to see?');
    await page.getByRole('checkbox', { name: 'Mail me what is new and reduced in fragrance.' }).check();
    await press(page, 'Continue');
    await arrive(page, meridian);
    await page.goto(await readLink(context, meridian));
    await press(page, 'Yes, I confirm');
    await page.goto(`${meridian.places.server}/account/preferences`);
    const entry = (text: string) => page.getByRole('listitem').filter({ hasText: text }).first();
    assert.match((await entry('reduced in fragrance').textContent()) ?? '', /Allowed since/);
    assert.match((await entry('reduced in hair care').textContent()) ?? '', /Not allowed/);
    await entry('reduced in fragrance').getByRole('button', { name: 'Take back' }).click();
    assert.match((await page.getByRole('status').textContent()) ?? '', /Saved: it is off/);

    assert.equal(await comeAgain(page), 'When is your birthday?');
    await page.getByLabel('Day').fill('3');
    await page.getByLabel('Month').selectOption('11');
    await press(page, 'Continue');
    const userId = await arrive(page, meridian);
    assert.equal(await comeAgain(page), undefined);
    assert.deepEqual(await outcomes(userId), [
      'Fragrance or hair care: answered',
      'Deals by mail: answered',
      'Birthday: answered',
    ]);
  }));

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
