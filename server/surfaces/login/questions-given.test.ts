import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { questionField } from '../../../contract/questions.ts';
import { askFor, publishNew } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openQuestionScene } from '../../../test/question-scene.ts';
import { contentOf } from '../../../test/questions.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import { learn, timelineOf, update } from '../../features/customers/customers.ts';
import { getQuestion, readAsks } from '../../features/questions/questions.ts';

const scene = await openQuestionScene();
const { world, base, brand } = scene;
after(() => world.close());
afterEach(scene.clear);

const password = 'correct horse battery';
const atShop = ({ url }: Page) => url.origin === 'http://lumiere.example';
const job = { type: 'text', key: 'job', labels: { en: 'Work?' }, path: 'user_metadata.job' };
const choices = ['fragrance', 'hair'].map((value) => ({ value, labels: { en: value } }));
const interest = {
  type: 'choice',
  key: 'interest',
  labels: { en: 'For what?' },
  path: 'user_metadata.interest',
  choices,
};

async function ask(fields: readonly object[]): Promise<string> {
  return scene.ask({ name: 'Asked', content: contentOf(fields) });
}

async function newcomer(name: string): Promise<string> {
  const email = `${name}@example.com`;
  await signUp(world, world.browser(), email, password);
  return email;
}

async function come(email: string): Promise<{ page: Page; browser: Browser }> {
  const browser = world.browser();
  return { browser, page: await signIn(world, browser, email, password) };
}

/** An enrichment takes it for likely. */
async function guess(email: string, values: Record<string, string>): Promise<void> {
  const { id } = await world.customer(email);
  const [member] = await base.db.selectFrom('members').select('subject').where('customer', '=', id).execute();
  const word = { source: 'inferred' as const, origin: 'test', confidence: 0.3, at: new Date() };
  const facts = Object.entries(values).map(([name, value]) => ({ ...word, path: `user_metadata.${name}`, value }));
  await learn(base.db, member?.subject ?? '', facts);
}

async function outcomeOf(email: string) {
  const [asked] = await readAsks(base.db, (await world.customer(email)).id, { limit: 1, offset: 0 });
  return asked?.outcome;
}

test('"is this right?" no: an emptied field and "No answer" take the guess back', async () => {
  const email = await newcomer('wrong-guess');
  await guess(email, { job: 'Baker', interest: 'hair' });
  await ask([
    { ...job, confirm_below: 0.5 },
    { ...interest, confirm_below: 0.5 },
  ]);
  const { page, browser } = await come(email);
  assert.match(page.html, /name="field\.job"[^>]*value="Baker"/);
  assert.match(page.text, /fragrance hair No answer/);
  assert.ok(atShop(await browser.submit(page, 'question', { 'field.job': '', 'field.interest': '' })));
  assert.deepEqual((await world.customer(email)).user_metadata, {});
  assert.equal(await outcomeOf(email), 'answered');
  assert.ok(atShop((await come(email)).page), 'and is not guessed or asked again');
});

test('"is this right?" yes: what is left as it is becomes the customer’s own word', async () => {
  const email = await newcomer('right-guess');
  await guess(email, { job: 'Baker', interest: 'hair' });
  await ask([
    { ...job, confirm_below: 0.5 },
    { ...interest, confirm_below: 0.5, not_for_me: true },
  ]);
  const { page, browser } = await come(email);
  // "hair" is ticked for them, and cannot be unticked.
  const said = { 'field.job': 'Baker', 'field.interest': 'hair', 'none.interest': 'yes' };
  assert.ok(atShop(await browser.submit(page, 'question', said)));
  assert.deepEqual((await world.customer(email)).user_metadata, { job: 'Baker' });
});

test('a choice and "none of these is for me" together are asked about, and nothing is lost', async () => {
  const email = await newcomer('both');
  await ask([{ ...interest, not_for_me: true }]);
  const { page, browser } = await come(email);
  const both = { 'field.interest': 'hair', 'none.interest': 'yes' };
  const refused = await browser.submit(page, 'question', both);
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Choose an answer or say that none is for you/);
  assert.match(refused.html, /value="hair" checked/);
  assert.match(refused.html, /name="none\.interest" value="yes" checked/);
  assert.equal(await outcomeOf(email), null);
});

