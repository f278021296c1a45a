import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { managementAudience } from './management-audience.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';
const nowhere = '00000000-0000-4000-8000-000000000000';

before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

async function make(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await api.call('POST', path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return object(answer);
}

test('security row 16: a machine is limited to the brands of its grant, gives no more, and takes over nobody', async () => {
  const own = await make('/brands', { slug: 'own', name: 'Own' });
  await make('/brands', { slug: 'other', name: 'Other' });
  const till = await make('/clients', { name: 'Till', app_type: 'non_interactive' });
  const shop = await make('/clients', { name: 'Shop', brand: 'own' });
  const foreign = await make('/users', { connection, password, email: 'foreign@example.com', email_verified: true });
  const audience = managementAudience(api.base);
  const scope = ['read:users', 'create:users', 'create:client_grants', 'update:client_grants', 'update:client_keys'];
  const grant = await make('/client-grants', { client_id: till.client_id, audience, scope, brands: [own.id] });
  assert.deepEqual(grant.brands, [own.id]);
  const claims = { azp: till.client_id, sub: `${till.client_id}@clients`, scope: scope.join(' ') };
  const authorization = `Bearer ${await api.token(claims)}`;
  const send = (method: 'GET' | 'PATCH' | 'POST', url: string, body?: unknown): Promise<Answer> =>
    api.send(method, url, { headers: { authorization }, ...(body !== undefined && { body }) });
  const user = (one: Record<string, unknown>) => `/users/${encodeURIComponent(String(one.user_id))}`;

  const ours = await send('POST', '/users', { connection, password, email: 'ours@example.com', email_verified: true });
  assert.equal(ours.status, 201, JSON.stringify(ours.body));
  assert.equal((await send('GET', user(object(ours)))).status, 200, 'whom it made is a customer of its brands');
  assert.equal((await send('GET', user(foreign))).status, 404);

  const unlimited = { client_id: shop.client_id, audience, scope: ['read:users'] };
  const tooMuch = { status: 403, body: { errorCode: 'more_than_own' } };
  assert.partialDeepStrictEqual(await send('POST', '/client-grants', unlimited), tooMuch);
  const narrow = await send('POST', '/client-grants', { ...unlimited, brands: [own.id] });
  assert.equal(narrow.status, 201, JSON.stringify(narrow.body));
  const path = `/client-grants/${object(narrow).id}`;
  assert.partialDeepStrictEqual(await send('PATCH', path, { brands: null }), tooMuch);
  assert.equal((await api.call('PATCH', path, { brands: null })).status, 200);
  assert.partialDeepStrictEqual(await send('POST', `/clients/${shop.client_id}/rotate-secret`), tooMuch);

  assert.equal((await api.call('PATCH', `/client-grants/${grant.id}`, { brands: null })).status, 200);
  assert.equal((await send('GET', user(foreign))).status, 200, 'from the next request on');
});

test('brands limit grants of the Management API alone, and must be there', async () => {
  const client = await make('/clients', { name: 'Another', app_type: 'non_interactive' });
  const brand = await make('/brands', { slug: 'third', name: 'Third' });
  const draft = { client_id: client.client_id, audience: managementAudience(api.base), scope: [] };
  assert.equal((await api.call('POST', '/client-grants', { ...draft, brands: [nowhere] })).status, 400);
  await make('/resource-servers', { identifier: 'https://orders.example', name: 'Orders' });
  const others = { ...draft, audience: 'https://orders.example', brands: [brand.id] };
  assert.equal((await api.call('POST', '/client-grants', others)).status, 400);
});
