// What comes back from the page of a question and is not what it asked for; and what changed while it was looked at.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { askFor, publishNew } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openQuestionScene } from '../../../test/question-scene.ts';
import { contentOf } from '../../../test/questions.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { consentHistory, withdrawWording } from '../../features/consents/consents.ts';
import { changeQuestion, readAsks } from '../../features/questions/questions.ts';

const scene = await openQuestionScene();
const { world, base, brand } = scene;
after(() => world.close());
afterEach(scene.clear);

const password = 'correct horse battery';
const atShop = ({ url }: Page) => url.origin === 'http://lumiere.example';
const isAsked = ({ url }: Page) => url.pathname.endsWith('/question');
const path = (key: string) => ({ key, path: `user_metadata.${key}` });
const choices = ['silk', 'wool'].map((value) => ({ value, labels: { en: value } }));
const work = { type: 'text', ...path('work'), labels: { en: 'Where do you work?' } };
const cloth = { type: 'choices', ...path('cloth'), labels: { en: 'Silk or wool?' }, choices, most: 1 };

async function ask(fields: readonly object[]): Promise<string> {
  return scene.ask({ name: 'Asked', content: contentOf(fields) });
}

/** Somebody who looks at the page of what is live now. */
async function looker(name: string): Promise<{ browser: Browser; page: Page; email: string }> {
  const email = `${name}@example.com`;
  const browser = world.browser();
  const page = await signUp(world, browser, email, password);
  assert.ok(isAsked(page), page.text);
  return { browser, page, email };
}
const metadataOf = async (email: string) => (await world.customer(email)).user_metadata;
const saidBy = async (email: string) => consentHistory(base.db, (await world.customer(email)).id);
const outcomesOf = async (email: string) =>
  (await readAsks(base.db, (await world.customer(email)).id, { limit: 9, offset: 0 })).map(({ outcome }) => outcome);

function news(topic: string, label = `Mail me ${topic}.`) {
  const entry = { brand, purpose: 'email' as const, topic, at_sign_up: false, in_journey: false };
  return askFor(base, { ...entry, texts: { en: { label } } });
}
const topicsOf = (...topics: string[]) => ({
  type: 'topics',
  key: 'news',
  labels: { en: 'Which?' },
  purpose: 'email',
  topics,
});

test('an answer of nearly a megabyte is refused with a sentence, one beyond it with a page; both can be mended', async () => {
  await ask([work, cloth]);
  const { browser, page, email } = await looker('megabyte');
  const refused = await browser.submit(page, 'question', {
    'field.work': 'x'.repeat(900_000),
    'field.cloth.0': 'silk',
  });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /That is too long\. Please make it shorter\./);
  assert.match(refused.html, /value="silk" checked/);
  const beyond = await browser.submit(refused, 'question', { 'field.work': 'x'.repeat(1_100_000) });
  assert.equal(beyond.status, 413, beyond.text);
  assert.deepEqual(await metadataOf(email), {});
  const again = await browser.open(page.url);
  assert.ok(atShop(await browser.submit(again, 'question', { 'field.work': 'At sea' })));
  assert.deepEqual(await metadataOf(email), { work: 'At sea' });
});

test('what nobody could press is refused beside its field: several of one, no boxes, half a birthday, control characters', async () => {
  await ask([
    work,
    cloth,
    { type: 'birthday', ...path('day'), labels: { en: 'When?' } },
    { type: 'yes_no', ...path('vegan'), labels: { en: 'Vegan?' } },
    { type: 'country', ...path('country'), labels: { en: 'Where?' } },
    { type: 'date', ...path('trip'), labels: { en: 'Next trip?' }, earliest: '2020-01-01' },
  ]);
  const { browser, page, email } = await looker('forger');
  const refused = await browser.submit(page, 'question', {
    'field.work': 'a\u0000b',
    'field.cloth.0': 'silk',
    'field.cloth.1': 'wool',
    'field.cloth.77': 'silk',
    'field.day.month': '02',
    'field.vegan': 'maybe',
    'field.country': 'Atlantis',
    'field.trip': '1999-12-31',
  });
  assert.equal(refused.status, 400);
  for (const sentence of [
    /cannot be read/,
    /choose fewer/,
    /There is no such day/,
    /one of the answers above/,
    /choose a country/,
    /too early or too late/,
  ])
    assert.match(refused.text, sentence);
  const marked = [...refused.html.matchAll(/id="error-([^"]+)"/g)].map(([, key]) => key);
  assert.deepEqual(marked, ['work', 'cloth', 'day', 'vegan', 'country', 'trip']);
  for (const key of marked) assert.match(refused.html, new RegExp(`aria-describedby="[^"]*error-${key}"`));
  assert.deepEqual(await metadataOf(email), {});
  assert.deepEqual(await outcomesOf(email), [null], 'nothing has ended');
});

