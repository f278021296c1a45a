import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

async function create() {
  const draft = { connection, email: `${unique('u')}@example.com`, password: 'correct horse', email_verified: true };
  const userId = String(object(await api.call('POST', '/users', draft)).user_id);
  return { userId, path: `/users/${encodeURIComponent(userId)}` };
}

const author = { kind: 'machine', id: 'machine', name: 'Machine' };
const texts = async (path: string, name = 'text') =>
  list(await api.call('GET', path))
    .map((one) => (typeof one === 'object' && one ? Object.entries(one) : []))
    .map((entries) => entries.find(([key]) => key === name)?.[1]);

test('a note is written, changed by whoever saw it last, and deleted', async () => {
  const { path } = await create();
  const script = '<script>alert(1)</script>';
  const made = object(await api.call('POST', `${path}/notes`, { text: script }));
  assert.partialDeepStrictEqual(made, { text: script, author, version: 1 });
  const one = `${path}/notes/${made.id}`;
  const first = { name: 'first', call: ['PATCH', one, { text: 'Mine', if_version: 1 }] } as const;
  await api.run({ ...first, call: [...first.call], status: 200, reply: { text: 'Mine', version: 2 } });
  await api.run({
    name: 'the second is told what is there now',
    call: ['PATCH', one, { text: 'Theirs', if_version: 1 }],
    status: 409,
    reply: { errorCode: 'changed_meanwhile', present: { text: 'Mine', version: 2 } },
  });
  await api.run({ name: 'without', call: ['PATCH', one, { text: 'Ours' }], status: 200, reply: { version: 3 } });
  await api.call('POST', `${path}/notes`, { text: 'Newer' });
  assert.deepEqual(await texts(`${path}/notes`), ['Newer', 'Ours']);
  const other = await create();
  const foreign = `${other.path}/notes/${made.id}`;
  await api.run({ name: 'another customer’s', call: ['PATCH', foreign, { text: 'x' }], status: 404 });
  await api.run({ name: 'another customer’s', call: ['DELETE', foreign], status: 204 });
  assert.equal((await texts(`${path}/notes`)).length, 2);
  await api.run({ name: 'delete', call: ['DELETE', one], status: 204 });
  await api.run({ name: 'gone', call: ['PATCH', one, { text: 'x', if_version: 3 }], status: 404 });
});

test('who may only write notes changes and deletes their own, and nobody else’s; it says who wrote it', async () => {
  const { path } = await create();
  await ensureFirstStaff(api.base);
  const [mine, colleague] = [
    await signInStaff(api, { ready: 'associate' }),
    await signInStaff(api, { ready: 'associate' }),
  ];
  const send = async (who: typeof mine, method: 'POST' | 'PATCH' | 'DELETE', at: string, body?: unknown) =>
    api.send(method, at, { body, headers: who.headers });
  const made = object(await send(mine, 'POST', `${path}/notes`, { text: 'Likes jasmin' }));
  assert.deepEqual(made.author, { kind: 'staff', id: mine.id, name: 'Staff associate' });
  const own = `${path}/notes/${made.id}`;
  assert.equal((await send(colleague, 'PATCH', own, { text: 'Mine' })).status, 403);
  assert.equal((await send(colleague, 'DELETE', own)).status, 403);
  assert.deepEqual(await texts(`${path}/notes`), ['Likes jasmin']);
  assert.equal((await send(mine, 'PATCH', own, { text: 'Likes jasmine' })).status, 200);
  assert.deepEqual(await texts(`${path}/notes`), ['Likes jasmine']);
  assert.equal((await send(mine, 'DELETE', own)).status, 204);
  assert.equal((await send(colleague, 'DELETE', own)).status, 204, 'it is gone already');
  const foreign = object(await api.call('POST', `${path}/notes`, { text: 'Of the machine' }));
  assert.equal((await send(mine, 'DELETE', `${path}/notes/${foreign.id}`)).status, 403);
  const scopes = 'create:user_notes';
  const other = object(await send(mine, 'POST', `${path}/notes`, { text: 'Of staff' }));
  await api.run({ name: 'a machine', call: ['DELETE', `${path}/notes/${other.id}`], scopes, status: 403 });
  await api.run({ name: 'its own', call: ['DELETE', `${path}/notes/${foreign.id}`], scopes, status: 204 });
  const tag = `${path}/tags/vip`;
  assert.equal((await send(mine, 'POST', `${path}/tags`, { tags: ['vip'] })).status, 201);
  assert.equal((await send(colleague, 'DELETE', tag)).status, 204, 'a mark is no record');
});

test('of fifty who change a note of one version, one does', async () => {
  const { path } = await create();
  const { id } = object(await api.call('POST', `${path}/notes`, { text: 'x' }));
  const tries = Array.from({ length: 50 }, (_, number) =>
    api.call('PATCH', `${path}/notes/${id}`, { text: `${number}`, if_version: 1 }),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 1);
  assert.equal(statuses.filter((status) => status === 409).length, 49);
});

