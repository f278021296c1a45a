import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { sql } from 'kysely';
import { questionDraft } from '../../../contract/questions.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { askFor } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openQuestionScene } from '../../../test/question-scene.ts';
import { contentOf, pauseFor } from '../../../test/questions.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import { update } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { changeQuestion, getQuestion, readAsks } from '../../features/questions/questions.ts';
import { endSessions } from '../oidc/oidc.ts';

const scene = await openQuestionScene();
const { world, base, brand } = scene;
after(() => world.close());
afterEach(scene.clear);

const password = 'correct horse battery';
const atShop = ({ url }: Page) => url.origin === 'http://lumiere.example';
const isAsked = ({ url }: Page) => url.pathname.endsWith('/question');
const job = { type: 'text', key: 'job', labels: { en: 'Work?' }, path: 'user_metadata.job' };

async function ask(fields: readonly object[], more: object = {}): Promise<string> {
  return scene.ask({ name: 'Asked', content: contentOf(fields, more) });
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

async function asksOf(email: string) {
  return readAsks(base.db, (await world.customer(email)).id, { limit: 10, offset: 0 });
}

async function resetPassword(email: string): Promise<void> {
  const browser = world.browser();
  const forgot = await browser.open(new URL('forgot', (await browser.open(world.door())).url));
  await browser.submit(forgot, 'forgot', { username: email });
  const page = await browser.open((await world.mail(email, 'reset_password')).link);
  await browser.submit(page, 'reset-password', { password: 'another long password' });
}

async function postLate({ page, browser }: { page: Page; browser: Browser }, fields: Record<string, string>) {
  const body = new URLSearchParams({ kept: page.forms[0]?.fields.kept ?? '', ...fields });
  return browser.send(page.url, { method: 'POST', body, headers: { origin: world.url } });
}

test('security row 3: a page parked at a question is worth nothing once the password was reset', async () => {
  const email = await newcomer('parked');
  const entry = { brand, purpose: 'email' as const, topic: 'deals', at_sign_up: false, in_journey: false };
  const deals = await askFor(base, { ...entry, texts: { en: { label: 'Mail me.' } } });
  const topics = { type: 'topics', key: 'deals', labels: { en: 'Which?' }, purpose: 'email', topics: ['deals'] };
  await ask([job, topics]);
  const parked = await come(email);
  assert.ok(isAsked(parked.page), parked.page.text);
  await resetPassword(email);
  await parked.browser.submit(parked.page, 'question', { 'field.job': 'Thief', [`consent.${deals}`]: 'yes' });
  await parked.browser.submit(parked.page, 'question-never');
  assert.equal((await asksOf(email))[0]?.outcome, null, 'in the flow');
  await base.db.deleteFrom('flows').execute();
  const yes = { [`shown.${deals}`]: 'en.1', [`consent.${deals}`]: 'yes' };
  assert.equal((await postLate(parked, { 'field.job': 'Thief', ...yes })).status, 400);
  assert.equal((await asksOf(email))[0]?.outcome, null, 'after it');
  const customer = await world.customer(email);
  assert.deepEqual(customer.user_metadata, {});
  assert.deepEqual(await consentHistory(base.db, customer.id), []);
});

test('security row 3: a parked page shows nothing that was written after everything was ended', async () => {
  const email = await newcomer('parked-show');
  await ask([{ ...job, confirm_below: 1 }]);
  const { page, browser } = await come(email);
  const { id } = await world.customer(email);
  await transact(base.db, (tx) => endSessions(tx, id));
  const said = { source: 'umbrella' as const, origin: 'test', at: new Date() };
  await update(base.db, id, { user_metadata: { job: 'Written after the end' } }, said);
  const shown = await browser.open(page.url);
  assert.ok(!isAsked(shown) && !shown.html.includes('Written after the end'), shown.text);
});

test('security row 3: nothing is written of who has asked to be erased', async () => {
  const email = await newcomer('parked-erase');
  await ask([job]);
  const parked = await come(email);
  const eraseAt = new Date(Date.now() + 86_400_000);
  await base.db.updateTable('customers').set({ erase_at: eraseAt }).where('email', '=', email).execute();
  await parked.browser.submit(parked.page, 'question', { 'field.job': 'Thief' });
  await base.db.deleteFrom('flows').execute();
  assert.equal((await postLate(parked, { 'field.job': 'Thief' })).status, 400);
  assert.deepEqual((await world.customer(email)).user_metadata, {});
});

test('of many sign-ins at once one asks, and the others are in its pause', async () => {
  const email = await newcomer('at-once');
  await ask([job]);
  await pauseFor(base, 7);
  try {
    const pages = await Promise.all(Array.from({ length: 6 }, () => come(email)));
    assert.equal(pages.filter(({ page }) => isAsked(page)).length, 1);
    assert.equal((await asksOf(email)).length, 1);
  } finally {
    await pauseFor(base, 0);
  }
});

/** As a restored backup or an older version may leave it. */
async function breakContent(question: string): Promise<void> {
  const when = { attribute: 'email', is: 'was_an_operator_once', value: 1 };
  const content = JSON.stringify({ ...contentOf([job]), when });
  await base.db.updateTable('question_versions').set({ content }).where('question', '=', question).execute();
  await transact(base.db, (tx) => base.settings.changed(tx));
  await base.settings.refresh();
}

async function faultOf(id: string): Promise<string | null> {
  return (await getQuestion(base.db, id)).fault;
}

test('a question that cannot be read stops nobody and no other question; it says so until it is saved again', async () => {
  const email = await newcomer('unreadable');
  const broken = await ask([job]);
  await breakContent(broken);
  assert.ok(atShop((await come(email)).page));
  assert.match(String(await faultOf(broken)), /cannot be read/);
  await ask([{ ...job, key: 'other', path: 'user_metadata.other' }]);
  assert.ok(isAsked((await come(email)).page), 'the one behind it');
  const { content } = questionDraft.parse({ name: 'Asked', content: contentOf([job]) });
  await changeQuestion(base, broken, { content }, () => undefined);
  assert.equal(await faultOf(broken), null);
});

test('who looks at a question when it becomes unreadable goes on', async () => {
  const email = await newcomer('unreadable-open');
  const id = await ask([job]);
  const { page, browser } = await come(email);
  assert.ok(isAsked(page));
  await breakContent(id);
  assert.ok(atShop(await browser.open(page.url)));
});

test('when it cannot be told whether a question is due, the sign-in goes on unasked', async () => {
  const email = await newcomer('untold');
  await ask([job]);
  await sql`alter table question_asks rename to question_asks_away`.execute(base.db);
  try {
    assert.ok(atShop((await come(email)).page));
  } finally {
    await sql`alter table question_asks_away rename to question_asks`.execute(base.db);
  }
  assert.ok(isAsked((await come(email)).page));
});

test('the account pages ask nothing on the way in, and no portal can say that it is one of them', async () => {
  const email = await newcomer('account');
  await ask([{ ...job, required: true }]);
  const browser = world.browser();
  const door = await browser.open(`${world.url}/account`);
  const inside = await browser.submit(door, 'login', { username: email, password });
  assert.match(inside.url.pathname, /^\/account/, inside.text);
  const settings = { client_metadata: { account_pages: 'lumiere' } };
  await updatePortal(base, portalIds.lumiere, { settings }, () => undefined);
  await base.settings.refresh();
  assert.ok(isAsked((await come(email)).page));
});
