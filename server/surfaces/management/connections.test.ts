import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const google = () => ({
  name: unique('google'),
  strategy: 'google-oauth2',
  options: { client_id: 'id', client_secret: 'hush-hush' },
});

test('a connection is created, read without its secret, changed and removed', async () => {
  const draft = google();
  const made = await api.run({
    name: 'create',
    call: ['POST', '/connections', draft],
    status: 201,
    reply: { name: draft.name, strategy: 'google-oauth2', enabled_clients: [], realms: [draft.name] },
  });
  const id = String(object(made).id);
  assert.match(id, /^con_[A-Za-z0-9]{16}$/);
  const missing = { message: 'The connection does not exist', errorCode: 'inexistent_connection' };
  const scenarios: Scenario[] = [
    { name: 'read', call: ['GET', `/connections/${id}`], status: 200, reply: { options: { client_id: 'id' } } },
    { name: 'fields', call: ['GET', `/connections/${id}?fields=name`], status: 200, reply: { name: draft.name } },
    { name: 'twice', call: ['POST', '/connections', draft], status: 409, reply: { error: 'Conflict' } },
    {
      name: 'change',
      call: ['PATCH', `/connections/${id}`, { display_name: 'Google', metadata: { a: 'b' } }],
      status: 200,
      reply: { display_name: 'Google', metadata: { a: 'b' }, options: { client_id: 'id' } },
    },
    { name: 'its name stays', call: ['PATCH', `/connections/${id}`, { name: 'x' }], status: 400 },
    {
      name: 'a portal that there is not',
      call: ['PATCH', `/connections/${id}`, { enabled_clients: ['nobody'] }],
      status: 400,
      reply: { errorCode: 'invalid_body' },
    },
    {
      name: 'no such network',
      call: ['POST', '/connections', { ...google(), strategy: 'waad' }],
      status: 400,
      reply: { errorCode: 'invalid_body' },
    },
    { name: 'remove', call: ['DELETE', `/connections/${id}`], status: 204 },
    { name: 'remove again', call: ['DELETE', `/connections/${id}`], status: 204 },
    { name: 'gone', call: ['GET', `/connections/${id}`], status: 404, reply: missing },
    { name: 'change what is gone', call: ['PATCH', `/connections/${id}`, {}], status: 404, reply: missing },
    { name: 'portals of what is gone', call: ['GET', `/connections/${id}/clients`], status: 404, reply: missing },
  ];
  for (const scenario of scenarios) {
    const answer = await api.run(scenario);
    assert.ok(!JSON.stringify(answer.body ?? '').includes('hush-hush'), 'the secret is never shown');
  }
});

test('portals are turned on and off, one by one or all at once', async () => {
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) ids.push(String(object(await api.call('POST', '/clients', { name })).client_id));
  const { id } = object(await api.call('POST', '/connections', { ...google(), enabled_clients: ids.slice(0, 1) }));
  const changes = [
    { client_id: ids[1], status: true },
    { client_id: ids[2], status: true },
    { client_id: ids[0], status: false },
  ];
  await api.run({ name: 'some', call: ['PATCH', `/connections/${id}/clients`, changes], status: 204 });

  const seen: unknown[] = [];
  let from = '';
  do {
    const page = object(await api.call('GET', `/connections/${id}/clients?take=1${from}`));
    assert.ok(Array.isArray(page.clients));
    seen.push(...page.clients.map((one) => one.client_id));
    from = page.next === undefined ? '' : `&from=${page.next}`;
  } while (from !== '');
  assert.deepEqual(seen, [ids[1], ids[2]].sort());

  const offered = object(await api.call('GET', `/clients/${ids[1]}/connections`));
  assert.partialDeepStrictEqual(offered, { connections: [{ id }] });
  await api.run({
    name: 'all',
    call: ['PATCH', `/connections/${id}`, { enabled_clients: ids.slice(0, 1) }],
    status: 200,
    reply: { enabled_clients: ids.slice(0, 1) },
  });
  const unknown = [{ client_id: 'nobody', status: true }];
  assert.equal((await api.call('PATCH', `/connections/${id}/clients`, unknown)).status, 400);
  assert.equal((await api.call('PATCH', '/connections/con_x/clients', changes)).status, 404);
});

test('lists narrow by strategy and name, and page both ways', async () => {
  const { name } = object(await api.call('POST', '/connections', { name: unique('store'), strategy: 'auth0' }));
  const stores = list(await api.call('GET', '/connections?strategy=auth0'));
  assert.partialDeepStrictEqual(stores, [{ name, strategy: 'auth0' }]);
  assert.equal(list(await api.call('GET', `/connections?name=${name}`)).length, 1);
  const everything = list(await api.call('GET', '/connections?per_page=100'));
  const { total } = object(await api.call('GET', '/connections?include_totals=true'));
  assert.equal(everything.length, total);
  const seen: unknown[] = [];
  let from = '';
  do {
    const page = object(await api.call('GET', `/connections?take=1${from}`));
    assert.ok(Array.isArray(page.connections));
    seen.push(...page.connections);
    from = page.next === undefined ? '' : `&from=${page.next}`;
  } while (from !== '');
  assert.deepEqual(seen, everything);
});

test('a connection that identities come from cannot be removed', async () => {
  const { id, name } = object(await api.call('POST', '/connections', { name: unique('store'), strategy: 'auth0' }));
  const user = { connection: name, email: 'kept@example.com', password: 'correct horse', email_verified: true };
  const { user_id } = object(await api.call('POST', '/users', user));
  await api.run({
    name: 'refused',
    call: ['DELETE', `/connections/${id}`],
    status: 409,
    reply: { message: 'Users still sign in with this connection. Delete or unlink them first.' },
  });
  await api.call('DELETE', `/users/${encodeURIComponent(String(user_id))}`);
  await api.run({ name: 'now', call: ['DELETE', `/connections/${id}`], status: 204 });
});
