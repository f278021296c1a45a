import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { place } from '../../../rules-library/place.ts';
import { openEventPage } from '../../../test/event-page.ts';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { appendTimeline, findByUserId, recordSignIn, subjectsOf } from '../../features/customers/customers.ts';
import { offerLibrary } from '../../features/rules/rules.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

async function create() {
  const draft = { connection, email: `${unique('u')}@example.com`, password: 'correct horse', email_verified: true };
  const userId = String(object(await api.call('POST', '/users', draft)).user_id);
  const customer = (await findByUserId(api.base.db, userId))?.id ?? '';
  const [subject = ''] = await subjectsOf(api.base.db, customer);
  return { userId, path: `/users/${encodeURIComponent(userId)}`, customer, subject };
}

async function timeline(path: string, query: Record<string, string> = {}) {
  const answer = await api.call('GET', `${path}/timeline?${new URLSearchParams(query)}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const { timeline: rows, next, live } = object(answer);
  assert.ok(Array.isArray(rows));
  return { rows, names: rows.map(({ name }) => String(name)), next, live };
}

test('the timeline goes back row by row, of some classes or names only, in plain words', async () => {
  const { path, subject } = await create();
  const row = { subject, source: 'login', occurredAt: new Date(), userAgent: chrome, ip: '192.0.2.9' } as const;
  for (let number = 0; number < 7; number += 1) {
    const name = number % 2 === 0 ? 'signed_in' : 'wrong_password';
    await appendTimeline(api.base.db, [{ ...row, class: 'sign_in', name, data: { number } }]);
  }
  await appendTimeline(api.base.db, [{ ...row, class: 'security', name: 'passkey_added', portal: 'machine' }]);
  const seen: unknown[] = [];
  for (let from: unknown; ; ) {
    const page = await timeline(path, { class: 'sign_in', take: '3', ...(typeof from === 'string' && { from }) });
    assert.equal(page.live === undefined, from !== undefined);
    seen.push(...page.rows.map(({ data }) => data.number));
    from = page.next;
    if (from === undefined) break;
  }
  assert.deepEqual(seen, [6, 5, 4, 3, 2, 1, 0]);
  assert.equal((await timeline(path, { name: 'wrong_password' })).rows.length, 3);
  assert.deepEqual((await timeline(path, { class: 'security,profile', take: '1' })).names, ['passkey_added']);
  const [first] = (await timeline(path, { class: 'security' })).rows;
  assert.partialDeepStrictEqual(first, {
    description: 'A passkey was added',
    browser: 'Chrome (Windows)',
    ip: '192.0.2.9',
    portal: 'machine',
    portal_name: 'Machine',
  });
});

test('who changed a profile is told by the name of the rule, in the list and live', async () => {
  const { path, subject } = await create();
  offerLibrary(api.base, [place]);
  const script = 'function (user, context, callback) { callback(null, user, context); }';
  const rule = object(await api.call('POST', '/rules', { name: 'Keeps a size', script }));
  const by = ['library:place', `rule:${rule.id}`, 'rule:rul_gone', 'actions'];
  const row = { subject, class: 'profile', source: 'rules', name: 'profile_changed', occurredAt: new Date() } as const;
  const { live } = await timeline(path);
  for (const one of by) await appendTimeline(api.base.db, [{ ...row, data: { paths: ['app_metadata.x'], by: one } }]);
  const { rows } = await timeline(path, { take: '4' });
  const names = ['Country, city and time zone', 'Keeps a size', undefined, undefined];
  assert.deepEqual(
    rows.map(({ data }) => [data.by, data.by_name]),
    by.map((one, index) => [one, names[index]]).reverse(),
  );
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const page = await openEventPage(api.app.server.address(), `/api/v2${path}/live?from=${live}`, {
    host: new URL(api.base.config.url).host,
    authorization: `Bearer ${await api.token()}`,
  });
  await page.until(4);
  page.close();
  assert.match(page.text(), /"by_name":"Keeps a size"/);
});

test('security row 16: a mark of a timeline is good for that one and what was asked of it only', async () => {
  const [one, other] = [await create(), await create()];
  const row = { class: 'sign_in', source: 'login', name: 'signed_in', occurredAt: new Date() } as const;
  for (const { subject } of [one, other])
    await appendTimeline(api.base.db, [
      { ...row, subject },
      { ...row, subject },
    ]);
  const { next = '' } = await timeline(one.path, { take: '1' });
  for (const [path, query] of [
    [one.path, { from: String(next), class: 'sign_in' }],
    [one.path, { from: `${next}A` }],
    [one.path, { from: 'x' }],
    [other.path, { from: String(next) }],
  ] as const) {
    const answer = await api.call('GET', `${path}/timeline?${new URLSearchParams(query)}`);
    assert.equal(answer.status, 400, JSON.stringify(query));
  }
  for (const query of ['class=none', 'name=A', 'take=0', 'class=']) {
    assert.equal((await api.call('GET', `${one.path}/timeline?${query}`)).status, 400, query);
  }
});

test('devices are listed in plain words', async () => {
  const { path, subject } = await create();
  const device = { cookieHash: randomBytes(32), userAgent: chrome };
  await recordSignIn(api.base.db, { subject, at: new Date(), ip: null, device });
  const [first, ...others] = list(await api.call('GET', `${path}/devices`));
  assert.deepEqual(others, []);
  assert.partialDeepStrictEqual(first, { name: 'Chrome (Windows)', user_agent: chrome });
});

test('sessions are listed, read and ended, and the timeline tells who ended them', async () => {
  const { path, customer, userId } = await create();
  const open = async () => {
    const uid = randomBytes(16).toString('hex');
    const payload = {
      uid,
      accountId: userId,
      loginTs: 1_780_000_000,
      amr: ['pwd'],
      authorizations: { shop: { sid: 'a' } },
    };
    await api.base.pool.query(
      `insert into sessions (id_hash, uid, customer, payload, ip, user_agent, created_at, seen_at, expires_at)
        values ($1, $2, $3, $4, '192.0.2.7', $5, now(), now(), now() + interval '1 day')`,
      [randomBytes(32), uid, customer, JSON.stringify(payload), chrome],
    );
    return uid;
  };
  const [one, two] = [await open(), await open()];
  const shown = async () => {
    const { sessions } = object(await api.call('GET', `${path}/sessions`));
    assert.ok(Array.isArray(sessions));
    return sessions.map(({ id }) => String(id)).sort();
  };
  assert.deepEqual(await shown(), [one, two].sort());
  await api.run({
    name: 'read',
    call: ['GET', `/sessions/${one}`],
    status: 200,
    reply: {
      id: one,
      user_id: userId,
      clients: [{ client_id: 'shop' }],
      device: { last_ip: '192.0.2.7', last_user_agent: chrome },
      authentication: { methods: [{ name: 'pwd' }] },
    },
  });
  await api.run({ name: 'scope', call: ['DELETE', `/sessions/${one}`], scopes: 'read:sessions', status: 403 });
  await api.run({ name: 'end', call: ['DELETE', `/sessions/${one}`], status: 202 });
  await api.run({ name: 'end again', call: ['DELETE', `/sessions/${one}`], status: 202 });
  await api.run({ name: 'gone', call: ['GET', `/sessions/${one}`], status: 404 });
  assert.deepEqual(await shown(), [two]);
  await api.run({ name: 'end all', call: ['DELETE', `${path}/sessions`], status: 202 });
  assert.ok(api.ended.includes(customer));
  const { rows } = await timeline(path, { name: 'session_ended' });
  assert.deepEqual(
    rows.map(({ data }) => data),
    Array.from({ length: 2 }, () => ({ by: 'api', origin: 'machine' })),
  );
});
