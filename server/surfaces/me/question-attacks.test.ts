import assert from 'node:assert/strict';
import { after, afterEach, mock, test } from 'node:test';
import { sql } from 'kysely';
import { z } from 'zod';
import { embeddedAnswered, embeddedQuestion, embeddedRefused } from '../../../contract/embedded-questions.ts';
import { askFor } from '../../../test/consents.ts';
import type { Browser } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signIn, signUp, type World } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { transact } from '../../base/db.ts';
import { learn } from '../../features/customers/customers.ts';
import { readAsks, removeQuestion } from '../../features/questions/questions.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());

const password = 'correct horse battery';
const scope = 'openid read:current_user update:current_user_metadata';
const size = { type: 'number', key: 'size', labels: { en: 'Size?' }, path: 'user_metadata.size', most: 50 };

let live: string[] = [];
afterEach(async () => {
  for (const id of live) await removeQuestion(base, id);
  live = [];
});
async function ask(name: string): Promise<void> {
  const fields = [{ ...size, path: `user_metadata.${name}` }];
  live.push(await askLive(base, { name, content: contentOf(fields, { place: 'embedded' }) }));
}

/** The tokens with which a portal's pages ask. */
async function tokensAt(email: string, slug: 'lumiere' | 'northtrail', browser: Browser = world.browser()) {
  await signIn(world, browser, email, password);
  const audience = `${world.url}/api/v2/`;
  let page = await browser.open(world.door(slug, { audience, scope }));
  if (page.url.pathname.endsWith('/continue')) page = await browser.submit(page, 'continue');
  const { body } = await world.tokens(page, slug);
  return z
    .object({ access_token: z.string(), id_token: z.string() })
    .parse(body, { error: () => `${page.url.href} ${page.text}` });
}

async function newcomer(name: string): Promise<{ email: string; id: string }> {
  const email = `${name}@example.com`;
  await signUp(world, world.browser(), email, password);
  return { email, id: (await world.customer(email)).id };
}

