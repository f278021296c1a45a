import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { findPlanted } from '../../../test/find-planted.ts';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { uuid } from '../../base/ids.ts';
import { type AuditEntry, listAudit, sealAudit } from '../../features/audit/audit.ts';
import { ensureFirstStaff } from './first-start.ts';
import { routes } from './routes.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
const password = 'correct horse battery';

before(async () => {
  api = await managementTest(undefined, { smtpUrl: 'smtp://127.0.0.1:9' });
  await ensureFirstStaff(api.base);
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

async function makeUser(more: object = {}): Promise<string> {
  const draft = { connection, password, email: `${unique('u')}@example.com`, email_verified: true, ...more };
  const answer = await api.call('POST', '/users', draft);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return `/users/${encodeURIComponent(String(object(answer).user_id))}`;
}

const newest = async (count = 1): Promise<AuditEntry[]> => listAudit(api.base.db, {}, { limit: count });
const countRows = async () => (await newest(1000)).length;

test('every write says what it is about', () => {
  for (const { method, path, audit } of routes) {
    assert.equal(audit === undefined, method === 'GET', `${method} ${path}`);
  }
});

test('a change is on record: who, what, on whom, from where, which paths; values apart', async () => {
  const path = await makeUser({ given_name: 'Ada', app_metadata: { tier: 1 } });
  const { id, headers } = await signInStaff(api, { ready: 'administrator' });
  const sent = { ...headers, 'user-agent': 'Console 1.0' };
  const body = { given_name: 'Grace', app_metadata: { tier: 2 }, user_metadata: { scent: 'rose' } };
  assert.equal((await api.send('PATCH', path, { headers: sent, body })).status, 200);
  const [entry] = await newest();
  assert.partialDeepStrictEqual(entry, {
    ...{ by: 'staff', who: id, whoName: 'Staff administrator', act: 'change', about: 'customer', thing: null },
    ...{ route: 'PATCH /users/{id}', userAgent: 'Console 1.0', ip: '127.0.0.1' },
    paths: ['given_name', 'user_metadata.scent', 'app_metadata.tier'],
    changes: {
      given_name: { before: 'Ada', after: 'Grace' },
      'app_metadata.tier': { before: 1, after: 2 },
      'user_metadata.scent': { after: 'rose' },
    },
  });
  const row = await sql<{ text: string }>`select a::text as text from audit a where id = ${entry?.id}`.execute(
    api.base.db,
  );
  assert.ok(!row.rows[0]?.text.includes('Grace'), 'no value stands in the log itself');
});

test('passwords and secrets are in no row', async () => {
  const secret = 'a quite unusual passphrase';
  const path = await makeUser({ password: secret });
  await api.call('PATCH', path, { password: `${secret} two` });
  const client = object(await api.call('POST', '/clients', { name: 'Shop' }));
  await api.call('PATCH', `/clients/${client.client_id}`, {
    client_secret: 'a-secret-that-is-long-enough-to-be-one-000',
  });
  for (const text of [secret, String(client.client_secret), 'a-secret-that-is-long']) {
    assert.deepEqual(
      (await findPlanted(api.base.db, text)).filter((one) => one.startsWith('audit')),
      [],
    );
  }
});

test('opening a profile is on record, each by its route; a list is one row; what shows nobody is none', async () => {
  const path = await makeUser();
  await makeUser();
  for (const part of ['', '/facts', '/logs', '/consents', '/authentication-methods', '/export']) {
    const rows = await countRows();
    assert.equal((await api.call('GET', `${path}${part}`)).status, 200);
    const [entry] = await newest();
    assert.equal(await countRows(), rows + 1, part);
    assert.partialDeepStrictEqual(entry, {
      act: 'read',
      by: 'machine',
      who: 'machine',
      whoName: 'Machine',
      about: 'customer',
    });
    assert.ok(entry?.customer);
  }
  const rows = await countRows();
  assert.equal(list(await api.call('GET', '/users')).length > 1, true);
  assert.equal(await countRows(), rows + 1, 'of many, one row');
  assert.partialDeepStrictEqual((await newest())[0], { act: 'read', about: 'customers', customer: null });
  await api.call('GET', '/brands');
  await api.call('GET', '/users/auth0%7Cnobody');
  assert.equal(await countRows(), rows + 1);
});

test('who lets somebody in by their address, and who reads the outbox, is on record with whom', async () => {
  const email = `${unique('kept-out')}@example.com`;
  await makeUser({ email });
  const [made] = await newest();
  assert.equal((await api.call('DELETE', `/user-blocks?identifier=${email}`)).status, 204);
  const [entry] = await newest();
  assert.partialDeepStrictEqual(entry, { act: 'delete', route: 'DELETE /user-blocks', about: 'customer' });
  assert.ok(entry?.customer && entry.customer === made?.customer);
  const rows = await countRows();
  assert.equal((await api.call('DELETE', '/user-blocks?identifier=nobody@example.com')).status, 204);
  assert.equal(await countRows(), rows + 1, 'of nobody, too');
  for (const url of ['/outbox', `/user-blocks?identifier=${email}`]) {
    await api.call('GET', url);
    assert.partialDeepStrictEqual((await newest())[0], { act: 'read', about: 'customers' }, url);
  }
});

test('what staff may not do and try is on record; what failed for machines, or was not right, is none', async () => {
  const path = await makeUser();
  const { id, headers } = await signInStaff(api, { ready: 'associate' });
  assert.equal((await api.send('DELETE', path, { headers })).status, 403);
  const [entry] = await newest();
  assert.partialDeepStrictEqual(entry, { act: 'refuse', who: id, route: 'DELETE /users/{id}', about: 'customer' });
  assert.ok(entry?.customer, 'on whom, too');
  assert.equal((await api.call('GET', path)).status, 200);
  const rows = await countRows();
  assert.equal((await api.call('DELETE', path, undefined, 'read:users')).status, 403);
  assert.equal((await api.call('PATCH', path, { no_such_thing: 1 })).status, 400);
  assert.equal((await api.call('POST', '/brands', { slug: 'UPPER' })).status, 400);
  assert.equal(await countRows(), rows);
});

/** What stands in the database, but for what counts calls. */
async function allThatIsKept(): Promise<string[]> {
  const { db } = api.base;
  const tables = await sql<{ name: string }>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^(pg_|information_schema)'
    order by name`.execute(db);
  const sums = tables.rows.map(({ name }) => {
    return sql`select ${name} || ' ' || count(*) || '/' || coalesce(sum(hashtext(t::text)), 0) from ${sql.raw(name)} t`;
  });
  const found = await sql<{ all: string[] }>`select array(${sql.join(sums, sql` union all `)}) as all`.execute(db);
  return (found.rows[0]?.all ?? []).toSorted();
}

test('the row and the write are one: neither is there without the other', async () => {
  const email = `${unique('lost')}@example.com`;
  const path = await makeUser({ email });
  const user_id = decodeURIComponent(path.slice('/users/'.length));
  const { db } = api.base;
  await api.call('POST', '/brands', { slug: 'kept', name: 'Kept' });
  const role = await db.selectFrom('staff_roles').select('id').where('ready', '=', 'auditor').executeTakeFirstOrThrow();
  const invited = { email: `${unique('invited')}@umbrella.example`, roles: [role.id] };
  const invitation = object(await api.call('POST', '/staff-invitations', invited));
  const store = object(await api.call('POST', '/connections', { name: unique('con'), strategy: 'auth0' }));
  const draft = { name: unique('a'), supported_triggers: [{ id: 'post-login' }], code: 'module.exports = {};' };
  const action = object(await api.call('POST', '/actions/actions', draft));
  const keys = list(await api.call('GET', '/keys/signing'));
  const next = keys.map((key) => Object(key)).find((key) => key.next);
  const mail = await db
    .insertInto('outbox')
    .values({
      ...{ id: uuid(), kind: 'erased', recipient: email, sender: 'a@b.example', subject: 'x', language: 'en' },
      ...{ body_text: 'x', body_html: 'x', status: 'failed', created_at: new Date() },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const template = '/mail-templates/kept/erased/en';
  const written = { subject: 'Gone', html: '<p>Gone</p>', text: 'Gone' };
  assert.equal((await api.call('PUT', template, written)).status, 200);
  const noop = 'function (user, context, callback) { callback(null, user, context); }';
  const consent = { brand: 'kept', purpose: 'sms', given: true, version: '1', wording: 'x', language: 'en' };

  const before = await allThatIsKept();
  await sql`alter table audit add constraint nothing_more check (who <> 'machine') not valid`.execute(db);
  try {
    for (const [method, url, body] of [
      ['PATCH', path, { given_name: 'Lost' }],
      ['DELETE', path, undefined],
      ['POST', '/users', { connection, password, email: `${unique('never')}@example.com` }],
      ['POST', '/brands', { slug: 'lost', name: 'Lost' }],
      ['PATCH', '/umbrella', { erasure_days: 77 }],
      ['POST', '/staff-invitations', { ...invited, email: 'never@umbrella.example' }],
      ['DELETE', `/staff-invitations/${invitation.id}`, undefined],
      ['POST', `${path}/consents`, { ...consent, place: 'till' }],
      ['POST', '/jobs/verification-email', { user_id }],
      ['POST', '/clients', { name: 'Lost' }],
      ['POST', '/connections', { name: unique('con'), strategy: 'auth0' }],
      ['PATCH', `/connections/${store.id}`, { display_name: 'Lost' }],
      ['PUT', template, { ...written, subject: 'Lost' }],
      ['DELETE', template, undefined],
      ['POST', `${template}/test`, { ...written, to: email }],
      ['POST', `/outbox/${mail.id}/resend`, undefined],
      ['POST', '/keys/signing/rotate', undefined],
      ['POST', '/keys/signing/rotate?at_once=true', undefined],
      ['PUT', `/keys/signing/${next.kid}/revoke`, undefined],
      ['POST', `/actions/actions/${action.id}/test`, { payload: {} }],
      ['POST', '/rules/try', { script: noop, user: {}, context: {} }],
    ] as const) {
      const answer = await api.call(method, url, body);
      assert.equal(answer.status, 500, `${method} ${url} ${JSON.stringify(answer.body)}`);
    }
  } finally {
    await sql`alter table audit drop constraint nothing_more`.execute(db);
  }
  assert.deepEqual(await allThatIsKept(), before);
});

test('a write whose row stands in another transaction than the whole operation says why', () => {
  const apart = routes.filter((route) => route.apart !== undefined).map(({ method, path }) => `${method} ${path}`);
  // Each of them is in the test above: it calls `note.write` itself.
  assert.deepEqual(apart.toSorted(), [
    'PATCH /umbrella',
    'PATCH /users/{id}',
    'POST /actions/actions/{id}/test',
    'POST /rules/try',
    'POST /users',
  ]);
});

test('what was said at the making and every change since goes along with the customer’s data', async () => {
  const path = await makeUser({ user_metadata: { scent: 'said-at-the-making' } });
  await api.call('PATCH', path, { user_metadata: { scent: 'said-later' } });
  await api.call('GET', path);
  const { changes_by_umbrella: changes } = object(await api.call('GET', `${path}/export`));
  assert.ok(Array.isArray(changes));
  assert.deepEqual(
    changes.map((one) => one.changes['user_metadata.scent']),
    [
      { before: 'said-at-the-making', after: 'said-later' },
      { before: null, after: 'said-at-the-making' },
    ],
  );
});

test('erasing a customer takes the values and the names along; the log stays and verifies', async () => {
  const email = `${unique('erased')}@example.com`;
  const path = await makeUser({ email, user_metadata: { scent: 'planted-scent-of-audit' } });
  await api.call('PATCH', path, { user_metadata: { scent: 'planted-scent-two' } });
  await sealAudit(api.base.db);
  assert.equal((await api.call('DELETE', path)).status, 204);
  for (const text of ['planted-scent', email, decodeURIComponent(path.slice('/users/'.length))]) {
    assert.deepEqual(
      (await findPlanted(api.base.db, text)).filter((one) => one.startsWith('audit')),
      [],
      text,
    );
  }
  const [entry] = await newest();
  assert.partialDeepStrictEqual(entry, { act: 'delete', route: 'DELETE /users/{id}' });
  assert.ok(entry?.customer);
  const verified = await api.call('GET', '/audit/verify');
  assert.partialDeepStrictEqual(verified.body, { ok: true, breaks: [] });
});

test('the log is listed behind marks, narrowed, exported line by line, and found tampered with', async () => {
  const path = await makeUser({ given_name: 'Ada' });
  const userId = decodeURIComponent(path.slice('/users/'.length));
  for (const given_name of ['B', 'C', 'D']) await api.call('PATCH', path, { given_name });
  const query = `user_id=${encodeURIComponent(userId)}`;
  const first = object(await api.call('GET', `/audit?${query}&take=2&act=change`));
  assert.ok(Array.isArray(first.audit) && typeof first.next === 'string');
  assert.partialDeepStrictEqual(first.audit, [
    {
      user_id: userId,
      summary: 'Change a user (customer); metadata is merged one level deep',
      changes: { given_name: { after: 'D' } },
    },
    { changes: { given_name: { after: 'C' } } },
  ]);
  const rest = object(await api.call('GET', `/audit?${query}&take=2&act=change&from=${first.next}`));
  assert.ok(Array.isArray(rest.audit) && rest.audit.length === 1 && rest.next === undefined);
  assert.equal((await api.call('GET', `/audit?from=${first.next.slice(0, -2)}`)).status, 400);
  assert.deepEqual(object(await api.call('GET', '/audit?since=2999-01-01T00:00:00Z')), { audit: [] });
  assert.deepEqual(object(await api.call('GET', '/audit?by=nobody')), { audit: [] });
  assert.equal((await api.call('GET', '/audit', undefined, 'read:users')).status, 403);

  const authorization = `Bearer ${await api.token()}`;
  const answer = await api.send('GET', `/audit/export?${query}`, { headers: { authorization } });
  assert.match(String(answer.headers['content-type']), /^application\/x-ndjson/);
  const lines = String(answer.body).trimEnd().split('\n');
  assert.ok(lines.length >= 5 && lines.every((line) => JSON.parse(line).user_id === userId));

  await sealAudit(api.base.db);
  await sql`update audit set who_name = 'Eve' where act = 'create'`.execute(api.base.db);
  const verified = object(await api.call('GET', '/audit/verify'));
  assert.equal(verified.ok, false);
  assert.partialDeepStrictEqual(verified.breaks, [{ what: 'row_changed' }]);
});
