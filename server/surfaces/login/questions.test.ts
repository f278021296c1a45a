import assert from 'node:assert/strict';
import { after, afterEach, mock, test } from 'node:test';
import { askFor } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openQuestionScene } from '../../../test/question-scene.ts';
import { type askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import {
  countCustomersWhere,
  customerField,
  knownOf,
  lastSignIn,
  listCustomers,
  update,
} from '../../features/customers/customers.ts';
import {
  audienceOf,
  changeQuestion,
  getQuestion,
  readAsks,
  resultsOf,
  toLive,
} from '../../features/questions/questions.ts';

const scene = await openQuestionScene();
const { world, base, brand } = scene;
after(() => world.close());
afterEach(scene.clear);

const password = 'correct horse battery';
const atShop = ({ url }: Page) => url.origin === 'http://lumiere.example';
const isAsked = ({ url }: Page) => url.pathname.endsWith('/question');
const choices = [
  { value: 'fragrance', labels: { en: 'Fragrance', de: 'Duft' }, picture: 'https://pictures.example/fragrance.jpg' },
  { value: 'hair', labels: { en: 'Hair care', de: 'Haarpflege' }, picture: 'https://pictures.example/hair.jpg' },
];
const path = 'user_metadata.interest';
const interest = { type: 'picture_choice', key: 'interest', labels: { en: 'What are you here for?' }, path, choices };
const atLeast = (number: number) => ({ attribute: 'sign_in.number', is: 'at_least', value: number });

async function ask(draft: Parameters<typeof askLive>[1]): Promise<string> {
  return scene.ask(draft);
}

/** Somebody new, whose sign-up is their first sign-in. */
async function newcomer(name: string): Promise<{ email: string; browser: Browser; again: () => Promise<Page> }> {
  const email = `${name}@example.com`;
  const browser = world.browser();
  await signUp(world, browser, email, password);
  return { email, browser, again: () => signIn(world, world.browser(), email, password) };
}

/** Answers in the browser that was asked. */
async function asksOf(email: string) {
  const { id } = await world.customer(email);
  return readAsks(base.db, id, { limit: 10, offset: 0 });
}

async function knownAt(email: string, at = path) {
  const { known } = await knownOf(base.db, (await world.customer(email)).id);
  return known.find((one) => one.path === at);
}

async function come(email: string): Promise<{ page: Page; browser: Browser }> {
  const browser = world.browser();
  return { browser, page: await signIn(world, browser, email, password) };
}

test('the third sign-in asks, the answer is a fact with its source, the fourth asks nothing', async () => {
  const { email } = await newcomer('third');
  const id = await ask({ name: 'Interest', content: contentOf([interest], { when: atLeast(3) }) });
  assert.ok(atShop((await come(email)).page), 'the second');
  const { page, browser } = await come(email);
  assert.ok(isAsked(page), page.text);
  assert.match(page.text, /One question What are you here for\? Fragrance Hair care/);
  assert.match(page.html, /<img src="https:\/\/pictures\.example\/hair\.jpg"/);
  assert.ok(atShop(await browser.submit(page, 'question', { 'field.interest': 'hair' })));
  assert.partialDeepStrictEqual(await knownAt(email), { value: 'hair', source: 'asked', origin: id });
  const [asked] = await asksOf(email);
  assert.partialDeepStrictEqual(asked, { outcome: 'answered', answered: ['interest'], sign_in_number: 3, brand });
  assert.ok(atShop((await come(email)).page), 'the fourth');
});

test('what a network told is never asked, not even at the sign-in that tells it', async () => {
  await ask({
    name: 'Birthday',
    content: contentOf([{ type: 'birthday', key: 'day', labels: { en: 'When is it?' }, path: 'birthdate' }]),
  });
  const page = await signInWith(world, world.browser(), 'facebook', '10160844201175532');
  assert.ok(atShop(page), page.text);
});

test('"not now" holds it back for one sign-in, then two; "don’t ask again" for good', async () => {
  const { email } = await newcomer('later');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const seen: string[] = [];
  for (let visit = 0; visit < 8; visit += 1) {
    const { page, browser } = await come(email);
    seen.push(isAsked(page) ? 'asked' : 'left');
    if (!isAsked(page)) continue;
    const act = seen.filter((one) => one === 'asked').length < 3 ? 'question-later' : 'question-never';
    assert.ok(atShop(await browser.submit(page, act)));
  }
  assert.deepEqual(seen, ['asked', 'left', 'asked', 'left', 'left', 'asked', 'left', 'left']);
  assert.deepEqual(
    (await asksOf(email)).map(({ outcome }) => outcome),
    ['never', 'not_now', 'not_now'],
  );
  assert.equal(await knownAt(email), undefined);
});

test('who goes on without an answer has skipped it, and is let in', async () => {
  const { email } = await newcomer('skips');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  assert.ok(atShop(await browser.submit(page, 'question', {})));
  assert.equal((await asksOf(email))[0]?.outcome, 'skipped');
  assert.ok(atShop((await come(email)).page));
});

test('in the pause after a question nothing is asked', async () => {
  const { email } = await newcomer('pause');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  await ask({
    name: 'Work',
    content: contentOf([{ type: 'text', key: 'work', labels: { en: 'Work?' }, path: 'user_metadata.work' }]),
  });
  const { page, browser } = await come(email);
  await browser.submit(page, 'question', { 'field.interest': 'hair' });
  await pauseFor(base, 7);
  try {
    assert.ok(atShop((await come(email)).page));
  } finally {
    await pauseFor(base, 0);
  }
  assert.match((await come(email)).page.text, /Work\?/);
});

test('what cannot be taken is refused field by field; the rest stays for correction', async () => {
  const { email } = await newcomer('wrong');
  await ask({
    name: 'Much',
    content: contentOf([
      interest,
      { type: 'text', key: 'work', labels: { en: 'Where do you work?' }, path: 'user_metadata.work' },
      { type: 'number', key: 'size', labels: { en: 'Size?' }, path: 'user_metadata.size', least: 30, most: 50 },
      { type: 'phone', key: 'phone', labels: { en: 'Work phone?' }, path: 'user_metadata.work_phone' },
    ]),
  });
  const { page, browser } = await come(email);
  const refused = await browser.submit(page, 'question', {
    'field.interest': 'gold',
    'field.work': '<img src=x onerror=alert(1)>',
    'field.size': '38,5',
    'field.phone': '12',
    'field.app_metadata.roles': 'admin',
  });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Please choose one of the answers above/);
  assert.match(refused.text, /without code or angle brackets/);
  assert.match(refused.text, /Please type a telephone number/);
  assert.match(refused.html, /name="field\.size"[^>]*value="38,5"/);
  assert.doesNotMatch(refused.html, /<img src=x/);
  assert.equal(await knownAt(email, 'user_metadata.size'), undefined, 'nothing is half-written');
  const done = await browser.submit(refused, 'question', {
    'field.interest': 'hair',
    'field.work': 'A & B',
    'field.size': '38,5',
    'field.phone': '+49 170 1234567',
  });
  assert.ok(atShop(done), done.text);
  const { user_metadata, app_metadata } = await world.customer(email);
  assert.deepEqual(user_metadata, { interest: 'hair', work: 'A & B', size: 38.5, work_phone: '+491701234567' });
  assert.deepEqual(app_metadata, {});
});

