import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { type Guessed, guess } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const connection = 'Username-Password-Authentication';

async function newCustomer(): Promise<{ user_id: string; id: string }> {
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  const draft = { connection, email: `${unique('b')}@example.com`, password: 'correct horse battery' };
  const user_id = String(object(await api.call('POST', '/users', draft)).user_id);
  const id = (await findByUserId(api.base.db, user_id))?.id;
  assert.ok(id);
  return { user_id, id };
}

async function failAt(who: Guessed, ip: string, times = 10): Promise<void> {
  const asked = { brand: await defaultBrand(api.base), language: 'en', ip } as const;
  for (let count = 0; count < times; count++) await guess(api.base, who, asked, async () => undefined);
}

const blocks = async () => {
  const shown: Record<string, unknown>[] = list(await api.call('GET', '/attack-protection/blocks')).map((one) => ({
    ...Object(one),
  }));
  return shown;
};

test('who is blocked is listed with the place and the end of it, and is let in again', async () => {
  const { user_id, id } = await newCustomer();
  await failAt({ customer: id }, '192.0.2.7');
  await failAt({ identifier: 'nobody@example.com' }, '192.0.2.8');
  await failAt({ customer: id }, '192.0.2.9', 9);
  const shown = await blocks();
  assert.equal(shown.length, 2, 'nine failures block nobody');
  const own = shown.find((one) => one.user_id === user_id);
  assert.partialDeepStrictEqual(own, { limit: 'sign_in', ip: '192.0.2.7', failures: 10 });
  assert.ok(new Date(String(own?.until)).getTime() > Date.now() + 29 * 86_400_000);
  const unknown = shown.find((one) => one.ip === '192.0.2.8');
  assert.ok(unknown && !('user_id' in unknown), 'whose address it was is kept nowhere');
  assert.ok(!JSON.stringify(shown).includes('nobody'));

  await api.run({ name: 'lift', call: ['DELETE', `/attack-protection/blocks/${own?.id}`], status: 204 });
  assert.deepEqual((await blocks()).length, 1);
  await failAt({ customer: id }, '192.0.2.7', 1);
  await api.run({ name: 'once', call: ['DELETE', `/attack-protection/blocks/${own?.id}`], status: 404 });
  for (const bad of ['x', 'sign_in.zz', 'sign_in.', `sign_in.${'00'.repeat(32)}`, "a'b.00"]) {
    const path = `/attack-protection/blocks/${encodeURIComponent(bad)}`;
    await api.run({ name: bad, call: ['DELETE', path], status: 404 });
  }
});

test('security row 16: from where a customer is blocked is hidden with from where they came', async () => {
  await ensureFirstStaff(api.base);
  const { user_id, id } = await newCustomer();
  const address = String(object(await api.call('GET', `/users/${encodeURIComponent(user_id)}`)).email);
  await failAt({ customer: id }, '192.0.2.77');
  const urls = [
    '/attack-protection/blocks?per_page=100',
    `/user-blocks/${encodeURIComponent(user_id)}`,
    `/user-blocks?identifier=${encodeURIComponent(address)}`,
  ];
  for (const isHidden of [true, false]) {
    const reads = isHidden ? ['*', '-last_ip'] : ['*'];
    const { headers } = await signInStaff(api, { ready: 'administrator', reads });
    for (const url of urls) {
      const { status, body } = await api.send('GET', url, { headers });
      assert.equal(status, 200, url);
      assert.equal(JSON.stringify(body).includes('192.0.2.77'), !isHidden, url);
    }
  }
});

test('blocks are paged by a mark; none comes twice or is left out', async () => {
  for (let count = 0; count < 7; count++) await failAt({ identifier: unique('u') }, `198.51.100.${count}`);
  const all = (await blocks()).map(({ id }) => id);
  const seen: unknown[] = [];
  let from: unknown;
  do {
    const query: string = from === undefined ? 'take=3' : `take=3&from=${encodeURIComponent(String(from))}`;
    const page = object(await api.call('GET', `/attack-protection/blocks?${query}`));
    assert.ok(Array.isArray(page.blocks));
    seen.push(...page.blocks.map((one: { id: unknown }) => one.id));
    from = page.next;
  } while (from !== undefined);
  assert.deepEqual(seen, all);
  const totals = object(await api.call('GET', '/attack-protection/blocks?include_totals=true'));
  assert.equal(totals.total, all.length);
});

test('a place that failed too often is known by Auth0’s question, and let in again', async () => {
  const path = '/anomaly/blocks/ips/203.0.113.5';
  await api.run({ name: 'not yet', call: ['GET', path], status: 404 });
  for (let count = 0; count < 10; count++) await failAt({ identifier: unique('u') }, '203.0.113.5');
  await api.run({ name: 'blocked', call: ['GET', path], status: 200 });
  assert.ok((await blocks()).some((one) => one.limit === 'ip_failures' && one.ip === '203.0.113.5'));
  await api.run({ name: 'lift', call: ['DELETE', path], status: 204 });
  await api.run({ name: 'open', call: ['GET', path], status: 404 });
  await failAt({ identifier: unique('u') }, '203.0.113.5', 1);
  await api.run({ name: 'no address', call: ['GET', '/anomaly/blocks/ips/shop.example'], status: 400 });
});

test('the protections tell what holds; confirming it is fine, changing it is refused by name', async () => {
  const one = '/attack-protection/brute-force-protection';
  const other = '/attack-protection/suspicious-ip-throttling';
  const third = '/attack-protection/breached-password-detection';
  const holds = object(await api.call('GET', one));
  assert.deepEqual([holds.enabled, holds.max_attempts], [true, 10]);
  await api.run({ name: 'the same', call: ['PATCH', one, holds], status: 200, reply: holds });
  await api.run({
    name: 'a part',
    call: ['PATCH', other, { stage: { 'pre-login': { max_attempts: 100 } } }],
    status: 200,
  });
  const refused: [string, object, string][] = [
    [one, { enabled: false }, 'enabled'],
    [one, { max_attempts: 100 }, 'max_attempts'],
    [one, { allowlist: ['192.0.2.1'] }, 'allowlist'],
    [other, { stage: { 'pre-login': { max_attempts: 2500 } } }, 'stage'],
    [third, { enabled: true }, 'enabled'],
    [third, { unheard_of: null }, 'unheard_of'],
  ];
  for (const [path, body, name] of refused) {
    const answer = await api.call('PATCH', path, body);
    assert.equal(answer.status, 400, `${path} ${name}`);
    assert.match(String(object(answer).message), new RegExp(`does not let it be changed.*on property ${name}\\.$`));
  }
  await api.call('PATCH', '/umbrella', { breached_passwords: { source: 'folder' } });
  assert.equal(object(await api.call('GET', third)).enabled, true);
  await api.call('PATCH', '/umbrella', { breached_passwords: null });
});

test('limits are told as they hold, and the last day is counted', async () => {
  const limits: unknown[] = list(await api.call('GET', '/attack-protection/limits'));
  assert.ok(limits.some((limit) => Object(limit).name === 'sign_in' && Object(limit).most === 10));
  assert.ok(limits.some((limit) => Object(limit).name === 'staff_sign_in'));
  const { counts } = object(await api.call('GET', '/attack-protection/counts'));
  assert.ok(Array.isArray(counts));
  const places = counts.find((one: { name: string }) => one.name === 'place_blocked');
  assert.ok(places.count >= 1, 'the place of the test before');
});
