import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type ManagementTest, managementTest, object, type Scenario } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { offerLibrary, type ToldValue } from '../../features/rules/rules.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
const labels = { en: 'Mood', de: 'Laune', es: 'Humor', fr: 'Humeur' };
const kept: ToldValue = { path: 'app_metadata.mood', labels, choices: [{ value: 'good', labels }] };
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  offerLibrary(api.base, [
    {
      ...{ id: 'greet', name: 'Greet', needsConsent: null, callsOutside: false, onFailure: 'go_on', deadlineMs: 1500 },
      tells: { from: null, values: [kept] },
      card: { does: 'Greets.', why: 'It is kind.', needs: 'Nothing.', consentWhy: 'It keeps nothing.' },
      settings: z.strictObject({
        word: z.string().max(20).default('Hello').meta({ title: 'Word', description: 'With which it begins.' }),
        key: z.string().optional().meta({ title: 'Key', secret: true }),
        lines: z.record(z.string(), z.array(z.string())).optional().meta({ title: 'Lines' }),
      }),
      run(user, context, callback) {
        callback(null, user, context);
      },
    },
    {
      ...{ id: 'tell', name: 'Tell', needsConsent: null, callsOutside: true, onFailure: 'go_on', deadlineMs: 1000 },
      card: { does: 'Tells.', why: 'It knows.', needs: 'A server.', consentWhy: 'It knows already.' },
      settings: z.strictObject({ address: z.string().meta({ title: 'Address' }) }),
      run(user, context, callback) {
        callback(null, user, context);
      },
    },
    {
      ...{ id: 'ask', name: 'Ask', needsConsent: null, callsOutside: false, onFailure: 'go_on', deadlineMs: 1000 },
      card: { does: 'Asks.', why: 'It wonders.', needs: 'A key.', consentWhy: 'It asks nobody else.' },
      settings: z.strictObject({
        address: z
          .string()
          .regex(/^https:/, 'It begins with https:')
          .meta({ title: 'Address' }),
        key: z.string().min(1).meta({ title: 'API key', secret: true }),
        word: z.string().min(3, 'Three letters at least').default('Hello').meta({ title: 'Word' }),
      }),
      run(user, context, callback) {
        callback(null, user, context);
      },
    },
  ]);
});
after(() => api.close());

const script = 'function (user, context, callback) {\n  callback(null, user, context);\n}';

test('a rule of the library is switched on by filling in its form', async () => {
  await api.run({
    name: 'cards',
    call: ['GET', '/rules/library'],
    status: 200,
    reply: [
      {
        id: 'greet',
        does: 'Greets.',
        consent_why: 'It keeps nothing.',
        settings: { properties: { word: { title: 'Word', default: 'Hello' } } },
      },
    ],
  });
  const answer = await api.run({
    name: 'switch on',
    call: ['POST', '/rules/library', { library: 'greet', settings: { key: 'so secret' } }],
    status: 201,
    reply: {
      ...{ name: 'Greet', library: 'greet', settings: { word: 'Hello' }, secret_settings: ['key'] },
      ...{ on_failure: 'go_on', deadline_ms: 1500, enabled: true },
    },
  });
  const id = String(object(answer).id);
  const scenarios: Scenario[] = [
    {
      name: 'secret ones stay',
      call: ['PATCH', `/rules/${id}/running`, { settings: { word: 'Bonjour' } }],
      status: 200,
      reply: { settings: { word: 'Bonjour' }, secret_settings: ['key'] },
    },
    { name: 'a wrong one', call: ['PATCH', `/rules/${id}/running`, { settings: { word: 5 } }], status: 400 },
    { name: 'an unknown one', call: ['PATCH', `/rules/${id}/running`, { settings: { words: 'x' } }], status: 400 },
    { name: 'its script is the library’s', call: ['PATCH', `/rules/${id}`, { script }], status: 400 },
    { name: 'no such rule', call: ['POST', '/rules/library', { library: 'none' }], status: 404 },
    { name: 'back', call: ['POST', `/rules/${id}/versions/1/restore`], status: 200 },
    {
      name: 'as it was',
      call: ['GET', `/rules/${id}/running`],
      status: 200,
      reply: { settings: { word: 'Hello' }, secret_settings: ['key'] },
    },
    {
      name: 'an empty one is none',
      call: ['PATCH', `/rules/${id}/running`, { settings: { word: 'Bonjour', key: '' } }],
      status: 200,
      reply: { settings: { word: 'Bonjour' }, secret_settings: [] },
    },
  ];
  for (const scenario of scenarios) {
    const shown = await api.run(scenario);
    assert.doesNotMatch(JSON.stringify(shown.body), /so secret/);
  }
  const rows = await api.base.db.selectFrom('rules').selectAll().where('id', '=', id).execute();
  assert.doesNotMatch(JSON.stringify(rows), /so secret/);
});

