import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Browser } from '../../../test/http-browser.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import {
  appendTimeline,
  createAttribute,
  findById,
  learn,
  subjectsOf,
  update,
} from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { db, settings } = world.base;
const account = `${world.url}/account`;

async function member(email: string, language = 'en') {
  const browser = world.browser({ 'accept-language': language });
  await signUp(world, browser, email, 'correct horse battery');
  const customer = (await world.customer(email)).id;
  const [subject = ''] = await subjectsOf(db, customer);
  /** As a ready rule learns it. */
  const ruleLearns = (rule: string, values: Readonly<Record<string, Json>>) =>
    transact(db, (tx) =>
      learn(
        tx,
        subject,
        Object.entries(values).map(([name, value]) => {
          return { path: `app_metadata.${name}`, value, source: 'rule', origin: `library:${rule}`, at: new Date() };
        }),
      ),
    );
  return { browser, customer, subject, ruleLearns };
}
const look = (browser: Browser, name: string) =>
  browser.open(`${account}/known/value?${new URLSearchParams({ path: `app_metadata.${name}` })}`);
const kept = async (customer: string) => (await findById(db, customer))?.app_metadata;

const income = { area: 'ZIP 80302', median_household_income: 91_700, currency: 'USD', found_by: 'position' };

test('what ready rules learned is there to see in words, with from what they worked it out', async () => {
  const { browser, ruleLearns, subject } = await member('got-to-know@example.com');
  await ruleLearns('place', { country: 'US', city: 'Boulder' });
  await ruleLearns('income-by-area', { income_area: income });
  await ruleLearns('birthday', { birthday_month: 4 });
  await ruleLearns('names', { tidy_name: { given_name: 'Sofia', family_name: 'Marchetti', name: 'Sofia Marchetti' } });
  const first = { portal: 'Shop', connection: 'facebook', on: '2026-03-03', at: '2026-03-03T23:30:00.000Z' };
  await ruleLearns('first-source', { first_source: first });
  const zone = { path: 'zoneinfo', value: 'Europe/Paris', source: 'umbrella', origin: 'test', at: new Date() } as const;
  await transact(db, (tx) => learn(tx, subject, [zone]));
  await ruleLearns('fullcontact', { employer: 'Atelier Nacre' });
  const { text } = await browser.open(`${account}/known`);
  assert.match(text, /What we learned of you/);
  assert.match(text, /Country United States We worked it out on \d+ \w+ \d{4} from where you signed in\./);
  assert.match(text, /City Boulder/);
  assert.match(text, /Household income of the area about \$91,700 a year in ZIP 80302: an estimate for the area, not/);
  assert.match(text, /Month of the birthday April We worked it out on \d+ \w+ \d{4} from your birthday\./);
  assert.match(text, /Tidied name Sofia Marchetti We worked/);
  assert.match(text, /First came by Shop, with Facebook, on 4 March 2026/);
  assert.match(text, /Employer Atelier Nacre FullContact told us on/);
  assert.doesNotMatch(text, /found.by|position|_/);
});

test('in the customer’s language, and under the umbrella’s own label where it has listed the path', async () => {
  const { browser, ruleLearns } = await member('kennenlernen@example.com', 'de');
  await ruleLearns('place', { country: 'US', city: 'Boulder' });
  await ruleLearns('sign-in-milestones', { milestone: 10 });
  await ruleLearns('interests', { interests: ['hiking', 'arts and crafts', 'kites'] });
  const draft = { path: 'app_metadata.milestone', type: 'number', labels: { en: 'Visits', de: 'Besuche' } } as const;
  await createAttribute(db, draft, new Date());
  await settings.refresh();
  const { text } = await browser.open(`${account}/known`);
  assert.match(text, /Land Vereinigte Staaten Wir haben es am .* aus dem Ort Ihrer Anmeldung abgeleitet\./);
  assert.match(text, /Besuche 10 Wir/);
  // What the umbrella added to the list has no other name.
  assert.match(text, /Interessen Wandern, Basteln und Handarbeit, kites Wir/);
  assert.match((await look(browser, 'interests')).text, /Wandern .* Basteln und Handarbeit .* kites/);
});

