import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { askFor } from '../../../test/consents.ts';
import type { Browser } from '../../../test/http-browser.ts';
import { askLive, pauseFor } from '../../../test/questions.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { createAttribute } from '../../features/customers/customers.ts';
import { removeQuestion } from '../../features/questions/questions.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());
await pauseFor(base, 0);
const brand = (await brandBySlug(base.db, 'lumiere'))?.id ?? '';
const account = `${world.url}/account`;
const password = 'correct horse battery';

const path = (key: string) => ({ key, path: `user_metadata.${key}` });
const choices = [
  { value: 'fragrance', labels: { en: 'Fragrance', de: 'Duft' } },
  { value: 'hair', labels: { en: 'Hair care', de: 'Haarpflege' } },
];

/** Makes it live, has it answered at the next sign-in by `act`, and removes it. */
async function ask(
  browser: Browser,
  heading: string,
  fields: object[],
  sent: Record<string, string>,
  act = 'question',
) {
  const variants = [{ key: 'a', heading: { en: heading, de: `${heading} (de)` }, fields }];
  const id = await askLive(base, { name: 'Kept for staff', content: { variants } });
  const page = await browser.open(world.door('lumiere'));
  assert.match(page.text, new RegExp(heading.replace('?', '\\?')));
  await browser.submit(page, act, sent);
  await removeQuestion(base, id);
  await base.settings.refresh();
}

async function member(name: string): Promise<Browser> {
  const browser = world.browser();
  await signUp(world, browser, `${name}@example.com`, password);
  return browser;
}

const interest = {
  type: 'choice',
  ...path('interest'),
  labels: { en: 'I like', de: 'Ich mag' },
  choices,
  not_for_me: true,
};
const day = { type: 'birthday', key: 'day', path: 'birthdate', labels: { en: 'Born on' } };
const vegan = { type: 'yes_no', ...path('vegan'), labels: { en: 'Vegan?' } };

test('what one was asked and said stands there, of removed questions, too; it is taken back and said anew', async () => {
  const browser = await member('asked');
  assert.match((await browser.open(`${account}/known/asked`)).text, /You were not asked anything yet/);
  const sent = { 'field.interest': 'hair', 'field.day.day': '3', 'field.day.month': '11', 'field.vegan': 'no' };
  await ask(browser, 'What do you like?', [interest, day, vegan], sent);
  await ask(
    browser,
    'Where do you work?',
    [{ type: 'text', ...path('work'), labels: { en: 'At' } }],
    {},
    'question-later',
  );
  await ask(
    browser,
    'How tall are you?',
    [{ type: 'number', ...path('tall'), labels: { en: 'cm' } }],
    {},
    'question-never',
  );
  await ask(browser, 'A dog or a cat?', [{ type: 'text', ...path('pet'), labels: { en: 'Pet' } }], {});
  const page = await browser.follow(await browser.open(`${account}/known`), 'What you were asked');
  const date = '\\d+ \\w+ \\d{4} · Lumière';
  assert.match(page.text, new RegExp(`What do you like\\? ${date} I like Hair care Born on 3 November Vegan\\? No`));
  assert.match(page.text, new RegExp(`Where do you work\\? ${date} · You said “not now”\\.`));
  assert.match(page.text, new RegExp(`How tall are you\\? ${date} · You said “don’t ask again”\\.`));
  assert.match(page.text, new RegExp(`A dog or a cat\\? ${date} · You went on without an answer\\.`));
  assert.doesNotMatch(page.text, /Kept for staff|user_metadata/);

  const value = await browser.follow(page, 'Hair care');
  assert.match((await browser.submit(value, 'withdraw')).text, /Interest: deleted/);
  const born = await browser.follow(await browser.open(`${account}/known/asked`), 'Born on');
  await browser.submit(born, 'correct', { day: '4', month: '11', year: '' });
  const later = await browser.open(`${account}/known/asked`);
  assert.match(later.text, /I like Hair care Deleted since\. Born on 3 November Now: 4 November/);
  assert.equal('interest' in (await world.customer('asked@example.com')).user_metadata, false);
});

