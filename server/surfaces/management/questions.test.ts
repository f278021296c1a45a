import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
});
after(() => api.close());

const job = { type: 'text', key: 'job', labels: { en: 'Where do you work?' }, path: 'user_metadata.job' };
const draft = (more: object = {}, content: object = {}) => ({
  name: 'Work',
  content: { variants: [{ key: 'a', heading: { en: 'About you' }, fields: [job] }], ...content },
  ...more,
});
const withField = (field: object) =>
  draft({}, { variants: [{ key: 'a', heading: { en: 'x' }, fields: [{ ...job, ...field }] }] });

async function make(body: object = draft()): Promise<string> {
  const made = await api.call('POST', '/questions', body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return String(object(made).id);
}

test('a question is made, changed, put in an order, and removed', async () => {
  const [one, two] = [await make(), await make(draft({ name: 'Second', state: 'live' }))];
  const path = `/questions/${one}`;
  await api.run({ name: 'read', call: ['GET', path], status: 200, reply: { state: 'draft', version: 1, position: 1 } });
  const patch = { state: 'live', ends_at: '2027-01-01T00:00:00Z', if_version: 1 };
  await api.run({
    name: 'change',
    call: ['PATCH', path, patch],
    status: 200,
    reply: { version: 2, content_version: 1 },
  });
  await api.run({ name: 'late', call: ['PATCH', path, { name: 'x', if_version: 1 }], status: 409 });
  const content = draft({}, { when: { attribute: 'sign_in.number', is: 'at_least', value: 3 } }).content;
  await api.run({ name: 'content', call: ['PATCH', path, { content }], status: 200, reply: { content_version: 2 } });
  await api.run({ name: 'order', call: ['PUT', '/questions/order', { ids: [two, one] }], status: 204 });
  const list = await api.call('GET', '/questions?state=live');
  assert.ok(Array.isArray(list.body));
  assert.deepEqual(
    list.body.map(({ id }) => id),
    [two, one],
  );
  await api.run({
    name: 'unknown',
    call: ['PUT', '/questions/order', { ids: [two, crypto.randomUUID()] }],
    status: 404,
  });
  await api.run({ name: 'remove', call: ['DELETE', path], status: 204 });
  await api.run({ name: 'gone', call: ['GET', path], status: 404 });
  await api.run({ name: 'gone twice', call: ['DELETE', path], status: 404 });
});

test('what cannot be asked is not saved, and why is said', async () => {
  const manyBrands = Object.fromEntries(Array.from({ length: 20_000 }, (_, number) => [`brand-${number}`, {}]));
  const refusals: [why: RegExp, body: object][] = [
    [/no attribute sign_in\.moon/, draft({}, { when: { attribute: 'sign_in.moon', is: 'exists', value: true } })],
    [
      /cannot be asked for "contains"/,
      draft({}, { when: { attribute: 'sign_in.number', is: 'contains', value: '3' } }),
    ],
    [/email is changed with proof/, withField({ path: 'email' })],
    [/phone_number is changed with proof/, withField({ path: 'phone_number' })],
    [/customers do not write app_metadata\.roles/, withField({ path: 'app_metadata.roles' })],
    [/path/, withField({ path: 'email_verified' })],
    [/type/, withField({ type: 'password' })],
    [/variants/, draft({}, { variants: [] })],
    [/64 kB/, draft({}, { variants: [{ key: 'a', heading: { en: 'x' }, brands: manyBrands, fields: [job] }] })],
    [/hold_out/, draft({}, { hold_out: 90 })],
  ];
  for (const [why, body] of refusals) {
    const answer = await api.call('POST', '/questions', body);
    assert.equal(answer.status, 400, JSON.stringify(answer.body));
    assert.match(String(object(answer).message), why);
  }
});

test('an attribute of app_metadata is asked for once the catalogue says so', async () => {
  const path = 'app_metadata.shoe_size';
  assert.equal((await api.call('POST', '/attributes', { path, type: 'number' })).status, 201);
  assert.equal((await api.call('POST', '/questions', withField({ path }))).status, 400);
  assert.equal((await api.call('PATCH', `/attributes/${path}`, { askable: true })).status, 200);
  await make(withField({ path }));
});

test('security row 16: who may not see an attribute neither asks for it nor picks by it', async () => {
  const { headers } = await signInStaff(api, { ready: 'marketer', reads: ['*', '-user_metadata.job', '-last_ip'] });
  const send = async (body: object) => (await api.send('POST', '/questions', { headers, body })).status;
  assert.equal(await send(draft()), 403);
  const scents = withField({ path: 'user_metadata.scents' });
  assert.equal(await send(scents), 201);
  const byPlace = { when: { not: { attribute: 'sign_in.country', is: 'equals', value: 'DE' } } };
  assert.equal(await send({ ...scents, content: { ...scents.content, ...byPlace } }), 403);
  const byJob = { when: { any: [{ attribute: 'user_metadata.job', is: 'exists', value: true }] } };
  assert.equal(await send({ ...scents, content: { ...scents.content, ...byJob } }), 403);
});

test('each takes its scope', async () => {
  const path = `/questions/${await make()}`;
  await api.run({ name: 'read', call: ['GET', path], scopes: 'update:questions', status: 403 });
  await api.run({ name: 'change', call: ['PATCH', path, {}], scopes: 'read:questions', status: 403 });
  await api.run({ name: 'remove', call: ['DELETE', path], scopes: 'update:questions', status: 403 });
  await api.run({
    name: 'order',
    call: ['PUT', '/questions/order', { ids: [] }],
    scopes: 'read:questions',
    status: 403,
  });
});
