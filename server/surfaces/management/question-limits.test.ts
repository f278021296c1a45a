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
