import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  await api.call('POST', '/attributes', { path: 'user_metadata.allergy', type: 'text', sensitive: true });
});
after(() => api.close());

const allergy = '/attributes/user_metadata.allergy';
const catalogue = ['create:attributes', 'update:attributes', 'delete:attributes', 'read:attributes'];

async function caller(member: Omit<Member, 'ready'>) {
  const { headers } = await signInStaff(api, { ready: 'developer', scopes: catalogue, ...member });
  return async (method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) =>
    (await api.send(method, url, { headers, ...(body && { body }) })).status;
}

test('security row 16: nobody makes plain what is sensitive and hidden from them', async () => {
  const { headers } = await signInStaff(api, { ready: 'developer' });
  const answer = await api.send('PATCH', allergy, { headers, body: { sensitive: false } });
  assert.equal(answer.status, 403, 'a developer as they are from the start');
  assert.equal(object(answer).errorCode, 'insufficient_attributes');
  const call = await caller({ reads: ['*', '-sensitive'] });
  assert.equal(await call('DELETE', allergy), 403, 'nor by taking it from the catalogue');
  assert.equal(await call('PATCH', '/attributes/likes', { sensitive: false }), 403);
  const narrow = await caller({ reads: ['given_name'] });
  assert.equal(await narrow('PATCH', allergy, { sensitive: false }), 403, 'nor for others');
  assert.equal(object(await api.call('GET', allergy)).sensitive, true);
  assert.equal(
    await call('PATCH', allergy, { labels: { en: 'Allergies' }, sensitive: true }),
    200,
    'the rest is theirs',
  );
});

test('security row 16: nobody sees or writes more because they call it sensitive, or no longer', async () => {
  const reader = await caller({ reads: ['sensitive'] });
  const draft = { path: 'app_metadata.income', type: 'number', sensitive: true };
  assert.equal(await reader('POST', '/attributes', draft), 403);
  assert.equal(await reader('POST', '/attributes', { ...draft, sensitive: false }), 201);
  assert.equal(await reader('PATCH', '/attributes/app_metadata.income', { sensitive: true }), 403);
  const writer = await caller({ reads: ['*'], writes: ['*', '-sensitive'] });
  assert.equal(await writer('PATCH', allergy, { sensitive: false }), 403);
  assert.equal(await writer('DELETE', allergy), 403);
  const all = await caller({ reads: ['*'], writes: ['*'] });
  assert.equal(await all('PATCH', allergy, { sensitive: false }), 200);
  assert.equal(await all('PATCH', allergy, { sensitive: true }), 200);
  assert.equal(await all('DELETE', allergy), 204);
});
