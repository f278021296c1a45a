import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Answer,
  list,
  type ManagementTest,
  managementTest,
  object,
  type Scenario,
  unique,
} from '../../../test/management.ts';
import { entriesInForce } from '../../features/consents/catalogue.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await api.run({ name: 'a brand', call: ['POST', '/brands', { slug: 'lumiere', name: 'Lumière' }], status: 201 });
  const connection = { name: 'Shop', strategy: 'auth0' };
  await api.run({ name: 'a store', call: ['POST', '/connections', connection], status: 201 });
});
after(() => api.close());

async function make(draft: object): Promise<string> {
  return String(object(await api.run({ name: 'create', call: ['POST', '/consents', draft], status: 201 })).id);
}
async function newUser(more: object = {}): Promise<string> {
  const draft = { connection: 'Shop', email: `${unique('c')}@example.com`, password: 'correct horse battery', ...more };
  const made = await api.run({ name: 'user', call: ['POST', '/users', draft], status: 201 });
  return `/users/${encodeURIComponent(String(object(made).user_id))}/consents`;
}
const texts = { en: { label: 'Mail me {brand} news.' }, de: { label: 'Schickt mir Neues.' } };

test('the catalogue is made, listed, changed and removed', async () => {
  const draft = { brand: 'lumiere', purpose: 'email', topic: 'news', minimum_age: 16, position: 3 };
  const id = await make(draft);
  await make({ purpose: 'terms', required: true });
  const one = `/consents/${id}`;
  const scenarios: Scenario[] = [
    {
      name: 'with defaults',
      call: ['GET', one],
      status: 200,
      reply: { topic: 'news', version: null, at_sign_up: true },
    },
    { name: 'twice', call: ['POST', '/consents', draft], status: 409 },
    { name: 'twice for the umbrella', call: ['POST', '/consents', { purpose: 'terms' }], status: 409 },
    { name: 'no brand', call: ['POST', '/consents', { ...draft, brand: 'nobody' }], status: 400 },
    { name: 'no purpose', call: ['POST', '/consents', { purpose: 'fun' }], status: 400 },
    { name: 'a dead end', call: ['PATCH', one, { required: true, double_opt_in: true }], status: 400 },
    { name: 'refusing whom?', call: ['PATCH', one, { under_age: 'refuse' }], status: 400 },
    {
      name: 'changed',
      call: ['PATCH', one, { in_journey: false }],
      status: 200,
      reply: { in_journey: false, position: 3 },
    },
    { name: 'what it is about stays', call: ['PATCH', one, { purpose: 'sms' }], status: 400 },
    { name: 'all', call: ['GET', '/consents?include_totals=true'], status: 200, reply: { total: 2 } },
    {
      name: 'of a brand',
      call: ['GET', '/consents?brand=lumiere&include_totals=true'],
      status: 200,
      reply: { total: 1 },
    },
    {
      name: 'of none',
      call: ['GET', '/consents?brand=umbrella&include_totals=true'],
      status: 200,
      reply: { total: 1 },
    },
    { name: 'by purpose', call: ['GET', '/consents?purpose=sms'], status: 200, reply: [] },
    { name: 'a page', call: ['GET', '/consents?per_page=1&page=1'], status: 200, reply: [{ purpose: 'email' }] },
    { name: 'the scope', call: ['GET', '/consents'], scopes: 'read:users', status: 403 },
    { name: 'the scope to write', call: ['POST', '/consents', draft], scopes: 'read:consents', status: 403 },
    { name: 'gone', call: ['DELETE', one], status: 204 },
    { name: 'it is', call: ['GET', one], status: 404, reply: { errorCode: 'inexistent_consent' } },
    { name: 'no id', call: ['GET', '/consents/x'], status: 400 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('a published version never changes; a new one supersedes it; withdrawn, the one before is in force again', async () => {
  const id = await make({ brand: 'lumiere', purpose: 'sms' });
  const [one, words] = [`/consents/${id}`, `/consents/${id}/wordings`];
  const scenarios: Scenario[] = [
    { name: 'a draft', call: ['POST', words, { texts }], status: 201, reply: { version: '1', status: 'draft' } },
    { name: 'redrafted', call: ['PATCH', `${words}/1`, { texts: { en: { label: 'Text me.' } } }], status: 200 },
    { name: 'not asked yet', call: ['GET', one], status: 200, reply: { version: null, drafts: ['1'] } },
    { name: 'publish', call: ['POST', `${words}/1/publish`], status: 200, reply: { status: 'in_force' } },
    { name: 'published is for ever', call: ['PATCH', `${words}/1`, { texts }], status: 409 },
    { name: 'and stays', call: ['DELETE', `${words}/1`], status: 409 },
    { name: 'once', call: ['POST', `${words}/1/publish`], status: 409 },
    { name: 'named', call: ['POST', words, { version: '2026-11', texts }], status: 201 },
    { name: 'the same name', call: ['POST', words, { version: '2026-11', texts }], status: 409 },
    { name: 'a draft is not withdrawn', call: ['POST', `${words}/2026-11/withdraw`], status: 409 },
    { name: 'the next number', call: ['POST', words, { texts }], status: 201, reply: { version: '2' } },
    { name: 'thrown away', call: ['DELETE', `${words}/2`], status: 204 },
    { name: 'publish the next', call: ['POST', `${words}/2026-11/publish`], status: 200 },
    { name: 'in force', call: ['GET', one], status: 200, reply: { version: '2026-11', drafts: [] } },
    { name: 'superseded', call: ['GET', `${words}/1`], status: 200, reply: { status: 'superseded' } },
    { name: 'withdraw', call: ['POST', `${words}/2026-11/withdraw`], status: 200, reply: { status: 'withdrawn' } },
    { name: 'once', call: ['POST', `${words}/2026-11/withdraw`], status: 409 },
    { name: 'the first again', call: ['GET', one], status: 200, reply: { version: '1' } },
    { name: 'all', call: ['GET', `${words}?include_totals=true`], status: 200, reply: { total: 2 } },
    { name: 'it was asked: it stays', call: ['DELETE', one], status: 409 },
    {
      name: 'no such version',
      call: ['POST', `${words}/9/publish`],
      status: 404,
      reply: { errorCode: 'inexistent_wording' },
    },
    { name: 'without a language', call: ['POST', words, { texts: {} }], status: 400 },
    { name: 'another language', call: ['POST', words, { texts: { it: { label: 'Ciao' } } }], status: 400 },
    {
      name: 'security row 18: an address that a browser would run',
      call: ['POST', words, { texts: { en: { label: 'x', link: 'javascript:alert(1)' } } }],
      status: 400,
    },
    { name: 'a version that is an address', call: ['POST', words, { version: '../1', texts }], status: 400 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('what a machine was told is written down, marked so, with its proof', async () => {
  const id = await make({ brand: 'lumiere', purpose: 'profiling' });
  const words = `/consents/${id}/wordings`;
  await api.run({ name: 'words', call: ['POST', words, { texts }], status: 201 });
  await api.run({ name: 'publish', call: ['POST', `${words}/1/publish`], status: 200 });
  const path = await newUser();
  const said = { brand: 'lumiere', purpose: 'profiling', given: true, language: 'en' };
  const reply = [{ purpose: 'profiling', topic: null, state: 'given', version: '1', wording: 'Mail me Lumière news.' }];
  const scenarios: Scenario[] = [
    { name: 'nothing yet', call: ['GET', path], status: 200, reply: [] },
    { name: 'yes', call: ['POST', path, { ...said, place: 'Till 3, Berlin', ip: '192.0.2.7' }], status: 201, reply },
    { name: 'again', call: ['POST', path, said], status: 201, reply },
    {
      name: 'the proof',
      call: ['GET', `${path}/history?include_totals=true`],
      status: 200,
      reply: {
        total: 1,
        consents: [
          {
            given: true,
            recorded_by: 'machine',
            source: 'api',
            place: 'Till 3, Berlin',
            ip: '192.0.2.7',
            portal: null,
          },
        ],
      },
    },
    { name: 'no', call: ['POST', path, { ...said, given: false }], status: 201, reply: [{ state: 'withdrawn' }] },
    {
      name: 'an older yes changes nothing',
      call: ['POST', path, { ...said, at: '2020-01-01T00:00:00Z' }],
      status: 201,
      reply: [{ state: 'withdrawn' }],
    },
    { name: 'no words', call: ['POST', path, { ...said, purpose: 'referral' }], status: 400 },
    {
      name: 'words of its own',
      call: ['POST', path, { ...said, purpose: 'referral', version: 'paper-1', wording: 'I agree.' }],
      status: 201,
    },
    { name: 'a language it is not in', call: ['POST', path, { ...said, language: 'fr' }], status: 400 },
    { name: 'the future', call: ['POST', path, { ...said, at: '2999-01-01T00:00:00Z' }], status: 400 },
    { name: 'no such brand', call: ['POST', path, { ...said, brand: 'nobody' }], status: 400 },
    { name: 'nobody', call: ['GET', '/users/auth0%7Cnobody/consents'], status: 404 },
    { name: 'the scope', call: ['GET', path], scopes: 'read:users', status: 403 },
    { name: 'the scope to write', call: ['POST', path, said], scopes: 'update:users', status: 403 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
  assert.equal(list(await api.call('GET', `${path}/history`)).length, 4);
});

test('the history is read by pages, the newest first', async () => {
  const path = await newUser();
  const said = { brand: null, purpose: 'referral', language: 'en', wording: 'I agree.' };
  for (const [place, given] of [true, false, true, false, true].entries()) {
    const report = { ...said, given, version: `paper-${place}`, at: `2026-01-0${place + 1}T00:00:00Z` };
    await api.run({ name: 'said', call: ['POST', path, report], status: 201 });
  }
  const versions = async (query: string) =>
    list(await api.call('GET', `${path}/history?${query}`)).map((one) => Object(one).version);
  assert.deepEqual(await versions('per_page=2'), ['paper-4', 'paper-3']);
  assert.deepEqual(await versions('per_page=2&page=2'), ['paper-0']);
  assert.deepEqual(await versions('per_page=2&page=3'), []);
  const whole = object(await api.call('GET', `${path}/history?per_page=1&page=1&include_totals=true`));
  assert.partialDeepStrictEqual(whole, { start: 1, limit: 1, total: 5, consents: [{ version: 'paper-3' }] });
});

test('a machine cannot confirm by itself, nor allow what is not for the young', async () => {
  const id = await make({ purpose: 'email', double_opt_in: true, minimum_age: 16 });
  const words = `/consents/${id}/wordings`;
  await api.run({ name: 'words', call: ['POST', words, { texts }], status: 201 });
  await api.run({ name: 'publish', call: ['POST', `${words}/1/publish`], status: 200 });
  const path = await newUser();
  const said = { brand: null, purpose: 'email', given: true, language: 'de' };
  await api.run({ name: 'yes', call: ['POST', path, said], status: 201, reply: [{ state: 'pending' }] });
  const mails = await api.base.db.selectFrom('outbox').selectAll().where('kind', '=', 'confirm_consent').execute();
  assert.equal(mails.length, 1);
  assert.match(mails[0]?.body_text ?? '', /Schickt mir Neues\./);
  const elsewhere = { ...said, confirmed: true };
  await api.run({ name: 'confirmed', call: ['POST', path, elsewhere], status: 201, reply: [{ state: 'given' }] });

  const young = await newUser();
  const year = new Date().getUTCFullYear() - 10;
  const birthday = { birthdate: `${year}-01-01` };
  await api.run({ name: 'young', call: ['PATCH', young.replace('/consents', ''), birthday], status: 200 });
  await api.run({ name: 'too young', call: ['POST', young, elsewhere], status: 409 });
  await api.run({ name: 'a no is heard', call: ['POST', young, { ...said, given: false }], status: 201 });
});

test('a user carries consents only where they are named, by a scope of their own; lists never', async () => {
  const path = await newUser();
  const one = path.replace('/consents', '');
  const said = { brand: 'lumiere', purpose: 'referral', given: true, language: 'en', version: 'v1', wording: 'Tell.' };
  const told = list(await api.run({ name: 'yes', call: ['POST', path, said], status: 201 }));
  assert.equal(told.length, 1);
  const keysOf = (reply: Answer) => Object.keys(object(reply)).sort();
  const both = 'read:users read:consents';
  const named = `${one}?fields=user_id,consents`;
  const plain = await api.run({ name: 'by default', call: ['GET', one], scopes: both, status: 200 });
  assert.ok(!keysOf(plain).includes('consents'));
  const shown = await api.run({ name: 'named', call: ['GET', named], scopes: both, status: 200 });
  assert.deepEqual(keysOf(shown), ['consents', 'user_id']);
  assert.deepEqual(object(shown).consents, told, 'the same as the resource');
  const refused = { statusCode: 403, error: 'Forbidden', errorCode: 'insufficient_scope' };
  const message = 'Insufficient scope, expected any of: read:consents';
  const scenarios: Scenario[] = [
    { name: 'no scope', call: ['GET', named], scopes: 'read:users', status: 403, reply: { ...refused, message } },
    { name: 'that scope alone', call: ['GET', named], scopes: 'read:consents', status: 403, reply: refused },
    { name: 'nobody', call: ['GET', '/users/auth0%7Cnobody?fields=consents'], scopes: both, status: 404 },
    { name: 'no attribute has that name', call: ['PATCH', one, { consents: [] }], status: 400 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
  const without = `${one}?fields=consents,email&include_fields=false`;
  const rest = await api.run({ name: 'left out', call: ['GET', without], scopes: 'read:users', status: 200 });
  assert.ok(!keysOf(rest).includes('consents'));
  const users = list(await api.call('GET', '/users?fields=user_id,consents&per_page=100'));
  assert.ok(users.every((user) => !Object.hasOwn(Object(user), 'consents')));
});

test('a brand asks a hundred consents at most, the umbrella’s among them', async () => {
  await api.run({ name: 'a brand', call: ['POST', '/brands', { slug: 'asks', name: 'Asks a lot' }], status: 201 });
  const shared = (await entriesInForce(api.base.db)).length;
  const ready = async (brand: string | null, topic: string): Promise<[one: string, status: number]> => {
    const words = `/consents/${await make({ brand, purpose: 'sms', topic })}/wordings`;
    await api.run({ name: 'words', call: ['POST', words, { texts }], status: 201 });
    return [words, (await api.call('POST', `${words}/1/publish`)).status];
  };
  let first = '';
  for (let count = shared; count < 100; count += 1) {
    const [words, status] = await ready('asks', `topic ${count}`);
    assert.equal(status, 200);
    first ||= words;
  }
  const [words, refused] = await ready('asks', 'one too many');
  assert.equal(refused, 409);
  assert.equal((await ready(null, 'of all brands'))[1], 409, 'nor does the umbrella ask one more');
  assert.equal((await ready('lumiere', 'of another brand'))[1], 200);
  const told = object(await api.call('POST', `${words}/1/publish`));
  assert.match(String(told.message), /A brand asks 100 consents at most, .* Withdraw one that is in force first\./);
  await api.run({ name: 'a new version', call: ['POST', first, { texts }], status: 201 });
  await api.run({ name: 'takes no room', call: ['POST', `${first}/2/publish`], status: 200 });
  for (const version of [2, 1]) {
    await api.run({ name: 'withdraw', call: ['POST', `${first}/${version}/withdraw`], status: 200 });
  }
  await api.run({ name: 'now there is room', call: ['POST', `${words}/1/publish`], status: 200 });
});
