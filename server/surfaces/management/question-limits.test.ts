import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { findByUserId, identitiesOf, recordSignIn } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
});
after(() => api.close());

const scent = { type: 'text', key: 'scent', labels: { en: 'Which scent?' }, path: 'user_metadata.scent' };
const draft = (field: object, when: object | null = null) => ({
  name: 'Limits',
  content: { variants: [{ key: 'a', heading: { en: 'About you' }, fields: [{ ...scent, ...field }] }], when },
});

test('security row 17: who may not write an attribute lets nobody be asked for it', async () => {
  const path = 'app_metadata.roles';
  const { headers } = await signInStaff(api, { ready: 'marketer' });
  const write = (method: 'POST' | 'PATCH', to: string, body: object) => api.send(method, to, { headers, body });
  assert.equal((await write('POST', '/attributes', { path, type: 'text', askable: true })).status, 403);
  assert.equal((await write('POST', '/attributes', { path, type: 'text' })).status, 201);
  assert.equal((await write('PATCH', `/attributes/${path}`, { askable: true })).status, 403);
  assert.equal((await write('POST', '/questions', draft({ path }))).status, 400);
  assert.equal((await api.call('PATCH', `/attributes/${path}`, { askable: true })).status, 200);
  const same = { askable: true, labels: { en: 'Role' } };
  assert.equal((await write('PATCH', `/attributes/${path}`, same)).status, 200, 'it stays as it is');
});

test('what may not be asked any more does not go live again', async () => {
  const path = 'app_metadata.shoe_size';
  assert.equal((await api.call('POST', '/attributes', { path, type: 'text', askable: true })).status, 201);
  const made = await api.call('POST', '/questions', { ...draft({ path }), state: 'live' });
  const question = `/questions/${object(made).id}`;
  await api.call('PATCH', `/attributes/${path}`, { askable: false });
  assert.equal((await api.call('PATCH', question, { name: 'Other' })).status, 200);
  assert.equal((await api.call('PATCH', question, { state: 'paused' })).status, 200);
  const again = await api.call('PATCH', question, { state: 'live' });
  assert.equal(again.status, 400);
  assert.match(String(object(again).message), /customers do not write app_metadata\.shoe_size/);
});

test('security row 16: to count whom a condition finds takes the right to read users, and is told in the audit log', async () => {
  const made = await api.call('POST', '/questions', draft({}, { attribute: 'email', is: 'starts_with', value: 's' }));
  const audience = `/questions/${object(made).id}/audience?exact=true`;
  await api.run({ name: 'no users', call: ['GET', audience], scopes: 'read:questions create:questions', status: 403 });
  const { id, headers } = await signInStaff(api, { ready: 'marketer' });
  assert.equal((await api.send('GET', audience, { headers })).status, 200);
  const rows = await api.base.db.selectFrom('audit').select('about').where('who', '=', id).execute();
  assert.deepEqual(rows, [{ about: 'customers' }]);
});

test('security row 16: who is limited to a brand does not learn how its customers came to another', async () => {
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  const brands: Record<string, string> = {};
  for (const slug of ['own', 'other']) {
    brands[slug] = String(object(await api.call('POST', '/brands', { slug, name: slug })).id);
  }
  const person = { connection, email: 'ada@example.com', password: 'correct horse battery', verify_email: false };
  const user = String(object(await api.call('POST', '/users', person)).user_id);
  const customer = await findByUserId(api.base.db, user);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(identity);
  const come = async (brand: string) => {
    const portal = `${brand}-shop`;
    const context = { portal, brand, connection, country: 'DE', language: 'de', device: 'phone', hour: 9 } as const;
    const at = new Date();
    await recordSignIn(api.base.db, { subject: identity.subject, at, ip: null, brand: brands[brand], context });
  };
  const { headers } = await signInStaff(api, { ready: 'marketer', brands: [String(brands.own)] });
  const finds = async (attribute: string, value: string | number) => {
    const filter = {
      all: [
        { attribute: 'user_id', is: 'equals', value: user },
        { attribute, is: 'equals', value },
      ],
    };
    const found = await api.send('GET', `/users?filter=${encodeURIComponent(JSON.stringify(filter))}`, { headers });
    const asked = { ...draft({}, filter), brand: brands.own };
    const made = object(await api.send('POST', '/questions', { headers, body: asked }));
    const audience = await api.send('GET', `/questions/${made.id}/audience?exact=true`, { headers });
    const { users } = object(found);
    assert.ok(Array.isArray(users));
    return [users.length, object(audience).count];
  };
  await come('own');
  assert.deepEqual(await finds('sign_in.portal', 'own-shop'), [1, 1]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await come('other');
  const told = { brand: 'other', portal: 'other-shop', connection, country: 'DE', language: 'de', device: 'phone' };
  for (const [name, value] of Object.entries({ ...told, hour: 9 })) {
    assert.deepEqual(await finds(`sign_in.${name}`, value), [0, 0], name);
  }
});

test('results: of 400 days at most, and by country to who sees addresses', async () => {
  const id = object(await api.call('POST', '/questions', draft({}))).id;
  const far = `/questions/${id}/results?from=2020-01-01T00:00:00Z`;
  await api.run({ name: 'far', call: ['GET', far], status: 400 });
  const by = async (reads: readonly string[]) => {
    const { headers } = await signInStaff(api, { ready: 'marketer', reads });
    const told = object(await api.send('GET', `/questions/${id}/results`, { headers }));
    return Object.keys(Object(told.by));
  };
  assert.ok((await by(['*'])).includes('country'));
  const others = await by(['*', '-last_ip']);
  assert.ok(others.includes('device') && !others.includes('country'));
  await api.run({ name: 'all', call: ['GET', '/questions/results'], status: 200, reply: [] });
});
