import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { z } from 'zod';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { askFor } from '../../../test/consents.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import { knownOf, setBlocked } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { readAsks, removeQuestion } from '../../features/questions/questions.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());
await pauseFor(base, 0);
const brand = (await brandBySlug(base.db, 'lumiere'))?.id ?? '';
const origin = 'https://app.example';
await updatePortal(base, portalIds.lumiere, { settings: { web_origins: [origin] } }, () => undefined);
await base.settings.refresh();

let live: string[] = [];
afterEach(async () => {
  for (const id of live) await removeQuestion(base, id);
  live = [];
  await base.settings.refresh();
});

const password = 'correct horse battery';
const both = 'openid read:current_user update:current_user_metadata';
const choices = [
  { value: 'fragrance', labels: { en: 'Fragrance', de: 'Duft' } },
  { value: 'hair', labels: { en: 'Hair care', de: 'Haarpflege' } },
];
const path = 'user_metadata.interest';
const interest = {
  type: 'choice',
  key: 'interest',
  labels: { en: 'What are you here for?', de: 'Was suchst du?' },
  path,
  choices,
};
const size = { type: 'number', key: 'size', labels: { en: 'Size?' }, path: 'user_metadata.size', most: 50 };

async function ask(fields: readonly object[], more: object = {}): Promise<string> {
  const id = await askLive(base, { name: 'Asked', content: contentOf(fields, { place: 'embedded', ...more }) });
  live.push(id);
  return id;
}

type Told = { status: number; headers: Headers; body: Record<string, unknown> };