test('"none of these is for me" is shown, and can be said otherwise', async () => {
  const browser = await member('none');
  await ask(browser, 'What do you like?', [interest], { 'none.interest': 'yes' });
  const page = await browser.open(`${account}/known/asked`);
  assert.match(page.text, /I like None of these is for me/);
  const value = await browser.follow(page, 'I like');
  assert.match(value.text, /Not for you, as you said: fragrance, hair/);
  await browser.submit(value, 'correct', { value: 'hair' });
  assert.match((await browser.open(`${account}/known/asked`)).text, /None of these is for me Now: Hair care/);
  assert.equal((await world.customer('none@example.com')).user_metadata.interest, 'hair');
});

test('an answer that the umbrella keeps is taken back as well, but not written by hand', async () => {
  const browser = await member('kept');
  const at = 'app_metadata.size';
  await createAttribute(base.db, { path: at, type: 'text', labels: { en: 'Size' }, askable: true }, new Date());
  await base.settings.refresh();
  await ask(browser, 'Which size?', [{ type: 'text', key: 'size', path: at, labels: { en: 'Size' } }], {
    'field.size': 'M',
  });
  const value = await browser.follow(await browser.open(`${account}/known/asked`), 'Size');
  assert.ok(!value.forms.some(({ action }) => action.endsWith('/correct')));
  assert.match((await browser.submit(value, 'withdraw')).text, /Size: deleted/);
  assert.match((await browser.open(`${account}/known/asked`)).text, /Size M Deleted since\./);
  assert.deepEqual((await world.customer('kept@example.com')).app_metadata, {});
});

test('of consents it says what was said to which words, what waits for its mail, and what was taken back since', async () => {
  const browser = await member('consents');
  const topic = (name: string, double_opt_in: boolean) =>
    askFor(base, {
      ...{ brand, purpose: 'email', topic: name, at_sign_up: false, in_journey: false, double_opt_in },
      texts: { en: { label: `Mail me ${name} of {brand}.` } },
    });
  const [news, deals, trips] = [await topic('news', false), await topic('deals', true), await topic('trips', false)];
  assert.ok(news && deals && trips);
  const topics = {
    type: 'topics',
    key: 'mail',
    labels: { en: 'Which?' },
    purpose: 'email',
    topics: ['news', 'deals', 'trips'],
  };
  await ask(browser, 'What may we mail?', [topics], { [`consent.${news}`]: 'yes', [`consent.${deals}`]: 'yes' });
  const page = await browser.open(`${account}/known/asked`);
  assert.match(page.text, /Mail me news of Lumière\. Yes Mail/);
  assert.match(page.text, /Mail me deals of Lumière\. Yes It counts once you press the link/);
  assert.match(page.text, /Mail me trips of Lumière\. No/);
  const preferences = await browser.follow(page, 'See and change what you allow');
  assert.match(preferences.text, /Allowed: Mail me news of Lumière\. [^·]*· Lumière · when you answered a question/);
  const form = preferences.forms.find(({ fields }) => fields.topic === 'news');
  const body = new URLSearchParams(form?.fields);
  await browser.send(`${account}/preferences-withdraw`, { method: 'POST', body, headers: { origin: world.url } });
  assert.match((await browser.open(`${account}/known/asked`)).text, /Mail me news of Lumière\. Yes Taken back since\./);
});

test('security row 16: nobody sees what another was asked', async () => {
  const [mine, theirs] = [await member('mine'), await member('theirs')];
  await ask(theirs, 'A secret?', [vegan], { 'field.vegan': 'yes' });
  assert.doesNotMatch((await mine.open(`${account}/known/asked?from=0`)).text, /secret/);
  const stranger = await world.browser().open(`${account}/known/asked`);
  assert.match(stranger.url.pathname, /\/login$/);
});
