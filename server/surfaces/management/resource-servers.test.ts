import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario } from '../../../test/management.ts';
import { ensureSystemApi } from './first-start.ts';
import { managementAudience } from './management-audience.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const scopes = [{ value: 'read:orders', description: 'Read orders' }, { value: 'write:orders' }];

test('a resource server is created, read by id or identifier, changed and removed', async () => {
  const made = await api.run({
    name: 'create',
    call: ['POST', '/resource-servers', { identifier: 'https://orders.test/', name: 'Orders', scopes }],
    status: 201,
    reply: { is_system: false, signing_alg: 'RS256', token_lifetime: 86400, allow_offline_access: false, scopes },
  });
  const id = String(object(made).id);
  assert.match(id, /^[0-9a-f]{24}$/);
  const byIdentifier = `/resource-servers/${encodeURIComponent('https://orders.test/')}`;
  const missing = { message: 'The resource server does not exist', errorCode: 'inexistent_resource_server' };
  const scenarios: Scenario[] = [
    {
      name: 'read',
      call: ['GET', `/resource-servers/${id}`],
      status: 200,
      reply: { identifier: 'https://orders.test/' },
    },
    { name: 'by identifier', call: ['GET', byIdentifier], status: 200, reply: { id } },
    {
      name: 'twice',
      call: ['POST', '/resource-servers', { identifier: 'https://orders.test/' }],
      status: 409,
      reply: { error: 'Conflict', message: 'A resource server with the same identifier already exists.' },
    },
    {
      name: 'change',
      call: ['PATCH', `/resource-servers/${id}`, { allow_offline_access: true, token_lifetime: 600 }],
      status: 201,
      reply: { allow_offline_access: true, token_lifetime: 600, scopes },
    },
    {
      name: 'a scope twice',
      call: ['PATCH', `/resource-servers/${id}`, { scopes: [{ value: 'a' }, { value: 'a' }] }],
      status: 400,
      reply: { errorCode: 'invalid_body' },
    },
    { name: 'identifier stays', call: ['PATCH', `/resource-servers/${id}`, { identifier: 'x' }], status: 400 },
    { name: 'remove', call: ['DELETE', byIdentifier], status: 204 },
    { name: 'remove again', call: ['DELETE', byIdentifier], status: 204 },
    { name: 'gone', call: ['GET', `/resource-servers/${id}`], status: 404, reply: missing },
    { name: 'change what is gone', call: ['PATCH', `/resource-servers/${id}`, {}], status: 404, reply: missing },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('lists narrow by identifiers', async () => {
  for (const identifier of ['one', 'two', 'three']) await api.call('POST', '/resource-servers', { identifier });
  const some = list(await api.call('GET', '/resource-servers?identifiers=one&identifiers=two'));
  assert.equal(some.length, 2);
  await api.run({
    name: 'with totals',
    call: ['GET', '/resource-servers?identifiers=two&include_totals=true'],
    status: 200,
    reply: { start: 0, limit: 50, total: 1, resource_servers: [{ identifier: 'two' }] },
  });
});

test('the Management API itself cannot be changed or removed', async () => {
  await ensureSystemApi(api.base);
  const path = `/resource-servers/${encodeURIComponent(managementAudience(api.base))}`;
  await api.run({ name: 'read', call: ['GET', path], status: 200, reply: { is_system: true } });
  await api.run({ name: 'change', call: ['PATCH', path, { name: 'x' }], status: 400 });
  await api.run({ name: 'remove', call: ['DELETE', path], status: 400 });
});

test('a client grant allows a client scopes of an API, once', async () => {
  await api.call('POST', '/resource-servers', { identifier: 'grants', scopes });
  const machine = { name: 'Job', app_type: 'non_interactive' };
  const { client_id } = object(await api.call('POST', '/clients', machine));
  const draft = { client_id, audience: 'grants', scope: ['read:orders'] };
  const made = await api.run({
    name: 'create',
    call: ['POST', '/client-grants', draft],
    status: 201,
    reply: { ...draft, subject_type: 'client' },
  });
  const id = String(object(made).id);
  assert.match(id, /^cgr_[A-Za-z0-9]{16}$/);
  const missing = { message: 'The grant does not exist.', errorCode: 'inexistent_client_grant' };
  const scenarios: Scenario[] = [
    { name: 'read', call: ['GET', `/client-grants/${id}`], status: 200, reply: { id } },
    { name: 'twice', call: ['POST', '/client-grants', draft], status: 409, reply: { error: 'Conflict' } },
    {
      name: 'list',
      call: ['GET', `/client-grants?client_id=${client_id}&audience=grants&include_totals=true`],
      status: 200,
      reply: { total: 1, client_grants: [{ id }] },
    },
    {
      name: 'change',
      call: ['PATCH', `/client-grants/${id}`, { scope: ['write:orders'] }],
      status: 200,
      reply: { scope: ['write:orders'] },
    },
    {
      name: 'a scope that the API has not',
      call: ['PATCH', `/client-grants/${id}`, { scope: ['delete:orders'] }],
      status: 400,
      reply: { message: 'Scopes: delete:orders do not exist in grants Resource Server (property scope).' },
    },
    { name: 'no such API', call: ['POST', '/client-grants', { ...draft, audience: 'nothing' }], status: 404 },
    { name: 'no such client', call: ['POST', '/client-grants', { ...draft, client_id: 'nobody' }], status: 404 },
    { name: 'remove', call: ['DELETE', `/client-grants/${id}`], status: 204 },
    { name: 'gone', call: ['GET', `/client-grants/${id}`], status: 404, reply: missing },
    { name: 'change what is gone', call: ['PATCH', `/client-grants/${id}`, {}], status: 404, reply: missing },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});
