// What the demo's customers are asked to allow: on a phone and on a desk, by keyboard, without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { brandBySlug } from '../../server/features/brands/brands.ts';
import { changeEntry, listEntries, unsubscribeBy } from '../../server/features/consents/consents.ts';
import { findByUserId, identitiesOf, update } from '../../server/features/customers/customers.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { publishNew } from '../consents.ts';
import { arrive, beAtNetwork, knock, type Meridian, openMeridian, readCode, readLink } from './meridian.ts';

const password = 'every page is looked at';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
});
after(() => meridian.close());

/** The page is good as it stands, on a phone and on a desk; `heading` tells that it is the one that was meant. */
async function look(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    await assertAccessible(page);
  }
}

async function visit(
  act: (page: Page, context: BrowserContext) => Promise<void>,
  options: { javaScriptEnabled?: boolean; locale?: string } = {},
): Promise<void> {
  const { context, page } = await visitor(meridian.browser, options);
  await act(page, context);
  await context.close();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function fillSignUp(page: Page, email: string, shop: 'lumiere' | 'northtrail' = 'lumiere'): Promise<void> {
  await knock(page, meridian, shop);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill(email);
  await page.locator('#password').fill(password);
}
async function typeCode(page: Page, context: BrowserContext): Promise<void> {
  await page.locator('#code').fill(await readCode(context, meridian));
  await press(page, 'Continue');
}

test('signing up: nothing is ticked, what is needed is said, the mailed link makes it count', () =>
  visit(async (page, context) => {
    await fillSignUp(page, 'ines@example.com');
    for (const box of await page.getByRole('checkbox').all()) assert.equal(await box.isChecked(), false);
    await look(page, 'Become a Lumière regular');
    await press(page, 'Continue');
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Lumière needs this to go on/);
    await look(page, 'Become a Lumière regular');
    await page.locator('#password').fill(password);
    await page.getByText('I accept the terms of Meridian, the house of Lumière.').click();
    await page.getByRole('checkbox', { name: 'Mail me skincare news.' }).check();
    await press(page, 'Continue');
    await typeCode(page, context);
    const userId = await arrive(page, meridian);
    await page.goto(await readLink(context, meridian));
    await look(page, 'Do you confirm this?');
    await press(page, 'Yes, I confirm');
    await look(page, 'Confirmed');

    await page.goto(`${meridian.places.server}/account`);
    await page.getByRole('link', { name: 'What you have allowed' }).first().click();
    await look(page, 'What you have allowed');
    const news = page.getByRole('listitem').filter({ hasText: 'Mail me skincare news.' }).first();
    assert.match((await news.textContent()) ?? '', /Allowed since/);
    await news.getByRole('button', { name: 'Take back' }).click();
    assert.match((await page.getByRole('status').textContent()) ?? '', /Saved: it is off/);
    await page.getByRole('listitem').filter({ hasText: 'offers that suit me' }).first().getByRole('button').click();
    assert.match((await page.getByRole('status').textContent()) ?? '', /Check your mail/);
    await look(page, 'What you have allowed');

    const customer = await findByUserId(meridian.base.db, userId);
    const [identity] = await identitiesOf(meridian.base.db, customer?.id ?? '');
    const brand = (await brandBySlug(meridian.base.db, 'lumiere'))?.id ?? '';
    const about = { subject: identity?.subject ?? '', brand, purpose: 'email', topic: 'offers' } as const;
    await page.goto(unsubscribeBy(meridian.base, about).link);
    await look(page, 'Unsubscribe');
    await press(page, 'Yes, stop them');
    await look(page, 'You are unsubscribed');
    await page.goto(`${meridian.places.server}/u/unsubscribe?token=x`);
    await look(page, 'This link is not complete');
  }));