async function call(token: string, where = '', given?: object, at: Pick<World, 'url'> = world) {
  const response = await fetch(`${at.url}/api/v2/me/question${where}`, {
    method: given ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(given && { body: JSON.stringify(given) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

test('two portals that ask at once: within the pause one asking is recorded, and one portal is told to ask', async () => {
  await pauseFor(base, 7);
  const { email, id } = await newcomer('two-portals');
  const shops = [await tokensAt(email, 'lumiere'), await tokensAt(email, 'northtrail')];
  await ask('one');
  await ask('two');
  const all = await Promise.all(Array.from({ length: 50 }, (_, number) => call(shops[number % 2]?.access_token ?? '')));
  const told = all.map(({ status, body }, number) => ({ shop: number % 2, status, id: body?.id }));
  assert.ok(
    told.every(({ status }) => status === 200 || status === 204),
    JSON.stringify(told),
  );
  const asking = told.filter(({ status }) => status === 200);
  assert.deepEqual([new Set(asking.map((one) => one.shop)).size, new Set(asking.map((one) => one.id)).size], [1, 1]);
  assert.equal((await readAsks(base.db, id, { limit: 10, offset: 0 })).length, 1);
});

test('however close they come: whoever is second sees that the first has asked', async () => {
  const { email, id } = await newcomer('close');
  const shops = [await tokensAt(email, 'lumiere'), await tokensAt(email, 'northtrail')];
  await ask('close');
  await pauseFor(base, 7);
  const told = await transact(base.db, async (tx) => {
    // Both have decided to ask, and neither has written it.
    await sql`lock table question_asks in exclusive mode`.execute(tx);
    const calls = shops.map(({ access_token: token }) => call(token));
    await someoneWaits(base.db, 2);
    return { calls };
  });
  const statuses = (await Promise.all(told.calls)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 204]);
  assert.equal((await readAsks(base.db, id, { limit: 10, offset: 0 })).length, 1);
});

test('a page and a portal that ask at once do not both', async () => {
  await pauseFor(base, 0);
  const { email, id } = await newcomer('page-and-portal');
  const { access_token: token } = await tokensAt(email, 'lumiere');
  await ask('both');
  await pauseFor(base, 7);
  const calls = Array.from({ length: 10 }, () => call(token));
  await Promise.all([signIn(world, world.browser(), email, password), ...calls]);
  assert.equal((await readAsks(base.db, id, { limit: 10, offset: 0 })).length, 1);
});

test('what is answered is what the document says', async () => {
  await pauseFor(base, 0);
  const { email } = await newcomer('document');
  const { access_token: token } = await tokensAt(email, 'lumiere');
  await ask('shape');
  const question = embeddedQuestion.parse((await call(token)).body);
  const where = `/${question.id}/answer`;
  embeddedRefused.parse((await call(token, where, { answers: { size: 99 } })).body);
  embeddedRefused.parse((await call(token, where, { wrong: true })).body);
  embeddedAnswered.parse((await call(token, where, { answers: { size: 40 } })).body);
});

test('an answer as great as one can make it is refused before it is read', async () => {
  await pauseFor(base, 0);
  const { email, id } = await newcomer('great');
  const { access_token: token } = await tokensAt(email, 'lumiere');
  await ask('great');
  const { body } = await call(token);
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, number) => [`k${number}`, 0]));
  const deep = `{"answers":{"size":${'['.repeat(100_000)}1${']'.repeat(100_000)}}}`;
  for (const [what, answers] of Object.entries({ megabyte: many(90_000), many: many(20_000), some: many(21) })) {
    for (const where of [`/${body.id}/answer`, `/${crypto.randomUUID()}/answer`]) {
      const refused = await call(token, where, { answers });
      assert.equal(refused.status, what === 'megabyte' ? 413 : 400, what);
      assert.ok(JSON.stringify(refused.body).length < 1000, what);
    }
  }
  const wide = await call(token, `/${body.id}/answer`, { answers: { size: Array.from({ length: 100_000 }, () => 0) } });
  assert.match(wide.body.message, /Too many values/);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const at = `${world.url}/api/v2/me/question/${body.id}/answer`;
  assert.equal((await fetch(at, { method: 'POST', headers, body: deep })).status, 400);
  assert.equal((await readAsks(base.db, id, { limit: 1, offset: 0 }))[0]?.outcome, null);
  assert.equal((await call(token, `/${body.id}/answer`, { answers: { size: 40 } })).body.outcome, 'answered');
});

test('null takes back a guess that was shown as known, and is no answer elsewhere', async () => {
  await pauseFor(base, 0);
  const { email, id } = await newcomer('null');
  const { access_token: token } = await tokensAt(email, 'lumiere');
  const [member] = await base.db.selectFrom('members').select('subject').where('customer', '=', id).execute();
  const word = { source: 'inferred' as const, origin: 'test', confidence: 0.3, at: new Date() };
  await learn(base.db, member?.subject ?? '', [{ ...word, path: 'user_metadata.null', value: 7 }]);
  const fields = [
    { ...size, path: 'user_metadata.null', confirm_below: 0.5 },
    { ...size, key: 'other', path: 'user_metadata.other' },
  ];
  live.push(await askLive(base, { name: 'Null', content: contentOf(fields, { place: 'embedded' }) }));
  const { body } = await call(token);
  assert.equal(body.fields[0].known, '7');
  await call(token, `/${body.id}/answer`, { answers: { size: null, other: null } });
  assert.deepEqual((await world.customer(email)).user_metadata, {});
  assert.deepEqual((await readAsks(base.db, id, { limit: 1, offset: 0 }))[0]?.answered, ['size']);
});

test('a field may be called as what every object has', async () => {
  await pauseFor(base, 0);
  const { email } = await newcomer('constructor');
  const { access_token: token } = await tokensAt(email, 'lumiere');
  const texts = { en: { label: 'Mail me.' } };
  await askFor(base, { brand: null, purpose: 'email', topic: 'row-l1', at_sign_up: false, in_journey: false, texts });
  const topics = { type: 'topics', key: 'constructor', labels: { en: 'Which?' }, purpose: 'email', topics: ['row-l1'] };
  live.push(await askLive(base, { name: 'Built', content: contentOf([size, topics], { place: 'embedded' }) }));
  const { body } = await call(token);
  assert.equal((await call(token, `/${body.id}/answer`, { answers: { size: 40 } })).body.outcome, 'answered');
});

test('security row 13: nothing opens it but an access token of a customer that is good, for this API, from here', async () => {
  await pauseFor(base, 0);
  const { email, id } = await newcomer('tokens');
  const mine = await tokensAt(email, 'lumiere');
  const theirs = await tokensAt(email, 'northtrail');
  const plain = await world.tokens(await signIn(world, world.browser(), email, password));
  await ask('row13');
  const elsewhere = await openWorld();
  try {
    await signUp(elsewhere, elsewhere.browser(), email, password);
    assert.equal((await call(mine.access_token, '', undefined, elsewhere)).status, 401, 'of another umbrella');
  } finally {
    await elsewhere.close();
  }
  const audience = `${world.url}/api/v2/`;
  const machine = { client_id: 'test-machine', client_secret: 'secret-of-the-test-machine' };
  const form = new URLSearchParams({ grant_type: 'client_credentials', audience, ...machine });
  const asMachine = JSON.parse(await (await fetch(`${world.url}/oauth/token`, { method: 'POST', body: form })).text());
  const [head = '', claims = ''] = mine.access_token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  for (const [what, token] of Object.entries({
    'a machine’s': asMachine.access_token,
    'an ID token': mine.id_token,
    'a refresh token': String(plain.body.refresh_token),
    'one of another audience': String(plain.body.access_token),
    'no signature': `${head}.${claims}.`,
    'no algorithm': `${none}.${claims}.`,
  })) {
    assert.equal((await call(token)).status, 401, what);
  }
  const { headers } = await signInStaff({ base }, { ready: 'administrator' });
  const asStaff = await fetch(`${world.url}/api/v2/me/question`, { headers });
  assert.equal(asStaff.status, 401, 'staff');
  assert.deepEqual(await readAsks(base.db, id, { limit: 10, offset: 0 }), []);

  const { body } = await call(mine.access_token);
  const answered = await call(theirs.access_token, `/${body.id}/answer`, { answers: { size: 1 } });
  assert.equal(answered.status, 404, 'asked at another portal');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 25 * 3_600_000 });
  try {
    assert.equal((await call(mine.access_token)).status, 401, 'expired');
  } finally {
    mock.timers.reset();
  }
  assert.equal((await call(mine.access_token, `/${body.id}/answer`, { answers: { size: 2 } })).status, 200);
});