test('what was learned by the customer’s leave is deleted or “not for me”, and no rule brings it back', async () => {
  const { browser, customer, ruleLearns } = await member('takes-back@example.com');
  const learned = async () => {
    await ruleLearns('interests', { interests: ['hiking', 'skincare'] });
    await ruleLearns('income-by-area', { income_area: income });
  };
  await learned();
  const gone = await browser.submit(await look(browser, 'income_area'), 'withdraw');
  assert.match(gone.text, /Household income of the area: deleted/);
  const page = await look(browser, 'interests');
  const left = await browser.submit(
    page,
    'exclude',
    {},
    page.forms.find(({ action }) => action.endsWith('/exclude'))?.buttons[0]?.value,
  );
  assert.equal(left.status, 200);
  await learned();
  assert.deepEqual(await kept(customer), { interests: ['skincare'] });
  // What it does without asking is for looking at; and nobody writes among what is the umbrella's.
  await ruleLearns('names', { tidy_name: { name: 'Sofia' } });
  assert.doesNotMatch((await look(browser, 'tidy_name')).html, /account\/(withdraw|exclude|correct)"/);
  assert.doesNotMatch((await look(browser, 'interests')).html, /account\/correct"/);
});

test('what the umbrella itself keeps at such a path stays its own', async () => {
  const { browser, customer, subject, ruleLearns } = await member('own-notes@example.com');
  const said = { source: 'umbrella', origin: 'importer', at: new Date() } as const;
  await update(db, customer, { app_metadata: { interests: ['watch closely'], city: 'Nowhere' } }, said);
  await ruleLearns('interests', { interests: ['hiking'] });
  // Of its own rules nothing either, though a ready rule has said something newer there.
  const own = { source: 'rule', origin: 'rule:rul_1', at: new Date(Date.now() - 60_000) } as const;
  await transact(db, (tx) => learn(tx, subject, [{ ...own, path: 'app_metadata.age_band', value: 'risky age' }]));
  await ruleLearns('birthday', { age_band: '25-34' });
  assert.match((await look(browser, 'age_band')).text, /Age 25-34/);
  assert.doesNotMatch((await look(browser, 'age_band')).text, /risky/);
  for (const page of [browser.open(`${account}/known`), look(browser, 'interests'), look(browser, 'city')]) {
    assert.doesNotMatch((await page).text, /watch closely|Nowhere/);
  }
});

test('from what a ready rule worked it out holds for all that it learned', async () => {
  const { browser, subject } = await member('zoned@example.com');
  const learned = { source: 'rule', at: new Date() } as const;
  await transact(db, (tx) =>
    learn(tx, subject, [
      { ...learned, path: 'zoneinfo', value: 'Europe/Paris', origin: 'library:place' },
      { ...learned, path: 'given_name', value: 'Sofia', origin: 'library:names' },
      { ...learned, path: 'picture', value: 'https://pictures.example/S.png', origin: 'library:picture-fallback' },
      { ...learned, path: 'locale', value: 'fr', origin: 'rule:rul_1' },
    ]),
  );
  const { text } = await browser.open(`${account}/known`);
  assert.match(text, /Time zone [^.]* We worked it out on \d+ \w+ \d{4} from where you signed in\./);
  assert.match(text, /First name Sofia We worked it out on \d+ \w+ \d{4} from your name\./);
  // Those that say nothing of it, and the umbrella's own rules.
  assert.match(text, /Picture We worked it out on \d+ \w+ \d{4}\./);
  assert.match(text, /Language [^.]* We worked it out on \d+ \w+ \d{4}\./);
});

test('the activity says from what a ready rule worked it out, where the rule does, in the customer’s language', async () => {
  const by = (rule: string, ...paths: string[]) => ({ paths, by: `library:${rule}` });
  const row = { class: 'profile', source: 'rules', name: 'profile_changed', occurredAt: new Date() } as const;
  const sentences = {
    en: /The shop changed: Interests \(worked out from what you like at networks\) \d/,
    de: /Der Shop hat geändert: Interessen \(abgeleitet aus dem, was Ihnen bei Netzwerken gefällt\) \d/,
    es: /La tienda ha cambiado: Intereses \(deducido de lo que te gusta en las redes\) \d/,
    fr: /La boutique a modifié : Centres d’intérêt \(déduit de ce que vous aimez sur les réseaux\) \d/,
  };
  for (const [language, sentence] of Object.entries(sentences)) {
    const { browser, subject } = await member(`from-${language}@example.com`, language);
    await appendTimeline(db, [{ ...row, subject, data: by('interests', 'app_metadata.interests') }]);
    assert.match((await browser.open(`${account}/activity`)).text, sentence);
  }
  const { browser, subject } = await member('from-none@example.com');
  await appendTimeline(db, [
    { ...row, subject, data: by('fullcontact', 'app_metadata.employer') },
    { ...row, subject, data: by('picture-fallback', 'picture') },
    // What the customer is not shown does not say where it comes from either.
    { ...row, subject, data: by('interests', 'app_metadata.secret_score') },
  ]);
  const { text } = await browser.open(`${account}/activity`);
  assert.match(text, /The shop changed: Employer \d/);
  assert.match(text, /The shop changed: Picture \d/);
  assert.match(text, /The shop changed your details \d/);
  assert.doesNotMatch(text, /worked out/);
});

test('the activity names what a ready rule changed, and not what other rules did at the same path', async () => {
  const { browser, subject } = await member('told-what@example.com');
  const row = { class: 'profile', subject, source: 'rules', name: 'profile_changed', occurredAt: new Date() } as const;
  const paths = ['app_metadata.country', 'app_metadata.city', 'zoneinfo'];
  await appendTimeline(db, [{ ...row, data: { paths, by: 'library:place' } }]);
  assert.match(
    (await browser.open(`${account}/activity`)).text,
    /The shop changed: Country, City, Time zone \(worked out from where you signed in\) \d/,
  );
  await appendTimeline(db, [{ ...row, data: { paths: ['app_metadata.country'], by: 'rule:rul_1' } }]);
  assert.match((await browser.open(`${account}/activity`)).text, /The shop changed your details \d/);
});
