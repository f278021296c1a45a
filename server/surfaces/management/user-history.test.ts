import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { signInWithPassword } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { appendTimeline, findByUserId, identitiesOf } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
});
after(() => api.close());

async function create(): Promise<{ id: string; email: string }> {
  const email = `${unique('u')}@example.com`;
  const body = { connection, email, password: 'correct horse', email_verified: true };
  const { user_id } = object(await api.call('POST', '/users', body));
  return { id: encodeURIComponent(String(user_id)), email };
}

test('the history has Auth0’s shape and type codes, the newest first', async () => {
  const { id, email } = await create();
  const customer = await findByUserId(api.base.db, decodeURIComponent(id));
  const [identity] = await identitiesOf(api.base.db, customer?.id ?? '');
  const { client_id } = object(await api.call('POST', '/clients', { name: 'Shop' }));
  const row = {
    class: 'sign_in',
    subject: identity?.subject ?? '',
    portal: String(client_id),
    source: 'login',
    ip: '192.0.2.7',
    userAgent: 'Firefox',
    data: { connection },
  } as const;
  for (const [minute, name] of ['wrong_password', 'signed_in', 'signed_out'].entries()) {
    await appendTimeline(api.base.db, [{ ...row, name, occurredAt: new Date(Date.UTC(2026, 0, 1, 12, minute)) }]);
  }
  const logs = list(await api.call('GET', `/users/${id}/logs`));
  assert.deepEqual(
    logs.map((one) => Object(one).type),
    ['slo', 's', 'fp'],
  );
  const [{ log_id, _id, ...last }] = logs.map((one) => Object(one));
  assert.match(log_id, /^900\d{34}$/);
  assert.equal(_id, log_id);
  assert.partialDeepStrictEqual(last, {
    date: '2026-01-01T12:02:00.000Z',
    client_id,
    client_name: 'Shop',
    connection,
    strategy: 'auth0',
    strategy_type: 'database',
    ip: '192.0.2.7',
    user_agent: 'Firefox',
    user_id: decodeURIComponent(id),
    user_name: email,
  });
  const page = object(await api.call('GET', `/users/${id}/logs?page=1&per_page=2&include_totals=true&sort=date:-1`));
  assert.partialDeepStrictEqual(page, { start: 2, limit: 2, length: 1, total: 3, logs: [{ type: 'fp' }] });
  assert.equal((await api.call('GET', `/users/${id}/logs?sort=date:1`)).status, 400);
  assert.equal((await api.call('GET', '/users/nobody/logs')).status, 404);
});

test('who guessed too often is shown as blocked, and let in again', async () => {
  const { id, email } = await create();
  const asked = { brand: await defaultBrand(api.base), language: 'en', ip: '192.0.2.9' } as const;
  for (let count = 0; count < 10; count++) {
    const door = { connection, identifier: email, password: 'guess', asked };
    await assert.rejects(signInWithPassword(api.base, door));
  }
  const blocked = { blocked_for: [{ identifier: email, ip: '192.0.2.9' }] };
  const byName = `/user-blocks?identifier=${encodeURIComponent(email)}`;
  await api.run({ name: 'by id', call: ['GET', `/user-blocks/${id}`], status: 200, reply: blocked });
  await api.run({ name: 'by address', call: ['GET', byName], status: 200, reply: blocked });
  await api.run({ name: 'lift', call: ['DELETE', `/user-blocks/${id}`], status: 204 });
  assert.deepEqual((await api.call('GET', byName)).body, { blocked_for: [] });
  await api.run({ name: 'lift by address', call: ['DELETE', byName], status: 204 });
  await api.run({ name: 'nobody', call: ['GET', '/user-blocks/nobody'], status: 404 });
  await api.run({ name: 'lift nobody', call: ['DELETE', '/user-blocks/nobody'], status: 404 });
  await api.run({
    name: 'an address that nobody has',
    call: ['GET', '/user-blocks?identifier=nobody@example.com'],
    status: 200,
    reply: { blocked_for: [] },
  });
  assert.equal((await api.call('GET', '/user-blocks')).status, 400);
});
