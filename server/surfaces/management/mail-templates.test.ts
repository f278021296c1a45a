import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';

let api: ManagementTest;
const slug = unique('brand');
before(async () => {
  api = await managementTest();
  await api.call('POST', '/brands', { slug, name: 'Lumière' });
});
after(() => api.close());

const path = (kind = 'reset_password', language = 'en', brand = slug) => `/mail-templates/${brand}/${kind}/${language}`;
const good = { subject: 'Hello from {{ brand }}', html: '<a href="{{ link }}">Go</a>', text: 'Go to {{ link }}' };

test('what is there can be read, replaced, listed and taken back', async () => {
  const ours = object(await api.call('GET', path()));
  assert.equal(ours.is_own, false);
  assert.ok(String(ours.html).includes('{{ link }}'));
  const own = object(await api.call('PUT', path(), good));
  assert.partialDeepStrictEqual(own, { ...good, is_own: true, kind: 'reset_password', language: 'en' });
  assert.deepEqual(object(await api.call('GET', path())), own);
  await api.call('PUT', path('sign_in_link', 'fr'), good);
  const shown = list(await api.call('GET', `/mail-templates?brand=${slug}`)).map((one) => Object(one).kind);
  assert.deepEqual(shown, ['reset_password', 'sign_in_link']);
  const page = object(await api.call('GET', '/mail-templates?take=1'));
  assert.ok(Array.isArray(page.mail_templates) && page.mail_templates.length === 1 && page.next);
  assert.equal((await api.call('DELETE', path())).status, 204);
  assert.deepEqual(object(await api.call('GET', path())), ours);
  const { kinds } = object(await api.call('GET', '/mail-kinds'));
  assert.ok(Array.isArray(kinds) && kinds.length > 30);
});

test('what cannot be sent is refused at its part; what is not there is 404', async () => {
  const scenarios: Scenario[] = [
    {
      name: 'no link',
      call: ['PUT', path(), { ...good, text: 'Go' }],
      status: 400,
      reply: {
        message: "Payload validation error: 'This mail is for its link: put {{ link }} into it.' on property text.",
      },
    },
    { name: 'no brand', call: ['GET', path('reset_password', 'en', 'nobody')], status: 404 },
    { name: 'no mail', call: ['GET', path('news')], status: 404, reply: { errorCode: 'inexistent_mail_kind' } },
    { name: 'prototype', call: ['GET', path('constructor')], status: 404 },
    { name: 'language', call: ['GET', path('erased', 'xx')], status: 400 },
    { name: 'empty', call: ['PUT', path(), { ...good, subject: '' }], status: 400 },
    { name: 'long', call: ['PUT', path(), { ...good, html: 'x'.repeat(100_001) }], status: 400 },
    { name: 'scope', call: ['PUT', path(), good], scopes: 'read:mail_templates', status: 403 },
    { name: 'scope of taking back', call: ['DELETE', path()], scopes: 'update:mail_templates', status: 403 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('two who change one mail: the second is told, also when nobody had replaced it yet', async () => {
  const headers = { authorization: `Bearer ${await api.token()}` };
  const seen = String((await api.send('GET', path('unblock'), { headers })).headers.etag);
  const put = (subject: string, version: string) =>
    api.send('PUT', path('unblock'), { headers: { ...headers, 'if-match': version }, body: { ...good, subject } });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, count) => put(`Number ${count}`, seen)));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
  const removed = await api.send('DELETE', path('unblock'), { headers: { ...headers, 'if-match': seen } });
  assert.equal(object(removed).errorCode, 'changed_meanwhile');
  const now = String((await api.send('GET', path('unblock'), { headers })).headers.etag);
  assert.equal((await put('Again', now)).status, 200);
});

test('a preview shows what is not saved, with the values of nobody', async () => {
  const shown = object(await api.call('POST', `${path()}/preview`, good));
  assert.equal(shown.subject, 'Hello from Lumière');
  assert.match(String(shown.text), /^Go to http\S+$/);
  assert.equal((await api.call('POST', `${path()}/preview`, { ...good, html: '<script>' })).status, 400);
  assert.equal(object(await api.call('GET', path())).is_own, false, 'nothing is saved');
});

test('a machine sends a test to the address it names, so often and no more; nothing in it opens anything', async () => {
  const to = `${unique('t')}@example.com`;
  const send = (address: string | undefined) => api.call('POST', `${path()}/test`, { ...good, to: address });
  assert.equal((await send(undefined)).status, 400);
  assert.equal((await send('no address')).status, 400);
  const answers = await Promise.all(Array.from({ length: 15 }, () => send(to)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 10);
  assert.equal(answers.filter(({ status }) => status === 429).length, 5);
  for (let count = 0; count < 25; count++) await send(`${unique('t')}@example.com`);
  assert.equal((await send(`${unique('t')}@example.com`)).status, 429, 'nor to many addresses');
  const rows = await api.base.db.selectFrom('outbox').selectAll().where('recipient', '=', to).execute();
  assert.equal(rows.length, 10);
  assert.equal(rows[0]?.subject, '[Test] Hello from Lumière');
});
