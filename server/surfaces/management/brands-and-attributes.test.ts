import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

test('the catalogue begins with the standard attributes', async () => {
  const known = list(await api.call('GET', '/attributes?per_page=100'));
  assert.ok(known.some((one) => Object(one).path === 'birthdate' && Object(one).is_system));
  await api.run({
    name: 'with totals',
    call: ['GET', '/attributes?per_page=1&include_totals=true'],
    status: 200,
    reply: { start: 0, limit: 1, total: known.length },
  });
});

test('an attribute is listed, read, changed and taken away', async () => {
  const { id: brand } = object(await api.call('POST', '/brands', { slug: 'lumiere', name: 'Lumière' }));
  const draft = { path: 'user_metadata.skin type', type: 'choice', labels: { en: 'Skin' }, brand };
  const one = `/attributes/${encodeURIComponent(draft.path)}`;
  const scenarios: Scenario[] = [
    {
      name: 'create',
      call: ['POST', '/attributes', draft],
      status: 201,
      reply: { ...draft, is_system: false, sensitive: false },
    },
    { name: 'twice', call: ['POST', '/attributes', draft], status: 409, reply: { error: 'Conflict' } },
    { name: 'read', call: ['GET', one], status: 200, reply: draft },
    { name: 'change', call: ['PATCH', one, { sensitive: true }], status: 200, reply: { ...draft, sensitive: true } },
    {
      name: 'a brand that there is not',
      call: ['PATCH', one, { brand: '01890000-0000-7000-8000-000000000000' }],
      status: 400,
      reply: { message: "Payload validation error: 'No such brand' on property brand." },
    },
    { name: 'no path', call: ['POST', '/attributes', { ...draft, path: 'user_id' }], status: 400 },
    { name: 'a system attribute stays', call: ['DELETE', '/attributes/birthdate'], status: 403 },
    { name: 'remove', call: ['DELETE', one], status: 204 },
    { name: 'gone', call: ['GET', one], status: 404, reply: { errorCode: 'inexistent_attribute' } },
    { name: 'change what is gone', call: ['PATCH', one, {}], status: 404 },
    { name: 'remove what is gone', call: ['DELETE', one], status: 404 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('a brand is made, found by id or slug, changed and removed', async () => {
  const draft = { slug: 'northtrail', name: 'Northtrail', theme: { primary: '#125b3a' }, default_language: 'de' };
  const made = await api.run({ name: 'create', call: ['POST', '/brands', draft], status: 201, reply: draft });
  const { id } = object(made);
  const scenarios: Scenario[] = [
    { name: 'by id', call: ['GET', `/brands/${id}`], status: 200, reply: draft },
    { name: 'by slug', call: ['GET', '/brands/northtrail'], status: 200, reply: { id } },
    { name: 'twice', call: ['POST', '/brands', draft], status: 409 },
    { name: 'a slug with capitals', call: ['POST', '/brands', { ...draft, slug: 'North' }], status: 400 },
    {
      name: 'change',
      call: [
        'PATCH',
        '/brands/northtrail',
        { logo_url: 'https://n.test/l.svg', texts: { de: { 'login.title': 'Hallo' } } },
      ],
      status: 200,
      reply: { logo_url: 'https://n.test/l.svg', theme: draft.theme, texts: { de: { 'login.title': 'Hallo' } } },
    },
    { name: 'its slug stays', call: ['PATCH', `/brands/${id}`, { slug: 'x' }], status: 400 },
    {
      name: 'an address that a browser would run',
      call: ['PATCH', `/brands/${id}`, { logo_url: 'javascript:alert(1)' }],
      status: 400,
    },
    { name: 'a colour that is code', call: ['PATCH', `/brands/${id}`, { theme: { primary: 'red;}' } }], status: 400 },
    {
      name: 'a sender that is two headers',
      call: ['PATCH', `/brands/${id}`, { mail_from: 'a@b.test\r\nBcc: c@d.test' }],
      status: 400,
    },
    { name: 'a portal of it', call: ['POST', '/clients', { name: 'x', brand: 'northtrail' }], status: 201 },
    {
      name: 'not while it has portals',
      call: ['DELETE', `/brands/${id}`],
      status: 409,
      reply: { message: 'This brand still has portals or stores. Remove them first.' },
    },
    { name: 'gone', call: ['GET', '/brands/nobody'], status: 404, reply: { errorCode: 'inexistent_brand' } },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});