test('tags are given once whatever their case, filtered by, and taken away', async () => {
  const { path, userId } = await create();
  const mark = unique('vip');
  await api.call('POST', `${path}/tags`, { tags: [` ${mark.toUpperCase()} `, 'Nice'] });
  await api.call('POST', `${path}/tags`, { tags: [mark] });
  assert.deepEqual(await texts(`${path}/tags`, 'tag'), ['nice', mark]);
  const filter = encodeURIComponent(JSON.stringify({ attribute: 'tag', is: 'equals', value: mark }));
  const found = object(await api.call('GET', `/users?filter=${filter}`));
  assert.partialDeepStrictEqual(found, { users: [{ user_id: userId }], total: 1 });
  await api.run({ name: 'take away', call: ['DELETE', `${path}/tags/${mark.toUpperCase()}`], status: 204 });
  assert.deepEqual(await texts(`${path}/tags`, 'tag'), ['nice']);
  const many = Array.from({ length: 50 }, (_, number) => `t${number}`);
  await api.call('POST', `${path}/tags`, { tags: many });
  const more = many.map((tag) => `u${tag}`);
  await api.run({ name: 'too many', call: ['POST', `${path}/tags`, { tags: more }], status: 409 });
  assert.equal((await texts(`${path}/tags`, 'tag')).length, 51);
});

test('a follow-up is set, changed, done, and set anew', async () => {
  const { path: user } = await create();
  const path = `${user}/follow-up`;
  const none = await api.run({ name: 'none', call: ['GET', path], status: 200 });
  assert.equal(none.body, null, 'nothing to do is no error');
  const draft = { text: 'Call about the order', date: '2026-12-24' };
  await api.run({ name: 'set', call: ['POST', path, draft], status: 201, reply: { ...draft, done: false, author } });
  await api.run({ name: 'one at a time', call: ['POST', path, draft], status: 409 });
  await api.run({ name: 'later', call: ['PATCH', path, { date: '2027-01-02', if_version: 1 }], status: 200 });
  await api.run({
    name: 'the second is told',
    call: ['PATCH', path, { text: 'x', if_version: 1 }],
    status: 409,
    reply: { present: { ...draft, date: '2027-01-02', version: 2 } },
  });
  await api.run({ name: 'no such day', call: ['PATCH', path, { date: '2027-02-30' }], status: 400 });
  await api.run({ name: 'done', call: ['PATCH', path, { done: true }], status: 200, reply: { done: true } });
  await api.run({ name: 'another', call: ['POST', path, { ...draft, text: 'Again' }], status: 201 });
  await api.run({ name: 'the open one', call: ['GET', path], status: 200, reply: { text: 'Again', done: false } });
  await api.run({ name: 'delete', call: ['DELETE', path], status: 204 });
  await api.run({ name: 'the done one', call: ['GET', path], status: 200, reply: { text: draft.text, done: true } });
});

test('what is due for whom: the longest first, by pages, one own, each customer once', async () => {
  const bo = await signInStaff(api, { ready: 'associate' });
  const dates = ['2031-05-03', '2031-05-01', '2031-05-02', '2031-05-02'];
  const made = [];
  for (const [number, date] of dates.entries()) {
    const user = await create();
    const body = { text: `Due ${number}`, date };
    const answer =
      number === 3
        ? await api.send('POST', `${user.path}/follow-up`, { headers: bo.headers, body })
        : await api.call('POST', `${user.path}/follow-up`, body);
    assert.equal(answer.status, 201);
    made.push(user);
  }
  const due = async (query: string, headers = bo.headers) => {
    const { follow_ups: found, next } = object(await api.send('GET', `/follow-ups?${query}`, { headers }));
    assert.ok(Array.isArray(found));
    return { found, texts: found.map(({ text }) => text), next };
  };
  const all = await due('until=2031-05-03');
  assert.equal(all.texts[0], 'Due 1');
  assert.deepEqual(all.texts.toSorted(), ['Due 0', 'Due 1', 'Due 2', 'Due 3']);
  assert.deepEqual(all.found[0].user.user_id, made[1]?.userId);
  assert.match(String(all.found[0].user.email), /@example\.com$/);
  assert.equal((await due('until=2031-05-02')).texts.length, 3, 'that day with it');
  assert.deepEqual((await due('mine=true')).texts, ['Due 3']);

  const walked: string[] = [];
  for (let from = ''; ; ) {
    const page = await due(`take=1${from && `&from=${encodeURIComponent(from)}`}`);
    walked.push(...page.texts);
    if (page.next === undefined) break;
    from = String(page.next);
  }
  assert.deepEqual(walked, all.texts);
  const { next } = await due('take=1');
  for (const query of [`take=1&mine=true&from=${encodeURIComponent(String(next))}`, 'from=x', 'until=2031-02-30']) {
    await api.run({ name: query, call: ['GET', `/follow-ups?${query}`], status: 400 });
  }

  const path = `${made[1]?.path}/follow-up`;
  assert.equal((await api.send('PATCH', path, { headers: bo.headers, body: { done: true } })).status, 200);
  assert.equal((await due('take=100')).texts.includes('Due 1'), false);
  assert.equal((await api.send('PATCH', path, { headers: bo.headers, body: { done: false } })).status, 200);
  assert.equal((await due('take=100')).texts[0], 'Due 1', 'taken back');

  // Of two that are one now, it is the one that is due first; the other comes when that is done.
  const [provider, user_id] = String(made[0]?.userId).split('|');
  await api.call('POST', `${made[2]?.path}/identities`, { provider, user_id });
  assert.deepEqual((await due('take=100')).texts.toSorted(), ['Due 1', 'Due 2', 'Due 3']);
  await api.call('PATCH', `${made[2]?.path}/follow-up`, { done: true });
  assert.deepEqual((await due('take=100')).texts.toSorted(), ['Due 0', 'Due 1', 'Due 3']);
  for (const { path } of made) await api.call('DELETE', `${path}/follow-up`);
});

