import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { libraryRules } from '../../../rules-library/library.ts';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { offerLibrary } from '../../features/rules/rules.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let limited: Awaited<ReturnType<typeof signInStaff>>;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  offerLibrary(api.base, libraryRules);
  const scopes = ['read:rules', 'create:rules', 'update:rules', 'delete:rules'];
  limited = await signInStaff(api, { ready: 'administrator', scopes, reads: ['given_name'], writes: [] });
});
after(() => api.close());

const sentBy = async (method: Parameters<ManagementTest['send']>[0], path: string, body?: object) =>
  (await api.send(method, path, { headers: limited.headers, ...(body && { body }) })).status;

async function addedBy(library: string, more: object): Promise<string> {
  const added = await api.call('POST', '/rules/library', { library, ...more });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  return String(object(added).id);
}

test('security row 10: who may not write code does not decide over everybody’s sign-in by how a ready rule runs', async () => {
  const draft = { library: 'welcome-mark', name: 'Theirs' };
  const decisions = [{ on_failure: 'refuse' }, { on_failure: 'go_on' }, { deadline_ms: 50 }, { order: 0 }];
  for (const decision of decisions)
    assert.equal(await sentBy('POST', '/rules/library', { ...draft, ...decision }), 403);
  const id = await addedBy('welcome-mark', { name: 'Ours' });
  for (const decision of [
    { on_failure: 'refuse' },
    { on_failure: 'go_on' },
    { deadline_ms: 50 },
    { deadline_ms: null },
  ]) {
    const told = { settings: {}, ...decision };
    assert.equal(await sentBy('PATCH', `/rules/${id}/running`, told), 403, JSON.stringify(told));
  }
  // One whose failure does not matter is theirs to fill in; where an administrator has it refuse, it is not.
  assert.equal(await sentBy('PATCH', `/rules/${id}/running`, { settings: {} }), 200);
  assert.equal((await api.call('PATCH', `/rules/${id}/running`, { on_failure: 'refuse' })).status, 200);
  const refused = [
    await sentBy('PATCH', `/rules/${id}/running`, { settings: {} }),
    await sentBy('PATCH', `/rules/${id}`, { enabled: false }),
    await sentBy('DELETE', `/rules/${id}`),
  ];
  assert.deepEqual(refused, [403, 403, 403]);
});

test('security row 10: who may not write code has no picture shown that another server has', async () => {
  const settings = { address: 'https://pictures.example/{letter}' };
  const foreign = { address: 'https://elsewhere.example/{hash}' };
  assert.equal(await sentBy('POST', '/rules/library', { library: 'picture-fallback', settings: foreign }), 403);
  const id = await addedBy('picture-fallback', { settings });
  assert.equal(await sentBy('PATCH', `/rules/${id}/running`, { settings: foreign }), 403);
});

test('a card says whether its rule takes what code takes', async () => {
  const { body } = await api.call('GET', '/rules/library');
  const cards = z.array(z.looseObject({ id: z.string(), needs_code: z.boolean() })).parse(body);
  const harmless = cards.filter((card) => !card.needs_code).map(({ id }) => id);
  for (const id of harmless)
    assert.equal(await sentBy('POST', '/rules/library', { library: id, name: `My ${id}` }), 201, id);
  assert.ok(harmless.includes('birthday') && harmless.length < cards.length - 5, harmless.join(' '));
});
