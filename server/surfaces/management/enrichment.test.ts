import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const path = '/enrichment/sources/fullcontact';

test('every service that a library rule calls is there, before it was ever called', async () => {
  const none = { hits: 0, misses: 0, failures: 0, cost: {} };
  const source = {
    id: 'fullcontact',
    kind: 'asked',
    paused: null,
    failures_in_row: 0,
    last_failure: null,
    version: 0,
    last_30_days: none,
    days: [],
  };
  await api.run({
    name: 'list',
    call: ['GET', '/enrichment/sources'],
    status: 200,
    reply: [source, { kind: 'told' }, { kind: 'told' }],
  });
  await api.run({ name: 'read', call: ['GET', path], status: 200, reply: source });
  await api.run({ name: 'unknown', call: ['GET', '/enrichment/sources/nobody'], status: 404 });
});

test('what a call costs is told by the umbrella; of two at once one wins', async () => {
  const patch = { cost_per_call: 0.025, cost_for: 'hit', currency: 'EUR' };
  await api.run({ name: 'change', call: ['PATCH', path, patch], status: 200, reply: { ...patch, version: 2 } });
  await api.run({ name: 'one', call: ['PATCH', path, { cost_per_call: 1, if_version: 2 }], status: 200 });
  await api.run({ name: 'other', call: ['PATCH', path, { cost_per_call: 2, if_version: 2 }], status: 409 });
  await api.run({ name: 'go on', call: ['PATCH', path, { resume: true }], status: 200, reply: { cost_per_call: 1 } });
  for (const wrong of [
    { cost_per_call: -1 },
    { currency: 'euro' },
    { cost_for: 'miss' },
    { resume: false },
    { x: 1 },
  ]) {
    await api.run({ name: JSON.stringify(wrong), call: ['PATCH', path, wrong], status: 400 });
  }
});

test('each takes its scope', async () => {
  await api.run({ name: 'read', call: ['GET', path], scopes: 'update:enrichment', status: 403 });
  await api.run({ name: 'change', call: ['PATCH', path, {}], scopes: 'read:enrichment', status: 403 });
});

test('security row 16: who is limited to a brand neither reads what all brands found and paid, nor changes it', async () => {
  await ensureFirstStaff(api.base);
  const { id } = object(await api.call('POST', '/brands', { slug: 'own', name: 'Own' }));
  const before = (await api.call('GET', path)).body;
  const refused = { statusCode: 403, errorCode: 'insufficient_brands' };
  for (const ready of ['administrator', 'marketer', 'developer']) {
    const { headers } = await signInStaff(api, { ready, brands: [String(id)] });
    for (const url of ['/enrichment/sources', path, '/enrichment/sources/nobody']) {
      assert.partialDeepStrictEqual((await api.send('GET', url, { headers })).body, refused, `${ready} ${url}`);
    }
    if (ready === 'marketer') continue; // who changes nothing of it anyway
    for (const body of [{ cost_per_call: 999, currency: 'EUR' }, { resume: true }]) {
      assert.partialDeepStrictEqual((await api.send('PATCH', path, { headers, body })).body, refused, ready);
    }
  }
  assert.deepEqual((await api.call('GET', path)).body, before);
  const { headers } = await signInStaff(api, { ready: 'marketer' });
  assert.equal((await api.send('GET', path, { headers })).status, 200);
});