test('sent twice, or in two tabs, the first answer holds and both go on', async () => {
  const { email } = await newcomer('twice');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  const { token = '', ask: asked = '' } = page.forms[0]?.fields ?? {};
  const send = (value: string) => {
    const body = new URLSearchParams({ token, ask: asked, 'field.interest': value });
    return browser.send(page.url, { method: 'POST', body, headers: { origin: world.url } });
  };
  const answers = await Promise.all(['hair', 'fragrance', 'hair', 'fragrance', 'hair'].map(send));
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers.get('location')?.includes('/authorize/')]),
    answers.map(() => [303, true]),
  );
  assert.equal((await asksOf(email)).length, 1);
  assert.ok(await knownAt(email));
});

test('a page that is left open until its flow is over keeps the answer all the same, and leads back', async () => {
  const { email } = await newcomer('open-page');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  const { token = '', ask: asked = '', kept = '' } = page.forms[0]?.fields ?? {};
  await base.db.deleteFrom('flows').execute();
  const post = async (from: Browser, fields: Record<string, string>, act = 'question', origin = world.url) => {
    const body = new URLSearchParams({ token, ask: asked, ...fields });
    const at = page.url.href.replace(/question$/, act);
    const answer = await from.send(at, { method: 'POST', body, headers: { origin } });
    return { status: answer.status, text: await answer.text() };
  };
  assert.equal((await post(browser, { 'field.interest': 'hair' })).status, 400, 'without the token');
  assert.equal((await post(world.browser(), { kept, 'field.interest': 'hair' })).status, 400, 'another browser');
  assert.equal(
    (await post(browser, { kept, 'field.interest': 'hair' }, 'question', 'https://evil.example')).status,
    403,
  );
  const refused = await post(browser, { kept, 'field.interest': 'gold' });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Please choose one of the answers above/);
  assert.equal((await asksOf(email))[0]?.outcome, null);
  const done = await post(browser, { kept, 'field.interest': 'hair' });
  assert.equal(done.status, 200);
  assert.match(done.text, /Your answer is kept/);
  assert.match(done.text, /<a class="button" href="http/);
  const again = await post(browser, { kept, 'field.interest': 'fragrance' });
  assert.equal(again.status, 200, 'sent again it is harmless');
  await post(browser, { kept }, 'question-never');
  assert.partialDeepStrictEqual(await knownAt(email), { value: 'hair', source: 'asked' });
  assert.equal((await asksOf(email))[0]?.outcome, 'answered');
});