test('what a form lists stays in the order in which it was typed, also when an older version is brought back', async () => {
  const [settings, other] = ['mountain hiking', 'spa', 'arts'].map((first) => ({
    lines: { [first]: [], climbing: ['wall'], 'a b': [] },
  }));
  const call: Scenario['call'] = ['POST', '/rules/library', { library: 'greet', name: 'Greet in lines', settings }];
  const made = object(await api.run({ name: 'lines', call, status: 201 }));
  const shown = async (path = '') =>
    JSON.stringify(
      object(await api.run({ name: 'shown', call: ['GET', `/rules/${made.id}${path}`], status: 200 })).settings,
    );
  assert.equal(await shown('/running'), JSON.stringify({ word: 'Hello', ...settings }));
  await api.run({ name: 'others', call: ['PATCH', `/rules/${made.id}/running`, { settings: other }], status: 200 });
  assert.equal(await shown('/running'), JSON.stringify({ word: 'Hello', ...other }));
  await api.run({ name: 'back', call: ['POST', `/rules/${made.id}/versions/1/restore`], status: 200 });
  assert.equal(await shown('/running'), JSON.stringify({ word: 'Hello', ...settings }));
});

test('a marketer switches ready rules on and off and fills in their forms, and writes no code', async () => {
  const { headers } = await signInStaff(api, { ready: 'marketer' });
  const on = await api.send('POST', '/rules/library', {
    headers,
    body: { library: 'greet', name: 'Greet too', settings: { key: 'k' } },
  });
  assert.equal(on.status, 201, JSON.stringify(on.body));
  const { id } = z.looseObject({ id: z.string() }).parse(on.body);
  const ready = `/rules/${id}`;
  const answers = [
    await api.send('PATCH', ready, { headers, body: { enabled: false } }),
    await api.send('PATCH', `${ready}/running`, { headers, body: { settings: { word: 'Hallo' } } }),
    await api.send('PATCH', ready, { headers, body: { order: 1 } }),
    await api.send('POST', '/rules', { headers, body: { name: 'Mine', script } }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 403, 403],
  );
});

test('a ready rule that calls a server outside is here once: a second one would use the address of the first', async () => {
  const body = (name: string) => ({ library: 'tell', name, settings: { address: `https://${name}.example` } });
  const answers = await Promise.all(
    ['one', 'two', 'three'].map((name) => api.call('POST', '/rules/library', body(name))),
  );
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409]);
  const refused = answers.find(({ status }) => status === 409);
  assert.match(JSON.stringify(refused?.body), /change its settings/);
});

test('a setting that is needed and left out, or left empty, is told by its name; a secret that is kept is there', async () => {
  const needed = (title: string, name: string) =>
    `Payload validation error: '“${title}” is needed: fill it in, the rule cannot run without it.' on property settings.${name}.`;
  const address = 'https://ask.example';
  const refusals: [settings: object, message: string][] = [
    [{ key: 'k' }, needed('Address', 'address')],
    [{ key: 'k', address: null }, needed('Address', 'address')],
    [{ key: 'k', address: '' }, needed('Address', 'address')],
    [{ address }, needed('API key', 'key')],
    [{ address, key: '' }, needed('API key', 'key')],
    [{ key: 'k', address: 'ask' }, "Payload validation error: 'It begins with https:' on property settings.address."],
    [[], "Payload validation error: 'Expected type object but found type array' on property settings."],
    [{ key: 'k', address, word: '' }, "Payload validation error: 'Three letters at least' on property settings.word."],
  ];
  for (const [settings, message] of refusals) {
    await api.run({
      name: JSON.stringify(settings),
      call: ['POST', '/rules/library', { library: 'ask', settings }],
      ...{ status: 400, reply: { errorCode: 'invalid_body', message } },
    });
  }
  const all = await api.call('POST', '/rules/library', { library: 'ask', settings: { address: 'ask', word: [] } });
  assert.deepEqual(object(all).faults, [
    { property: 'settings.address', message: 'It begins with https:' },
    { property: 'settings.key', message: '“API key” is needed: fill it in, the rule cannot run without it.' },
    { property: 'settings.word', message: 'This must be a text, not a list.' },
  ]);
  const added = await api.call('POST', '/rules/library', { library: 'ask', settings: { address, key: 'k' } });
  const running = `/rules/${object(added).id}/running`;
  const kept = await api.call('PATCH', running, { settings: { address: `${address}/2` } });
  const refused = await api.call('PATCH', running, { settings: {} });
  assert.deepEqual([kept.status, refused.status], [200, 400]);
  assert.equal(object(refused).message, needed('Address', 'address'));
});

test('what rules of the library keep is told to who reads customers, without what their role hides', async () => {
  const told = { library: 'greet', path: kept.path, labels, type: null, choices: [{ value: 'good', labels }] };
  await api.run({
    name: 'values',
    call: ['GET', '/rules/library/values'],
    scopes: 'read:users',
    status: 200,
    reply: [told],
  });
  await api.run({ name: 'no reader', call: ['GET', '/rules/library/values'], scopes: 'read:rules', status: 403 });
  const associate = await signInStaff(api, { ready: 'associate', reads: ['given_name'] });
  const answer = await api.send('GET', '/rules/library/values', { headers: associate.headers });
  assert.deepEqual([answer.status, answer.body], [200, []]);
});
