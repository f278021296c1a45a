import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { appendTimeline, findByUserId, subjectsOf } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  await api.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => api.close());

const many = 500;
const megabyte = 1024 * 1024;

test('five hundred open pages cost little memory and no database connection each, and end when the server stops', {
  timeout: 120_000,
}, async () => {
  const people: { path: string; subject: string }[] = [];
  for (let number = 0; number < 20; number += 1) {
    const draft = { connection, email: `${unique('u')}@example.com`, password: 'correct horse', email_verified: true };
    const userId = String(object(await api.call('POST', '/users', draft)).user_id);
    const [subject = ''] = await subjectsOf(api.base.db, (await findByUserId(api.base.db, userId))?.id ?? '');
    people.push({ path: `/api/v2/users/${encodeURIComponent(userId)}/live`, subject });
  }
  const paths = Array.from({ length: many }, (_, number) => people[number % people.length]?.path ?? '');
  const address = api.app.server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const bearer = `Bearer ${await api.token()}`;
  const program = new URL('../../../test/many-event-pages.ts', import.meta.url).pathname;
  const args = [program, String(address.port), new URL(api.base.config.url).host, bearer];

  const before = collected();
  const pages = spawn(process.execPath, [...args, ...paths], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  pages.stdout.on('data', (text) => {
    said += text;
  });
  const hears = async (line: string) => {
    for (const end = Date.now() + 60_000; !said.includes(line) && Date.now() < end; ) await once(pages.stdout, 'data');
    assert.ok(said.includes(line), `${line}: ${said.slice(-100)}`);
  };
  await hears(`open ${many}\n`);
  const drafts = people.map(({ subject }) => {
    return { class: 'sign_in', subject, source: 'login', name: 'signed_in', occurredAt: new Date() } as const;
  });
  await appendTimeline(api.base.db, drafts);
  await hears(`told ${many}\n`);

  const used = (collected() - before) / megabyte;
  assert.ok(used < 50, `${used} MB`);
  const { rows } = await api.base.pool.query<{ count: number }>(
    'select count(*)::integer as count from pg_stat_activity where datname = current_database()',
  );
  // The pool, and one that listens.
  assert.ok((rows[0]?.count ?? 0) <= 17, `${rows[0]?.count} connections`);

  const exit = once(pages, 'exit');
  const began = Date.now();
  await api.app.close();
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
  pages.kill();
  await exit;
  const left = await api.base.pool.query('select from watched_customers');
  assert.equal(left.rowCount, 0);
});

/** Bytes in use after a full collection, in and out of the heap. */
function collected(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