/** A customer whose portal holds this access token. */
async function customerAt(name: string, scope = both) {
  const email = `${name}@example.com`;
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const page = await browser.open(world.door('lumiere', { audience: `${world.url}/api/v2/`, scope }));
  const { body } = await world.tokens(page);
  const call = async (method: string, where = '', given?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.url}/api/v2/me/question${where}`, {
      method,
      headers: { authorization: `Bearer ${body.access_token}`, 'content-type': 'application/json', ...headers },
      ...(given !== undefined && { body: JSON.stringify(given) }),
    });
    const text = await response.text();
    const told: Told = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : JSON.parse(text),
    };
    return told;
  };
  const { id } = await world.customer(email);
  return { id, email, call, asks: () => readAsks(base.db, id, { limit: 10, offset: 0 }) };
}

test('a portal asks in its own page: once for a sign-in, in the language asked, and keeps the answer as a fact', async () => {
  const { id, email, call, asks } = await customerAt('embedded');
  assert.equal((await call('GET')).status, 204);
  const question = await ask([interest]);
  const shown = await call('GET', '?language=de');
  assert.equal(shown.status, 200);
  assert.partialDeepStrictEqual(shown.body, {
    question,
    language: 'de',
    heading: 'One question',
    fields: [
      {
        key: 'interest',
        type: 'choice',
        label: 'Was suchst du?',
        choices: [{ value: 'fragrance', label: 'Duft' }, {}],
      },
    ],
  });
  const again = await call('GET');
  assert.equal(again.body.id, shown.body.id, 'a reload shows the same');
  assert.equal((await asks()).length, 1);
  const sent = await call('POST', `/${shown.body.id}/answer`, { answers: { interest: 'hair' } });
  assert.deepEqual([sent.status, sent.body], [200, { outcome: 'answered' }]);
  const twice = await call('POST', `/${shown.body.id}/answer`, { answers: { interest: 'fragrance' } });
  assert.deepEqual([twice.status, twice.body], [200, { outcome: 'answered' }]);
  const { known } = await knownOf(base.db, id);
  assert.partialDeepStrictEqual(
    known.find((one) => one.path === path),
    { value: 'hair', source: 'asked', origin: question },
  );
  await ask([size]);
  assert.equal((await call('GET')).status, 204, 'once for a sign-in');
  assert.partialDeepStrictEqual(await asks(), [{ place: 'embedded', outcome: 'answered', portal: portalIds.lumiere }]);
  await signIn(world, world.browser(), email, password);
  await pauseFor(base, 7);
  assert.equal((await call('GET')).status, 204, 'the pause holds');
  await pauseFor(base, 0);
});

test('a question of the portal is not asked on our page but left to the portal, and one of our page not given to it', async () => {
  const question = await ask([interest]);
  const { call, asks } = await customerAt('instead');
  assert.deepEqual(await asks(), [], 'the way in was free');
  const shown = await call('GET');
  assert.partialDeepStrictEqual([shown.status, shown.body], [200, { question }]);
  assert.partialDeepStrictEqual(await asks(), [{ place: 'embedded', outcome: null }]);

  const later = await customerAt('on-our-page');
  await removeQuestion(base, live.pop() ?? '');
  await ask([size], { place: 'page' });
  assert.equal((await later.call('GET')).status, 204);
  const page = await signIn(world, world.browser(), later.email, password);
  assert.ok(page.url.pathname.endsWith('/question'), page.url.href);
});

test('asked many times at once, it is asked once', async () => {
  const { call, asks } = await customerAt('at-once');
  await ask([interest]);
  const all = await Promise.all(Array.from({ length: 8 }, () => call('GET')));
  assert.equal(new Set(all.map(({ body }) => body.id)).size, 1);
  assert.equal((await asks()).length, 1);
});

test('what cannot be taken is refused field by field with a code and a sentence, the rest is told as fine', async () => {
  const { id, call } = await customerAt('refused');
  await ask([interest, size]);
  const { body } = await call('GET');
  const answers = { interest: 'hair', size: 99, app_metadata: 'admin' };
  const refused = await call('POST', `/${body.id}/answer?language=de`, { answers });
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.body.fine, ['interest']);
  assert.deepEqual(refused.body.fields, {
    size: { code: 'number_range', message: 'Diese Zahl ist zu klein oder zu groß.' },
    app_metadata: { code: 'not_asked', message: 'Danach wurde nicht gefragt.' },
  });
  const { known } = await knownOf(base.db, id);
  assert.equal(
    known.some((one) => one.path === path),
    false,
    'nothing is half-written',
  );
  assert.equal((await call('POST', `/${body.id}/answer`, { answers: { interest: 'hair', size: 38 } })).status, 200);
  assert.equal((await call('POST', `/${body.id}/answer`, { say: 'x' })).status, 400);
});

test('"not now" and "never" end it; topics are answered as consents in the words that were shown', async () => {
  const later = await customerAt('later');
  const id = await ask([interest]);
  const { body } = await later.call('GET');
  assert.deepEqual((await later.call('POST', `/${body.id}/answer`, { outcome: 'never' })).body, { outcome: 'never' });
  assert.deepEqual((await later.call('POST', `/${body.id}/answer`, { outcome: 'not_now' })).body, { outcome: 'never' });
  await removeQuestion(base, id);
  live = [];

  const consent = await askFor(base, {
    brand,
    purpose: 'email',
    topic: 'deals',
    at_sign_up: false,
    in_journey: false,
    texts: { en: { label: 'Mail me deals of {brand}.' } },
  });
  const topics = { type: 'topics', key: 'deals', labels: { en: 'Which deals?' }, purpose: 'email', topics: ['deals'] };
  const deals = await customerAt('deals');
  await ask([topics]);
  const shown = await deals.call('GET');
  const [field] = z.array(z.object({ consents: z.array(z.record(z.string(), z.unknown())) })).parse(shown.body.fields);
  const [box = {}] = field?.consents ?? [];
  assert.partialDeepStrictEqual(box, { consent, label: 'Mail me deals of Lumière.' });
  const said = { consent, version: box.version, language: box.language, given: true };
  const old = { ...said, version: '0000' };
  assert.ok((await deals.call('POST', `/${shown.body.id}/answer`, { answers: { deals: [old] } })).status >= 400);
  assert.equal((await deals.call('POST', `/${shown.body.id}/answer`, { answers: { deals: [said] } })).status, 200);
  const [row] = await consentHistory(base.db, deals.id);
  assert.partialDeepStrictEqual(row, { purpose: 'email', topic: 'deals', given: true, source: 'question', brand });
});

test('security row 16: a token opens its own customer’s question alone, and only with its scope', async () => {
  const [mine, theirs] = [await customerAt('mine'), await customerAt('theirs')];
  const bare = await customerAt('bare', 'openid profile');
  const reads = await customerAt('reads', 'openid read:current_user');
  await ask([interest]);
  const { body } = await theirs.call('GET');
  assert.equal((await mine.call('POST', `/${body.id}/answer`, { answers: { interest: 'hair' } })).status, 404);
  assert.equal((await theirs.asks())[0]?.outcome, null);
  assert.deepEqual([(await bare.call('GET')).status, (await bare.asks()).length], [403, 0]);
  const own = await reads.call('GET');
  assert.equal((await reads.call('POST', `/${own.body.id}/answer`, { outcome: 'never' })).status, 403);
  for (const authorization of ['', 'Bearer x', 'Bearer a.b.c']) {
    assert.equal((await mine.call('GET', '', undefined, { authorization })).status, 401, authorization);
  }
  await setBlocked(base.db, theirs.id, true, { by: 'staff', origin: 'test', at: new Date() });
  assert.equal((await theirs.call('GET')).status, 401);
  assert.equal((await theirs.call('POST', `/${body.id}/answer`, { answers: { interest: 'hair' } })).status, 401);
});

test('a customer’s token opens nothing else of the Management API', async () => {
  const { call } = await customerAt('nothing-else');
  assert.equal((await call('GET', '/../../users')).status, 401);
});

test('only pages of the portal’s own origins may read it; too many calls are refused', async () => {
  const { call } = await customerAt('browser');
  const allowed = async (from: string) =>
    (await call('GET', '', undefined, { origin: from })).headers.get('access-control-allow-origin');
  assert.equal(await allowed(origin), origin);
  assert.equal(await allowed('https://evil.example'), null);
  const preflight = await fetch(`${world.url}/api/v2/me/question`, { method: 'OPTIONS', headers: { origin } });
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, origin]);
  const calls = await Promise.all(Array.from({ length: 100 }, () => call('GET')));
  assert.ok(calls.some(({ status, headers }) => status === 429 && headers.has('retry-after')));
});