test('a number that can be read in two ways is asked about', async () => {
  const email = await newcomer('unclear');
  await ask([{ type: 'number', key: 'size', labels: { en: 'Size?' }, path: 'user_metadata.size' }]);
  const { page, browser } = await come(email);
  let at = page;
  for (const unclear of ['1,500', '1.500', ' -12,000 ']) {
    at = await browser.submit(at, 'question', { 'field.size': unclear });
    assert.equal(at.status, 400, unclear);
    assert.match(at.text, /thousands or a decimal/);
  }
  assert.ok(atShop(await browser.submit(at, 'question', { 'field.size': '0,125' })));
  assert.deepEqual((await world.customer(email)).user_metadata, { size: 0.125 });
});

test('an answer stands on the timeline, without what was said; a question that was skipped does not', async () => {
  const email = await newcomer('timeline');
  await ask([job]);
  const first = await come(email);
  await first.browser.submit(first.page, 'question', {});
  await come(email);
  const second = await come(email);
  assert.ok(atShop(await second.browser.submit(second.page, 'question', { 'field.job': 'Baker' })));
  const { id } = await world.customer(email);
  const [asked] = await readAsks(base.db, id, { limit: 1, offset: 0 });
  const { entries } = await timelineOf(base.db, id, { perPage: 50, names: ['question_answered'] });
  assert.deepEqual(
    entries.map(({ brand: at, portal, data }) => ({ at, portal, data })),
    [{ at: brand, portal: asked?.portal, data: { asking: asked?.id } }],
  );
});

test('what cannot be kept holds up nobody, even if it is required', async () => {
  const email = await newcomer('full');
  const { id } = await world.customer(email);
  const said = { source: 'umbrella' as const, origin: 'test', at: new Date() };
  const fill = (count: number) => {
    const user_metadata = Object.fromEntries(Array.from({ length: count }, (_, number) => [`k${number}`, 1]));
    return update(base.db, id, { user_metadata }, said);
  };
  await fill(980);
  for (let count = 981; ; count += 1) if (!(await fill(count).then(Boolean, () => false))) break;
  const question = await ask([{ ...job, required: true }]);
  const { page, browser } = await come(email);
  assert.ok(atShop(await browser.submit(page, 'question', { 'field.job': 'Baker' })));
  assert.equal(await outcomeOf(email), 'skipped');
  assert.match(String((await getQuestion(base.db, question)).fault), /could not be kept.*paths at most/);
});

test('a field that nobody could answer cannot be saved', () => {
  const number = { type: 'number', key: 'n', labels: { en: 'How many?' }, path: 'user_metadata.n' };
  for (const field of [
    { ...number, least: 9, most: 1 },
    { ...number, type: 'date', earliest: '2026-02-01', latest: '2026-01-01' },
    { ...interest, choices: [choices[0], { value: ' ', labels: { en: 'Nothing' } }] },
  ]) {
    assert.equal(questionField.safeParse(field).success, false, JSON.stringify(field));
  }
  assert.ok(questionField.safeParse({ ...number, least: 1, most: 1 }).success);
});

test('a late answer whose consent has another wording by now is shown again, with all that was typed', async () => {
  const email = await newcomer('late-wording');
  const entry = { brand, purpose: 'email' as const, topic: 'late', at_sign_up: false, in_journey: false };
  const deals = await askFor(base, { ...entry, texts: { en: { label: 'Mail me.' } } });
  await ask([job, { type: 'topics', key: 'deals', labels: { en: 'Which?' }, purpose: 'email', topics: ['late'] }]);
  const { page, browser } = await come(email);
  await publishNew(base, deals, { en: { label: 'Mail me often.' } });
  await base.db.deleteFrom('flows').execute();
  const again = await browser.submit(page, 'question', { 'field.job': 'Baker', [`consent.${deals}`]: 'yes' });
  assert.match(again.html, /name="field\.job"[^>]*value="Baker"/);
  assert.match(again.text, /Mail me often\./);
  const kept = await browser.submit(again, 'question', { 'field.job': 'Baker', [`consent.${deals}`]: 'yes' });
  assert.match(kept.text, /Your answer is kept/);
  const customer = await world.customer(email);
  assert.deepEqual(customer.user_metadata, { job: 'Baker' });
  assert.partialDeepStrictEqual((await consentHistory(base.db, customer.id))[0], { topic: 'late', given: true });
});
