import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../server/base/json.ts';
import { crmUpsert, crmUpsertSource } from './crm-upsert.ts';
import { runRule } from './test-run-rule.ts';

const settings = {
  address: 'https://crm.example/contacts/{email}',
  token: 'the-token',
  fields: { email: 'email', firstName: 'given_name', city: 'app_metadata.city' },
};
const user = {
  email: 'sofia+1@example.com',
  email_verified: true,
  given_name: 'Sofia',
  app_metadata: { city: 'Milan' },
};

test('the contact has the fields of the form, from the profile and its metadata', async () => {
  const { called } = await runRule(crmUpsert, { user, settings });
  const contact = { email: 'sofia+1@example.com', firstName: 'Sofia', city: 'Milan' };
  const argument = { user_id: 'auth0|1', email: 'sofia+1@example.com', contact };
  assert.deepEqual(called, [{ name: 'enrichment_ask', argument }]);
  const unproven = await runRule(crmUpsert, { user: { ...user, email_verified: false }, settings });
  assert.deepEqual(unproven.called, []);
});

test('it is sent as JSON, with the address filled in and no more than that', () => {
  const parsed = crmUpsertSource.settings.parse(settings);
  const question = { email: 'a/../b@example.com', user_id: 'x|1', contact: { firstName: 'Sofia' } };
  assert.deepEqual(crmUpsertSource.request(parsed, question), {
    method: 'PUT',
    url: 'https://crm.example/contacts/a%2F..%2Fb%40example.com',
    headers: { 'content-type': 'application/json', authorization: 'Bearer the-token' },
    body: '{"firstName":"Sofia"}',
  });
  assert.throws(
    () => crmUpsertSource.settings.parse({ ...settings, address: 'https://{email}/x' }),
    'the host is fixed',
  );
  for (const part of ['{mail}', '{Email}', '{email', 'email}', '{{email}}', '{}']) {
    assert.throws(() => crmUpsertSource.settings.parse({ ...settings, address: `https://crm.example/${part}` }), part);
  }
});

test('the id of the CRM is kept, wherever the answer has it', () => {
  const read = (json: Json, idAt = 'data.id') =>
    crmUpsertSource.read(crmUpsertSource.settings.parse({ ...settings, idAt }), {
      status: 201,
      json,
      headers: new Headers(),
    });
  const fact = (value: Json) => ({ status: 'hit', facts: [{ path: 'app_metadata.crm_id', value }] });
  assert.deepEqual(read({ data: { id: 'c-7' } }), fact('c-7'));
  assert.deepEqual(read({ id: 7 }, 'id'), fact(7));
  for (const other of [null, {}, { data: [] }, { data: { id: {} } }])
    assert.deepEqual(read(other), { status: 'hit', facts: [] });
  assert.deepEqual(read({ id: 7 }, ''), { status: 'hit', facts: [] });
});

test('another CRM is another place; another key is not', () => {
  const place = (address: string) => crmUpsertSource.place?.(crmUpsertSource.settings.parse({ ...settings, address }));
  const here = place('https://crm.example/contacts/{email}');
  assert.match(here ?? '', /^https:\/\/crm\.example\/contacts\//);
  for (const same of ['https://crm.example/contacts/{email}?key=new', 'https://me:new@crm.example/contacts/{email}']) {
    assert.equal(place(same), here, same);
  }
  for (const other of ['https://crm.example/v2/contacts/{email}', 'https://new.example/contacts/{email}']) {
    assert.notEqual(place(other), here, other);
  }
});
