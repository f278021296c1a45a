import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { appendTimeline, findByUserId, identitiesOf } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let user = '';
const address = 'zuleika.quince@plants.example';

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  await api.call('POST', '/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
  assert.equal((await api.call('POST', '/attributes', { path: 'contacts', type: 'list' })).status, 201);
  const draft = { connection: 'Username-Password-Authentication', password: 'correct horse battery', email: address };
  const made = await api.call('POST', '/users', { ...draft, email_verified: true, family_name: 'Quince' });
  user = `/users/${encodeURIComponent(String(object(made).user_id))}`;
  const called = { given_name: address, preferred_username: 'zuleika.quince', contacts: ['x', address] };
  assert.equal((await api.call('PATCH', user, called)).status, 200);
  assert.equal((await api.call('POST', `${user}/tags`, { tags: ['thief'] })).status, 201);
});
after(() => api.close());

/** How many customers somebody finds by this; the status where it is refused. */
async function finder(member: Member): Promise<(attribute: string, is: string, value: unknown) => Promise<number>> {
  const { headers } = await signInStaff(api, member);
  return async (attribute, is, value) => {
    const filter = encodeURIComponent(JSON.stringify({ attribute, is, value }));
    const answer = await api.send('GET', `/users?filter=${filter}`, { headers });
    if (answer.status !== 200) return answer.status;
    const { users } = object(answer);
    assert.ok(Array.isArray(users));
    return users.length;
  };
}

test('security row 16: a hidden address is guessed by nothing else that people are called by it', async () => {
  const guesses: [attribute: string, is: string, value: string][] = [
    ['given_name', 'equals', address],
    ['given_name', 'starts_with', 'zuleika'],
    ['given_name', 'contains', 'quince@'],
    ['contacts', 'equals', address],
    ['contacts', 'contains', 'zuleika'],
  ];
  const all = await finder({ ready: 'auditor' });
  const some = await finder({ ready: 'auditor', reads: ['*', '-email'] });
  for (const [attribute, is, value] of guesses) {
    assert.equal(await all(attribute, is, value), 1, `${attribute} ${is} ${value} finds`);
    assert.equal(await some(attribute, is, value), 0, `${attribute} ${is} ${value}`);
  }
  assert.equal(await all('preferred_username', 'equals', 'zuleika.quince'), 1);
  assert.equal(await some('preferred_username', 'equals', 'zuleika.quince'), 403, 'it may be the address');
  assert.equal(await some('family_name', 'equals', 'Quince'), 1, 'what is no address finds as before');
});

test('security row 16: nor is its beginning told by a name that is made of it', async () => {
  const some = await signInStaff(api, { ready: 'auditor', reads: ['*', '-email'] });
  const all = await signInStaff(api, { ready: 'auditor' });
  for (const url of [user, `${user}/facts`, `${user}/export`]) {
    const told = async (headers: Record<string, string>) => {
      const { status, body } = await api.send('GET', url, { headers });
      assert.equal(status, 200, url);
      return typeof body === 'string' ? body : JSON.stringify(body);
    };
    assert.ok((await told(all.headers)).includes('"zuleika.quince"'), url);
    const hidden = await told(some.headers);
    assert.ok(!hidden.includes('zuleika'), `${url}: ${hidden}`);
    assert.ok(hidden.includes('Quince'), url);
  }
});

test('security row 16: nor is it told by what somebody was called before', async () => {
  assert.equal((await api.call('PATCH', user, { given_name: 'Zuleika', contacts: null })).status, 200);
  const customer = await findByUserId(api.base.db, decodeURIComponent(user.slice('/users/'.length)));
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(identity);
  const row = { class: 'profile', subject: identity.subject, source: 'test', occurredAt: new Date() } as const;
  await appendTimeline(api.base.db, [
    { ...row, name: 'value_corrected', data: { path: 'given_name', before: address, after: 'Zuleika' } },
    { ...row, name: 'profile_changed', data: { changes: { given_name: { before: address, after: 'Zuleika' } } } },
  ]);
  const some = await signInStaff(api, { ready: 'auditor', reads: ['*', '-email'] });
  const all = await signInStaff(api, { ready: 'auditor' });
  for (const url of ['/audit', `${user}/export`, `${user}/timeline`]) {
    const [hidden, shown] = [
      await api.send('GET', url, { headers: some.headers }),
      await api.send('GET', url, { headers: all.headers }),
    ].map(({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)));
    assert.ok(shown?.includes(address) && shown.includes('Zuleika'), url);
    assert.ok(!hidden?.includes(address), `${url}: ${hidden}`);
  }
});

test('security row 16: tags are found by whoever may read them', async () => {
  const scopes = ['read:users'];
  const without = await finder({ ready: 'auditor', scopes });
  assert.equal(await without('tag', 'equals', 'thief'), 403);
  assert.equal(await without('tag', 'exists', true), 403);
  const reader = await finder({ ready: 'auditor', scopes: [...scopes, 'read:user_tags'] });
  assert.equal(await reader('tag', 'equals', 'thief'), 1);
});

test('an attribute may be called like what every object has', async () => {
  for (const path of ['constructor', 'valueOf', 'hasOwnProperty']) {
    assert.equal((await api.call('POST', '/attributes', { path, type: 'text', sensitive: true })).status, 201);
    assert.equal((await api.call('PATCH', user, { [path]: 'planted-inheritance' })).status, 200);
  }
  const all = await finder({ ready: 'auditor' });
  const some = await finder({ ready: 'auditor', reads: ['family_name'] });
  const plain = await signInStaff(api, { ready: 'auditor', reads: ['*', '-sensitive'] });
  const narrow = await signInStaff(api, { ready: 'auditor', reads: ['family_name'] });
  for (const path of ['constructor', 'valueOf', 'hasOwnProperty']) {
    assert.equal(await all(path, 'equals', 'planted-inheritance'), 1, path);
    assert.equal(await some(path, 'exists', true), 403, path);
  }
  for (const { headers } of [plain, narrow]) {
    for (const url of [user, `${user}/facts`, `${user}/export`]) {
      const { status, body } = await api.send('GET', url, { headers });
      assert.equal(status, 200, url);
      assert.ok(!JSON.stringify(body).includes('planted-inheritance'), url);
    }
  }
});
