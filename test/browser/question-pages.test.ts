// What a question looks like: every type of field, as it comes, refused, and known already; on a phone and on a desk,
// by day and by night, at both brands and in two languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { transact } from '../../server/base/db.ts';
import { findByUserId, learn, subjectsOf } from '../../server/features/customers/customers.ts';
import { removeQuestion } from '../../server/features/questions/questions.ts';
import { makeCustomer } from '../api-calls.ts';
import { assertAccessible, desktop, phone, visitor } from '../browser.ts';
import { askFor } from '../consents.ts';
import { chosenFields, picturedFields, typedFields } from '../every-field.ts';
import { askLive, pauseFor } from '../questions.ts';
import { arrive, knock, type Meridian, openMeridian } from './meridian.ts';

const password = 'every page is looked at';
let meridian: Meridian;
before(async () => {
  meridian = await openMeridian();
  await meridian.askConsents();
  await pauseFor(meridian.base, 0);
  const quiet = { brand: null, at_sign_up: false, in_journey: false };
  await askFor(meridian.base, { ...quiet, purpose: 'referral', texts: friends });
  for (const [topic, texts] of Object.entries(messages)) {
    await askFor(meridian.base, { ...quiet, purpose: 'sms', topic, texts });
  }
});
after(() => meridian.close());

/** The page is good as it stands: on a phone by day and on a desk by night, or the other way round. */
async function look(page: Page, { night }: { night: 'phone' | 'desk' }): Promise<void> {
  for (const [place, size] of [
    ['phone', phone],
    ['desk', desktop],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: place === night ? 'dark' : 'light' });
    await assertAccessible(page);
  }
}

const words = {
  key: 'a',
  heading: { en: 'Tell us a little more', de: 'Erzählen Sie uns ein wenig mehr' },
  benefit: { en: 'We put first what fits you.', de: 'Was zu Ihnen passt, steht dann vorn.' },
};
const link = 'https://meridian.example/friends';
const friends = {
  en: { label: 'Tell me what my friends like at {brand}.', details: 'Only those who allow it, too.', link },
  de: { label: 'Zeigen Sie mir, was Freunde bei {brand} mögen.', details: 'Nur wer es auch erlaubt.', link },
};
const messages = {
  deals: { en: { label: 'Text me deals of the day.' }, de: { label: 'Angebote des Tages aufs Telefon.' } },
  parcels: { en: { label: 'Text me where my parcel is.' }, de: { label: 'Wo mein Paket ist, aufs Telefon.' } },
};

const sights = [
  { shop: 'lumiere', locale: 'en-US', next: 'Continue', night: 'desk' },
  { shop: 'northtrail', locale: 'de-DE', next: 'Weiter', night: 'phone' },
] as const;

for (const { shop, locale, next, night } of sights) {
  test(`every type of field at ${shop}, in ${locale}: as it comes, refused, and known already`, async () => {
    const { base, places, manage, browser } = meridian;
    const email = `looks-at-${shop}@example.com`;
    const userId = await makeCustomer(manage, email, password);
    const { context, page } = await visitor(browser, { locale });
    const field = (key: string) => page.locator(`[name='field.${key}']`);
    const press = () => page.getByRole('button', { name: next, exact: true }).click();
    await knock(page, meridian, shop);
    await page.locator('#username').fill(email);
    await page.locator('#password').fill(password);
    await press();
    await page.getByRole('checkbox').first().check();
    await press();
    await arrive(page, meridian, shop);

    const asked = async (fields: readonly object[]) => {
      const id = await askLive(base, { name: 'Looked at', content: { variants: [{ ...words, fields }] } });
      await knock(page, meridian, shop);
      await page.getByRole('heading', { level: 1, name: /little more|wenig mehr/ }).waitFor();
      return id;
    };
    const done = async (id: string) => {
      await removeQuestion(base, id);
      await base.settings.refresh();
    };

    const typed = await asked(typedFields);
    await look(page, { night });
    await field('work').fill('<b>here</b>');
    await field('size').fill('huge');
    await field('day.day').fill('31');
    await field('day.month').selectOption('02');
    await press();
    await page.getByRole('alert').first().waitFor();
    await look(page, { night });
    await done(typed);

    const chosen = await asked(chosenFields);
    await look(page, { night });
    for (const box of await page.locator('input[type=checkbox]').all()) await box.check();
    await field('zip').fill('?');
    await field('phone').fill('12');
    await press();
    await page.getByRole('alert').first().waitFor();
    await look(page, { night });
    await done(chosen);

    const pictured = await asked(picturedFields(places.shops[shop]));
    await look(page, { night });
    await field('office').fill('nowhere');
    await press();
    await page.getByRole('alert').first().waitFor();
    await look(page, { night });
    await done(pictured);

    const customer = await findByUserId(base.db, userId);
    const [subject = ''] = await subjectsOf(base.db, customer?.id ?? '');
    const guess = { source: 'inferred', origin: 'test', confidence: 0.4, at: new Date() } as const;
    const guesses = [
      { path: 'user_metadata.work', value: 'A library' },
      { path: 'user_metadata.day', value: '0000-03-14' },
      { path: 'user_metadata.country', value: 'DE' },
      { path: 'user_metadata.drink', value: 'tea' },
      { path: 'user_metadata.shelf', value: ['fragrance'] },
    ];
    await transact(base.db, (tx) =>
      learn(
        tx,
        subject,
        guesses.map((one) => ({ ...guess, ...one })),
      ),
    );
    const unsure = [...typedFields, ...chosenFields, ...picturedFields(places.shops[shop])]
      .filter((field) => 'path' in field && guesses.some(({ path }) => path === field.path))
      .map((field) => ({ ...field, required: false, confirm_below: 0.5 }));
    const known = await asked(unsure);
    assert.equal(await page.getByText(/Is this right\?|Stimmt das\?/).count(), unsure.length);
    await look(page, { night });
    await done(known);
    await context.close();
  });
}

test('nothing went wrong unseen', () => {
  assert.deepEqual(meridian.logged, []);
});