test('what a page that was left open carries is good for a day', async () => {
  const { email } = await newcomer('yesterday');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  const { kept = '' } = page.forms[0]?.fields ?? {};
  await base.db.deleteFrom('flows').execute();
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_401_000 });
  const body = new URLSearchParams({ kept, 'field.interest': 'hair' });
  const late = await browser.send(page.url, { method: 'POST', body, headers: { origin: world.url } });
  mock.timers.reset();
  assert.equal(late.status, 400);
  assert.equal(await knownAt(email), undefined);
});

test('a reload shows the same page and asks once; a page that was left is asked again only after another sign-in', async () => {
  const { email } = await newcomer('reload');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  assert.ok(isAsked(await browser.open(page.url)));
  assert.equal((await asksOf(email)).length, 1);
  assert.ok(isAsked((await come(email)).page), 'closed pages are no answer');
});

test('a question that is changed or removed while it is shown: the answer to what was seen is kept', async () => {
  const { email } = await newcomer('changed');
  const id = await ask({ name: 'Interest', content: contentOf([interest]) });
  const { page, browser } = await come(email);
  const other = { ...interest, choices: [choices[0], { value: 'skin', labels: { en: 'Skin' } }] };
  const content = { ...contentOf([other]), when: null, hold_out: 0 };
  await changeQuestion(
    base,
    id,
    JSON.parse(JSON.stringify({ content: { ...content, not_now: notNow } })),
    () => undefined,
  );
  await scene.clear();
  assert.ok(atShop(await browser.submit(page, 'question', { 'field.interest': 'hair' })));
  assert.partialDeepStrictEqual(await knownAt(email), { value: 'hair', source: 'asked' });
});
const notNow = { unit: 'sign_ins', steps: [1, 2, 4, 4] };

test('nobody is asked on the way in silently, by a grant, or to the account pages', async () => {
  const { email, browser } = await newcomer('silent');
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const silent = await browser.open(world.door('lumiere', { prompt: 'none' }));
  assert.ok(atShop(silent) && silent.url.searchParams.has('code'), silent.url.href);
  await world.allow('password');
  const form = { grant_type: 'password', username: email, password, scope: 'openid' };
  assert.equal((await world.token(form)).status, 200);
  assert.match((await browser.open(`${world.url}/account`)).url.pathname, /^\/account/);
  assert.equal((await asksOf(email)).length, 0);
});

test('a consent is asked in its own words and kept as one', async () => {
  const { email } = await newcomer('deals');
  const deals = await askFor(base, {
    brand,
    purpose: 'email',
    topic: 'deals',
    at_sign_up: false,
    in_journey: false,
    texts: { en: { label: 'Mail me deals of {brand}.' } },
  });
  const topics = { type: 'topics', key: 'deals', labels: { en: 'Which deals?' }, purpose: 'email', topics: ['deals'] };
  await ask({ name: 'Deals', content: contentOf([topics]) });
  const { page, browser } = await come(email);
  assert.match(page.text, /Which deals\? Mail me deals of Lumière\./);
  assert.doesNotMatch(page.html, /\schecked/);
  assert.ok(atShop(await browser.submit(page, 'question', { [`consent.${deals}`]: 'yes' })));
  const [row] = await consentHistory(base.db, (await world.customer(email)).id);
  assert.partialDeepStrictEqual(row, { purpose: 'email', topic: 'deals', given: true, source: 'question', brand });
  assert.ok(atShop((await come(email)).page), 'who has answered is not asked again');
});

