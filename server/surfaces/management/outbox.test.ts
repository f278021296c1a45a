import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import type { Mail } from '../../base/mail.ts';
import { queueMail } from '../../base/mail.ts';
import { listAudit } from '../../features/audit/audit.ts';
import { createBrand } from '../../features/brands/brands.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let own: ManagementTest;
before(async () => {
  api = await managementTest(undefined, { smtpUrl: 'smtp://127.0.0.1:9' });
  own = await managementTest();
});
after(async () => {
  await api.close();
  await own.close();
});

const secret = '493027';
const ticket = 'q7Rk2mWx9Tz4bN1v';
async function write(world: ManagementTest, more: Partial<Mail> = {}): Promise<string> {
  return queueMail(world.base, world.base.db, {
    brand: { id: null, name: 'Shop', mail_from: null, mail_reply_to: null },
    kind: 'sign_in_code',
    to: `${unique('m')}@example.com`,
    subject: 'Your code',
    text: `Your code is ${secret}. http://localhost:4000/u/ticket?ticket=${ticket}`,
    html: `<p>Your code is <b>${secret}</b>. <a href="http://localhost:4000/u/ticket?a=1&amp;ticket=${ticket}">x</a></p>`,
    language: 'en',
    secrets: [secret],
    ...more,
  });
}
const fail = (world: ManagementTest, id: string) =>
  world.base.db.updateTable('outbox').set({ status: 'failed', error: 'no route' }).where('id', '=', id).execute();

test('mails are listed by mark, and found by recipient, kind and status', async () => {
  const to = `${unique('Found')}@example.com`;
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.unshift(await write(api, { to, kind: count < 2 ? 'reset' : 'linked' }));
  await fail(api, ids[0] ?? '');
  const found = async (query: string) =>
    list(await api.call('GET', `/outbox?recipient=${encodeURIComponent(to.toUpperCase())}${query}`)).map(
      (mail) => Object(mail).id,
    );
  assert.deepEqual(await found(''), ids);
  assert.deepEqual(await found('&kind=reset'), ids.slice(3));
  assert.deepEqual(await found('&status=failed'), ids.slice(0, 1));
  const seen: unknown[] = [];
  let from = '';
  do {
    const page = object(await api.call('GET', `/outbox?recipient=${encodeURIComponent(to)}&take=2${from}`));
    assert.ok(Array.isArray(page.mails));
    seen.push(...page.mails.map((mail: { id: string }) => mail.id));
    from = page.next === undefined ? '' : `&from=${encodeURIComponent(String(page.next))}`;
  } while (from !== '');
  assert.deepEqual(seen, ids);
  const stranger = object(await api.call('GET', '/outbox?take=1&recipient=nobody@example.com'));
  assert.deepEqual(stranger.mails, []);
  assert.equal((await api.call('GET', '/outbox?status=lost')).status, 400);
});

test('security row 8: a code or link in a mail is shown to nobody who reads the outbox, in whatever state it is', async () => {
  const undeclared = await write(own, { secrets: [] });
  for (const world of [api, own]) {
    const id = await write(world, { subject: `${secret} is your code` });
    for (const status of ['queued', 'kept', 'failed', 'sent'] as const) {
      await world.base.db.updateTable('outbox').set({ status }).where('id', '=', id).execute();
      const answers = [await world.call('GET', `/outbox/${id}`), await world.call('GET', '/outbox')];
      for (const answer of answers) {
        assert.ok(!JSON.stringify(answer.body).includes(secret), status);
        assert.ok(!JSON.stringify(answer.body).includes(ticket), status);
      }
      assert.ok(String(object(answers[0] ?? assert.fail()).text).includes('••••••'));
      // With a mail server nobody needs to see them here.
      if (status === 'kept') continue;
      const asked = await world.call('GET', `/outbox/${id}?secrets=true`);
      assert.ok(!JSON.stringify(asked.body).includes(secret), status);
    }
  }
  const answer = await own.call('GET', `/outbox/${undeclared}`);
  assert.ok(!JSON.stringify(answer.body).includes(ticket), 'a link is hidden although nobody said it is secret');
});

