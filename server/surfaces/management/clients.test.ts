import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { list, type ManagementTest, managementTest, object, type Scenario } from '../../../test/management.ts';

import { createPortal } from '../../features/portals/portals.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const shop = { name: 'Shop', app_type: 'regular_web', callbacks: ['https://shop.test/callback'] };

test('a client is created with its secret, read without it, changed and removed', async () => {
  const made = await api.run({
    name: 'create',
    call: ['POST', '/clients', { ...shop, client_metadata: { a: '1', b: '2' } }],
    status: 201,
    reply: {
      name: 'Shop',
      callbacks: ['https://shop.test/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'client_secret_post',
      jwt_configuration: { lifetime_in_seconds: 36000, alg: 'RS256' },
      refresh_token: { rotation_type: 'non-rotating', token_lifetime: 2592000, idle_token_lifetime: 1296000 },
    },
  });
  const { client_id: id, client_secret: secret, brand } = object(made);
  assert.match(String(id), /^[A-Za-z0-9]{32}$/);
  assert.equal(String(secret).length, 64);
  assert.equal(typeof brand, 'string', 'the default brand was made for it');

  const scenarios: Scenario[] = [
    { name: 'read', call: ['GET', `/clients/${id}`], status: 200, reply: { client_id: id, name: 'Shop' } },
    {
      name: 'change',
      call: ['PATCH', `/clients/${id}`, { name: 'Other', jwt_configuration: { lifetime_in_seconds: 60 } }],
      status: 200,
      reply: { name: 'Other', callbacks: shop.callbacks, jwt_configuration: { lifetime_in_seconds: 60, alg: 'RS256' } },
    },
    {
      name: 'metadata is merged, null takes away',
      call: ['PATCH', `/clients/${id}`, { client_metadata: { a: null, c: '3' } }],
      status: 200,
    },
    {
      name: 'a secret of the operator',
      call: ['PATCH', `/clients/${id}`, { client_secret: 'mine' }],
      status: 200,
      reply: { client_secret: 'mine' },
    },
    {
      name: 'a secret needs its own scope',
      call: ['PATCH', `/clients/${id}`, { client_secret: 'mine' }],
      scopes: 'update:clients',
      status: 403,
      reply: { errorCode: 'insufficient_scope' },
    },
    {
      name: 'that scope alone changes nothing else',
      call: ['PATCH', `/clients/${id}`, { client_secret: 'mine', name: 'x' }],
      scopes: 'update:client_keys',
      status: 403,
    },
    {
      name: 'fields',
      call: ['GET', `/clients/${id}?fields=client_id,name&include_fields=true`],
      status: 200,
    },
    { name: 'remove', call: ['DELETE', `/clients/${id}`], status: 204 },
    { name: 'remove again', call: ['DELETE', `/clients/${id}`], status: 204 },
    {
      name: 'gone',
      call: ['GET', `/clients/${id}`],
      status: 404,
      reply: {
        statusCode: 404,
        error: 'Not Found',
        message: 'The client does not exist',
        errorCode: 'inexistent_client',
      },
    },
    { name: 'change what is gone', call: ['PATCH', `/clients/${id}`, {}], status: 404 },
    { name: 'rotate what is gone', call: ['POST', `/clients/${id}/rotate-secret`], status: 404 },
  ];
  for (const scenario of scenarios) {
    const answer = await api.run(scenario);
    if (scenario.call[0] === 'GET') assert.ok(!('client_secret' in object(answer)), 'never shown again');
    if (scenario.name === 'metadata is merged, null takes away') {
      assert.deepEqual(object(answer).client_metadata, { b: '2', c: '3' });
    }
    if (scenario.name === 'fields') assert.deepEqual(answer.body, { client_id: id, name: 'Other' });
  }
});

test('the secret is rotated as a whole', async () => {
  const { client_id: id, client_secret: before } = object(await api.call('POST', '/clients', shop));
  const rotated = await api.run({ name: 'rotate', call: ['POST', `/clients/${id}/rotate-secret`], status: 200 });
  assert.notEqual(object(rotated).client_secret, before);
});

test('a portal belongs to the brand that is named, by id or slug', async () => {
  const { id } = object(await api.call('POST', '/brands', { slug: 'lumiere', name: 'Lumière' }));
  for (const brand of [id, 'lumiere']) {
    await api.run({ name: 'named', call: ['POST', '/clients', { ...shop, brand }], status: 201, reply: { brand: id } });
  }
  await api.run({
    name: 'an unknown one',
    call: ['POST', '/clients', { ...shop, brand: 'nobody' }],
    status: 400,
    reply: { message: "Payload validation error: 'No such brand' on property brand." },
  });
  await api.run({
    name: 'a machine needs none',
    call: ['POST', '/clients', { name: 'Job', app_type: 'non_interactive' }],
    status: 201,
    reply: { brand: null, grant_types: ['client_credentials'] },
  });
});

test('security case 9: only exact, absolute, harmless addresses are redirected to', async () => {
  const refused = [
    'shop.test/callback',
    '//evil.test/',
    '/callback',
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://shop.test',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://shop.test/x',
    'file:///etc/passwd',
    'about:blank',
    'view-source:https://shop.test',
    'https://*.shop.test/callback',
    'https://shop.test/*',
    'https://shop.test/#fragment',
    'https://shop.test/ a',
    'https://shop.test/\\evil',
    'https://shop.test/\u0007',
    'https://',
    '',
    'x'.repeat(10_000),
  ];
  for (const address of refused) {
    for (const property of ['callbacks', 'allowed_logout_urls']) {
      const answer = await api.call('POST', '/clients', { name: 'x', [property]: [address] });
      assert.equal(answer.status, 400, `${property}: ${address}`);
      assert.match(String(object(answer).message), new RegExp(`on property ${property}\\[0\\]`));
    }
  }
  for (const address of ['https://shop.test/a?b=c', 'http://localhost:3000', 'com.shop.app://callback']) {
    assert.equal((await api.call('POST', '/clients', { name: 'x', callbacks: [address] })).status, 201, address);
  }
  for (const origin of ['https://shop.test/path', 'https://*.shop.test', 'null', 'https://u:p@shop.test']) {
    assert.equal((await api.call('POST', '/clients', { name: 'x', web_origins: [origin] })).status, 400, origin);
  }
});

test('lists page by number, by checkpoint, and tell totals', async () => {
  const { total } = object(await api.call('GET', '/clients?per_page=2&include_totals=true'));
  const everything = list(await api.call('GET', '/clients?per_page=100'));
  assert.equal(everything.length, total);

  const seen: unknown[] = [];
  let from = '';
  do {
    const page = object(await api.call('GET', `/clients?take=2${from}`));
    assert.ok(Array.isArray(page.clients) && page.clients.length <= 2);
    seen.push(...page.clients);
    from = page.next === undefined ? '' : `&from=${page.next}`;
  } while (from !== '');
  assert.deepEqual(seen, everything);

  const machines = list(await api.call('GET', '/clients?app_type=non_interactive&fields=app_type'));
  assert.ok(machines.length > 0);
  for (const machine of machines) assert.deepEqual(machine, { app_type: 'non_interactive' });
  assert.deepEqual(list(await api.call('GET', '/clients?is_first_party=false')), []);
  assert.equal((await api.call('GET', '/clients?q=x')).status, 400, 'searching is not built, so it is refused');
});

test('security case 16: a page token that we did not write, or for another list, is refused', async () => {
  const { next } = object(await api.call('GET', '/clients?take=1'));
  assert.equal(typeof next, 'string');
  const [body = '', signature = ''] = String(next).split('.');
  const forged = Buffer.from(JSON.stringify(['clients', new Date(), "' or 1=1--"])).toString('base64url');
  for (const token of [`${forged}.${signature}`, body, `${body}.`, `${body}.${'A'.repeat(43)}`, 'x', "'", '%27']) {
    const answer = await api.call('GET', `/clients?take=1&from=${encodeURIComponent(token)}`);
    assert.equal(answer.status, 400, token);
  }
  assert.equal((await api.call('GET', `/client-grants?take=1&from=${next}`)).status, 400, 'of another list');
  assert.equal((await api.call('GET', `/clients?take=1&from=${next}`)).status, 200);
});

test('the portal that the account pages sign in as is changed by nobody; removed, it is made anew', async () => {
  const { brand } = object(await api.call('POST', '/clients', shop));
  const draft = { client_id: 'account-pages', name: 'Account', brand: String(brand), is_account: true };
  const { portal } = await createPortal(api.base, draft, () => undefined);
  const refused = { status: 403, reply: { error: 'Forbidden' } };
  const scenarios: Scenario[] = [
    { name: 'change', call: ['PATCH', '/clients/account-pages', { require_consent: true }], ...refused },
    { name: 'its secret', call: ['PATCH', '/clients/account-pages', { client_secret: 'mine' }], ...refused },
    { name: 'a new secret', call: ['POST', '/clients/account-pages/rotate-secret'], ...refused },
    { name: 'nobody makes one', call: ['POST', '/clients', { ...shop, is_account: true }], status: 400 },
    {
      name: 'read',
      call: ['GET', '/clients/account-pages'],
      status: 200,
      reply: { require_consent: portal.settings.require_consent },
    },
    { name: 'remove', call: ['DELETE', '/clients/account-pages'], status: 204 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});