test('a newcomer by a network is asked then; at the other brand only what that one may mail', () =>
  visit(async (page) => {
    await knock(page, meridian);
    await page.locator('button[value=google-oauth2]').click();
    await beAtNetwork(page, meridian, 'google', 'Sofia Marchetti');
    await look(page, 'Before you go on');
    await press(page, 'Continue');
    await look(page, 'Before you go on');
    await page.getByText('I accept the terms').click();
    await press(page, 'Continue');
    await arrive(page, meridian);
    await knock(page, meridian, 'northtrail');
    await page.getByRole('button', { name: /^Continue as/ }).click();
    await page.getByRole('heading', { name: 'Before you go on' }).waitFor();
    assert.equal(await page.getByText('I accept the terms').count(), 0);
    await press(page, 'Continue');
    await arrive(page, meridian, 'northtrail');
  }));

test('new terms: by keyboard alone; who does not agree is back in the shop, not signed in', () =>
  visit(async (page, context) => {
    await fillSignUp(page, 'kim@example.com', 'northtrail');
    await page.getByText('I accept the terms').click();
    await press(page, 'Continue');
    await typeCode(page, context);
    await arrive(page, meridian, 'northtrail');
    const [terms] = await listEntries(meridian.base.db, { brand: null });
    await publishNew(meridian.base, terms?.id ?? '', { en: { label: 'I accept the new terms of Meridian.' } });
    await knock(page, meridian, 'northtrail');
    await look(page, 'Before you go on');
    await press(page, 'Leave without agreeing');
    await page.waitForURL((url) => url.origin === meridian.places.shops.northtrail);

    await knock(page, meridian, 'northtrail');
    await page.getByRole('heading', { name: 'Before you go on' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.type ?? ""');
    for (let tabs = 0; tabs < 10 && (await focused()) !== 'checkbox'; tabs += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await arrive(page, meridian, 'northtrail');

    // By their birthday they are too young for it.
    await changeEntry(meridian.base, terms?.id ?? '', { minimum_age: 18, under_age: 'refuse' });
    const sub = (await page.locator('[data-claim=sub]').textContent()) ?? '';
    const customer = await findByUserId(meridian.base.db, sub);
    const birthdate = `${new Date().getUTCFullYear() - 12}-01-01`;
    const said = { source: 'customer', origin: 'test', at: new Date() } as const;
    await update(meridian.base.db, customer?.id ?? '', { root: { birthdate } }, said);
    await meridian.base.settings.refresh();
    await knock(page, meridian, 'northtrail');
    await look(page, 'You cannot sign in here yet');
    await press(page, 'Go back');
    await page.waitForURL((url) => url.origin === meridian.places.shops.northtrail);
    await changeEntry(meridian.base, terms?.id ?? '', { minimum_age: null, under_age: 'skip' });
  }));

test('without JavaScript, in German', () =>
  visit(
    async (page, context) => {
      await knock(page, meridian);
      await page.getByRole('link', { name: 'Konto anlegen' }).click();
      await page.locator('#username').fill('jutta@example.com');
      await page.locator('#password').fill(password);
      await page.getByText(/Bedingungen|terms of Meridian/).click();
      await page.getByText('Schicken Sie mir Neues zur Hautpflege.').click();
      await page.getByRole('button', { name: 'Weiter', exact: true }).click();
      await page.locator('#code').fill(await readCode(context, meridian));
      await page.getByRole('button', { name: 'Weiter', exact: true }).click();
      await arrive(page, meridian);
      await page.goto(await readLink(context, meridian));
      await page.getByRole('button', { name: 'Ja, ich bestätige' }).click();
      await page.goto(`${meridian.places.server}/account/preferences`);
      await page.getByRole('heading', { level: 1, name: 'Was Sie erlaubt haben' }).waitFor();
      const news = page.getByRole('listitem').filter({ hasText: 'Neues zur Hautpflege' }).first();
      assert.match((await news.textContent()) ?? '', /Erlaubt seit/);
      await news.getByRole('button', { name: 'Zurücknehmen' }).click();
      assert.match((await page.getByRole('status').textContent()) ?? '', /Ab jetzt ist es aus/);
    },
    { javaScriptEnabled: false, locale: 'de-DE' },
  ));

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