test('security row 16: who may not read what mails tell of customers sees and sends none', async () => {
  await ensureFirstStaff(api.base);
  const id = await write(api, { secrets: [], text: 'A sign-in from Lyon, France (192.0.2.1)', html: '<p>x</p>' });
  for (const path of ['email', 'name', 'username', 'phone_number', 'last_ip']) {
    const { headers } = await signInStaff(api, { ready: 'support', reads: ['*', `-${path}`] });
    for (const [method, url] of [
      ['GET', '/outbox'],
      ['GET', `/outbox/${id}`],
      ['POST', `/outbox/${id}/resend`],
    ] as const) {
      const answer = await api.send(method, url, { headers });
      assert.equal(answer.status, 403, `${path}: ${method} ${url}`);
      assert.equal(object(answer).errorCode, 'attribute_hidden');
    }
  }
  const { headers } = await signInStaff(api, { ready: 'support' });
  assert.equal((await api.send('GET', `/outbox/${id}`, { headers })).status, 200);
});

test('without a mail server, who may sees what was only kept', async () => {
  const id = await write(own, { brand: await createBrand(own.base, { slug: unique('b'), name: 'Shop' }) });
  const toStaff = await write(own);
  assert.ok(!JSON.stringify(await own.call('GET', `/outbox/${toStaff}?secrets=true`)).includes(secret), 'not of staff');
  const scopes = 'read:outbox read:outbox_secrets';
  const seen = object(await own.call('GET', `/outbox/${id}?secrets=true`, undefined, scopes));
  assert.ok(String(seen.text).includes(secret) && String(seen.html).includes(ticket));
  const [opened] = await listAudit(own.base.db, {}, { limit: 1 });
  assert.deepEqual([opened?.act, opened?.thing], ['read', id], 'who looked is in the audit log');
  await own.run({
    name: 'not by the scope of the list',
    call: ['GET', `/outbox/${id}?secrets=true`],
    scopes: 'read:outbox',
    status: 403,
    reply: { errorCode: 'insufficient_scope' },
  });
});

test('what failed is sent again once; what held a code, is old, or has not failed is not', async () => {
  const good = await write(api, { secrets: [], text: 'Your password was changed.', html: '<p>It was changed.</p>' });
  const held = await write(api);
  const old = await write(api, { secrets: [], text: 'Long ago', html: '<p>Long ago</p>' });
  const path = (id: string) => `/outbox/${id}/resend`;
  await api.run({ name: 'it waits', call: ['POST', path(good)], status: 409, reply: { errorCode: 'not_failed' } });
  for (const id of [good, held, old]) await fail(api, id);
  const longAgo = new Date(Date.now() - 4 * 86_400_000);
  await api.base.db.updateTable('outbox').set({ created_at: longAgo }).where('id', '=', old).execute();
  const scenarios: Scenario[] = [
    { name: 'held', call: ['POST', path(held)], status: 409, reply: { errorCode: 'held_secrets' } },
    { name: 'old', call: ['POST', path(old)], status: 409, reply: { errorCode: 'too_old' } },
    { name: 'none', call: ['POST', path('01890000-0000-7000-8000-000000000000')], status: 404 },
    { name: 'no id', call: ['POST', path('x')], status: 400 },
    { name: 'scope', call: ['POST', path(good)], scopes: 'read:outbox', status: 403 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
  const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('POST', path(good))));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 409)]);
  const { rows } = await api.base.pool.query(
    `select count(*)::integer as jobs from graphile_worker._private_jobs where payload->>'id' = $1`,
    [good],
  );
  assert.equal(rows[0].jobs, 2, 'the first time, and once more');
  const kept = await write(own, { secrets: [] });
  await fail(own, kept);
  await own.run({ name: 'no server', call: ['POST', path(kept)], status: 409, reply: { errorCode: 'no_mail_server' } });
});

test('a mail of a brand is sent again with its address for answers', async () => {
  const brand = await createBrand(api.base, { slug: unique('b'), name: 'Care', mail_reply_to: 'care@shop.example' });
  const id = await write(api, { brand, secrets: [], text: 'It was changed.', html: '<p>x</p>' });
  await fail(api, id);
  assert.equal((await api.call('POST', `/outbox/${id}/resend`)).status, 200);
  const { rows } = await api.base.pool.query(
    `select payload->>'reply_to' as address from graphile_worker._private_jobs where payload->>'id' = $1`,
    [id],
  );
  assert.deepEqual(
    rows.map(({ address }) => address),
    ['care@shop.example', 'care@shop.example'],
  );
});