test('who may not read customers is told of whom by their id alone; what is hidden is not told', async () => {
  const { userId, path } = await create();
  await api.call('POST', `${path}/follow-up`, { text: 'Call', date: '2030-01-01' });
  const users = async (member: Parameters<typeof signInStaff>[1]) => {
    const { headers } = await signInStaff(api, member);
    const { follow_ups: found } = object(await api.send('GET', '/follow-ups', { headers }));
    assert.ok(Array.isArray(found));
    return found.map(({ user }) => user);
  };
  assert.deepEqual(await users({ ready: 'associate', scopes: ['read:user_follow_ups'] }), [{ user_id: userId }]);
  assert.deepEqual(await users({ ready: 'associate', reads: ['*', '-email'] }), [{ user_id: userId }]);
  assert.equal((await users({ ready: 'associate' }))[0].email?.includes('@'), true);
  await api.run({ name: 'no scope', call: ['GET', '/follow-ups'], scopes: 'read:user_notes', status: 403 });
});

test('what was written stays with its subject: joined, taken apart, handed out and erased', async () => {
  const [one, other] = [await create(), await create()];
  for (const { path } of [one, other]) {
    const text = path === one.path ? 'Of one' : 'Of other';
    await api.call('POST', `${path}/notes`, { text });
    await api.call('POST', `${path}/tags`, { tags: ['both', text] });
    await api.call('POST', `${path}/follow-up`, { text, date: path === one.path ? '2027-02-01' : '2027-01-01' });
  }
  const [provider, user_id] = other.userId.split('|');
  await api.call('POST', `${one.path}/identities`, { provider, user_id });
  assert.deepEqual(await texts(`${one.path}/notes`), ['Of other', 'Of one']);
  assert.deepEqual(await texts(`${one.path}/tags`, 'tag'), ['both', 'of one', 'of other']);
  await api.run({ name: 'sooner', call: ['GET', `${one.path}/follow-up`], status: 200, reply: { text: 'Of other' } });
  await api.call('DELETE', `${one.path}/identities/${provider}/${user_id}`);
  assert.deepEqual(await texts(`${one.path}/notes`), ['Of one']);
  // An identity that is unlinked gets a user_id of its own.
  const { users } = object(await api.call('GET', `/users?search=${user_id}`));
  assert.ok(Array.isArray(users));
  const apart = users.find((user) => user.user_id !== one.userId);
  other.path = `/users/${encodeURIComponent(apart.user_id)}`;
  assert.deepEqual(await texts(`${other.path}/notes`), ['Of other']);
  assert.deepEqual(await texts(`${other.path}/tags`, 'tag'), ['both', 'of other']);
  const handed = JSON.stringify((await api.call('GET', `${other.path}/export`)).body);
  assert.match(handed, /Of other/);
  await api.call('DELETE', other.path);
  for (const table of ['notes', 'tags', 'follow_ups']) {
    const column = table === 'tags' ? 'tag' : 'text';
    const left = await api.base.pool.query(`select from ${table} where lower(${column}) = 'of other'`);
    assert.equal(left.rowCount, 0, table);
  }
});

test('each is for those with its scope only', async () => {
  const { path } = await create();
  const calls = [
    ['GET', `${path}/notes`, 'read:user_tags'],
    ['POST', `${path}/notes`, 'read:user_notes'],
    ['GET', `${path}/tags`, 'read:user_notes'],
    ['POST', `${path}/tags`, 'read:user_tags'],
    ['GET', `${path}/follow-up`, 'read:user_notes'],
    ['POST', `${path}/follow-up`, 'read:user_follow_ups'],
  ] as const;
  for (const [method, at, scopes] of calls) {
    await api.run({ name: `${method} ${at}`, call: [method, at, {}], scopes, status: 403 });
  }
});