test('of two tabs the first answer holds, of consents, too', async () => {
  const { email } = await newcomer('tabs');
  const texts = { en: { label: 'Mail me news of {brand}.' } };
  const entry = { brand, purpose: 'email' as const, topic: 'news', at_sign_up: false, in_journey: false, texts };
  const news = await askFor(base, entry);
  const topics = { type: 'topics', key: 'news', labels: { en: 'Which?' }, purpose: 'email', topics: ['news'] };
  await ask({ name: 'News', content: contentOf([interest, topics]) });
  const { page, browser } = await come(email);
  const { token = '', ask: asked = '' } = page.forms[0]?.fields ?? {};
  const shown = { [`shown.${news}`]: 'en.1' };
  const send = (fields: Record<string, string>) => {
    const body = new URLSearchParams({ token, ask: asked, ...fields });
    return browser.send(page.url, { method: 'POST', body, headers: { origin: world.url } });
  };
  assert.equal((await send({ 'field.interest': 'hair' })).status, 303);
  assert.equal((await send({ ...shown, [`consent.${news}`]: 'yes' })).status, 303);
  assert.deepEqual(await consentHistory(base.db, (await world.customer(email)).id), []);
});

test('security row 1: nobody answers what another was asked', async () => {
  const [mine, theirs] = [await newcomer('mine'), await newcomer('theirs')];
  await ask({ name: 'Interest', content: contentOf([interest]) });
  const own = await come(mine.email);
  const other = await come(theirs.email);
  const token = own.page.forms[0]?.fields.token ?? '';
  const foreign = other.page.forms[0]?.fields.ask ?? '';
  assert.ok(token !== '' && foreign !== '');
  const body = new URLSearchParams({ token, ask: foreign, 'field.interest': 'hair' });
  const answer = await own.browser.send(own.page.url, { method: 'POST', body, headers: { origin: world.url } });
  assert.ok(answer.status >= 400, `${answer.status}`);
  assert.equal((await asksOf(theirs.email))[0]?.outcome, null);
});

test('who would be asked is who is asked, and the results count how it went', async () => {
  const names = ['fresh', 'knows', 'never', 'held', 'skipped', 'answers'];
  const people = await Promise.all(names.map((name) => newcomer(`audience-${name}`)));
  const id = await ask({
    name: 'Interest',
    content: contentOf([interest], {
      when: { all: [atLeast(1), { any: [{ attribute: 'email', is: 'starts_with', value: 'audience-' }] }] },
    }),
  });
  const acts: [name: string, act: string, fields: Record<string, string>][] = [
    ['never', 'question-never', {}],
    ['held', 'question-later', {}],
    ['skipped', 'question', {}],
    ['answers', 'question', { 'field.interest': 'hair' }],
  ];
  for (const [name, act, fields] of acts) {
    const { page, browser } = await come(`audience-${name}@example.com`);
    assert.ok(atShop(await browser.submit(page, act, fields)));
  }
  const knowing = await world.customer('audience-knows@example.com');
  const said = { source: 'umbrella' as const, origin: 'test', at: new Date() };
  await update(base.db, knowing.id, { user_metadata: { interest: 'hair' } }, said);

  const question = toLive(await getQuestion(base.db, id));
  assert.ok(question);
  const at = new Date();
  const last = lastSignIn(null);
  const fields = (one: string) => customerField(one, at, last);
  const anywhere = { brands: null, entries: [], sensitive: new Set<string>(), mayAsk: () => true };
  const circumstances = { ...anywhere, fields, last, pauseDays: 0, at };
  const where = audienceOf(question, { ...circumstances, of: 'some' });
  const { customers } = await listCustomers(base.db, { by: 'created_at', descending: false, where }, { limit: 100 });
  const expected = customers.map(({ email }) => email).sort();
  const exact = audienceOf(question, { ...circumstances, of: 'all' });
  assert.deepEqual(await countCustomersWhere(base.db, exact, { exact: true }), {
    count: expected.length,
    isEstimate: false,
  });
  const asked: string[] = [];
  for (const { email } of people) if (isAsked((await come(email)).page)) asked.push(email);
  assert.deepEqual(asked.sort(), expected);
  assert.deepEqual(expected, ['audience-fresh@example.com']);

  const later = new Date(at.getTime() + 2 * 3_600_000);
  const which = { question: id, from: new Date(at.getTime() - 3_600_000), until: later, brands: null };
  const { all, by, variants, best } = await resultsOf(base.db, which, later);
  assert.partialDeepStrictEqual(all, { shown: 5, answered: 1, skipped: 1, not_now: 1, never: 1, abandoned: 1 });
  assert.deepEqual(
    by.sign_in?.map(({ of, shown }) => [of, shown]),
    [['2', 5]],
  );
  assert.equal(variants, null);
  assert.deepEqual(best, {}, 'too early to tell');
});