test('markup is no answer to any text, and nothing that was typed becomes markup', async () => {
  const texts = ['text', 'long_text'].map((type) => ({ type, ...path(type), labels: { en: type } }));
  await ask([...texts, { type: 'email', ...path('office'), labels: { en: 'Mail?' } }]);
  const { browser, page, email } = await looker('markup');
  const evil = '"><script>alert(1)</script>';
  const refused = await browser.submit(page, 'question', {
    'field.text': evil,
    'field.long_text': `</textarea>${evil}`,
    'field.office': evil,
  });
  assert.equal(refused.status, 400);
  assert.doesNotMatch(refused.html, /<script>alert|<\/textarea>"/);
  assert.match(refused.html, /&#34;&gt;&lt;script&gt;/);
  assert.equal([...refused.text.matchAll(/without code or angle brackets/g)].length, 2);
  assert.deepEqual(await metadataOf(email), {});
});

test('security row 17: a form writes what was asked and nothing else, whatever it names', async () => {
  const known = { type: 'text', ...path('known'), labels: { en: 'Known?' } };
  const id = await ask([known]);
  const { browser, page, email } = await looker('known');
  await browser.submit(page, 'question', { 'field.known': 'first' });
  await changeQuestion(
    base,
    id,
    JSON.parse(JSON.stringify({ content: { ...contentOf([known, work]), hold_out: 0, not_now } })),
    () => undefined,
  );
  await base.settings.refresh();
  const next = await signIn(world, world.browser(), email, password);
  assert.doesNotMatch(next.text, /Known\?/);
  const other = world.browser();
  const shown = await signIn(world, other, email, password);
  const sent = {
    'field.work': 'Here',
    'field.known': 'second',
    'field.email_verified': 'true',
    'field.app_metadata.roles': 'admin',
    email_verified: 'true',
    app_metadata: 'x',
    path: 'app_metadata.roles',
    'path.work': 'app_metadata.roles',
    'none.known': 'yes',
    __proto__: 'x',
  };
  assert.ok(atShop(await other.submit(shown, 'question', sent)));
  const customer = await world.customer(email);
  assert.deepEqual(customer.user_metadata, { known: 'first', work: 'Here' });
  assert.deepEqual(customer.app_metadata, {});
});
const not_now = { unit: 'sign_ins', steps: [1, 2, 4, 4] };

test('of topics each box is an answer, a yes and a no; who says no to all has answered, too', async () => {
  const [deals] = [await news('day deals'), await news('trips')];
  await ask([topicsOf('day deals', 'trips')]);
  const one = await looker('yes-and-no');
  assert.ok(atShop(await one.browser.submit(one.page, 'question', { [`consent.${deals}`]: 'yes' })));
  const said = (await saidBy(one.email)).map(({ topic, given, wording }) => [topic, given, wording]);
  assert.deepEqual(said.sort(), [
    ['day deals', true, 'Mail me day deals.'],
    ['trips', false, 'Mail me trips.'],
  ]);
  const two = await looker('no-to-all');
  assert.ok(atShop(await two.browser.submit(two.page, 'question', {})));
  assert.deepEqual(
    (await saidBy(two.email)).map(({ given }) => given),
    [false, false],
  );
  assert.deepEqual(await outcomesOf(two.email), ['answered']);
});

test('words that were changed while they were looked at are shown anew, the rest as it was typed', async () => {
  const id = await news('weather');
  await ask([work, topicsOf('weather')]);
  const { browser, page, email } = await looker('words');
  await publishNew(base, id, { en: { label: 'Mail me the weather, twice a day.' } });
  const shown = await browser.submit(page, 'question', { 'field.work': 'At sea', [`consent.${id}`]: 'yes' });
  assert.equal(shown.status, 409, shown.text);
  assert.match(shown.text, /twice a day/);
  assert.match(shown.html, /value="At sea"/);
  assert.doesNotMatch(shown.html, /\schecked/, 'nobody has said yes to these words');
  assert.deepEqual(await saidBy(email), []);
  assert.ok(atShop(await browser.submit(shown, 'question', { 'field.work': 'At sea', [`consent.${id}`]: 'yes' })));
  assert.partialDeepStrictEqual(await saidBy(email), [{ given: true, wording: 'Mail me the weather, twice a day.' }]);
  assert.deepEqual(await metadataOf(email), { work: 'At sea' });
});

test('a page that was left open and whose words have changed is shown anew, too', async () => {
  const id = await news('tides');
  await ask([work, topicsOf('tides')]);
  const { browser, page, email } = await looker('late-words');
  await publishNew(base, id, { en: { label: 'Mail me the tides, twice a day.' } });
  await base.db.deleteFrom('flows').execute();
  const shown = await browser.submit(page, 'question', { 'field.work': 'At sea', [`consent.${id}`]: 'yes' });
  assert.equal(shown.status, 409, shown.text);
  assert.match(shown.text, /twice a day/);
  assert.match(shown.html, /value="At sea"/);
  const done = await browser.submit(shown, 'question', { 'field.work': 'At sea' });
  assert.match(done.text, /Your answer is kept/);
  assert.deepEqual(await metadataOf(email), { work: 'At sea' });
});

test('what is asked no more when it is answered is left out, the rest is kept', async () => {
  const id = await news('gossip');
  await ask([work, topicsOf('gossip')]);
  const { browser, page, email } = await looker('gone');
  await withdrawWording(base, id, '1');
  await base.settings.refresh();
  const shown = await browser.submit(page, 'question', { 'field.work': 'At sea', [`consent.${id}`]: 'yes' });
  assert.equal(shown.status, 409, shown.text);
  assert.doesNotMatch(shown.text, /gossip/);
  assert.ok(atShop(await browser.submit(shown, 'question', { 'field.work': 'At sea' })));
  assert.deepEqual(await metadataOf(email), { work: 'At sea' });
});

test('no form says yes to what its page did not ask', async () => {
  const id = await news('secrets');
  await ask([work]);
  const { browser, page, email } = await looker('unasked');
  const shown = await browser.submit(page, 'question', {
    'field.work': 'Here',
    [`shown.${id}`]: 'en.1',
    [`consent.${id}`]: 'yes',
  });
  assert.equal(shown.status, 409);
  assert.deepEqual(await saidBy(email), []);
});

test('a question that is paused while it is looked at takes its answer; a reload shows it still', async () => {
  const id = await ask([work]);
  const { browser, page, email } = await looker('paused');
  await changeQuestion(base, id, { state: 'paused' }, () => undefined);
  await base.settings.refresh();
  assert.match((await browser.open(page.url)).text, /Where do you work\?/);
  assert.ok(atShop(await browser.submit(page, 'question', { 'field.work': 'Here' })));
  assert.deepEqual(await metadataOf(email), { work: 'Here' });
});

test('who comes by the session that is there is asked, too; and one thing at a sign-in', async () => {
  const email = 'session@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  await ask([work]);
  const asked = await browser.open(world.door('lumiere'));
  assert.ok(isAsked(asked), asked.text);
  assert.ok(atShop(await browser.submit(asked, 'question-later')));
  await askFor(base, {
    brand,
    purpose: 'email',
    topic: 'due at once',
    in_journey: true,
    texts: { en: { label: 'Mail me.' } },
  });
  assert.ok(atShop(await browser.open(world.door('lumiere'))) === false, 'the consent is due');
  const consent = await browser.open(world.door('lumiere'));
  assert.ok(consent.url.pathname.endsWith('/consent'), consent.text);
  assert.ok(atShop(await browser.submit(consent, 'consent')), 'the question waits');
  assert.ok(isAsked(await browser.open(world.door('lumiere'))));
});
