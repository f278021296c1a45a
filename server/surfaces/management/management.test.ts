import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKeyPair } from 'jose';
import { type ManagementTest, managementTest, unique } from '../../../test/management.ts';
import { removePortal, updatePortal } from '../../features/portals/portals.ts';
import { routes } from './routes.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const bearer = async (claims: Record<string, unknown>) => ({ authorization: `Bearer ${await api.token(claims)}` });

test('every operation that is served has a guard', async () => {
  const declared = routes.map(({ method, path }) => `${method} /api/v2${path.replace(/\{(\w+)\}/g, ':$1')}`);
  const open = ['GET /api/v2/openapi.json'];
  const served = api.served.filter((one) => one.includes(' /api/') && !one.startsWith('HEAD '));
  assert.deepEqual(served.sort(), [...declared, ...open].sort(), 'nothing is served but what is declared');
  for (const { method, path, may } of routes) {
    const url = path.replace(/\{\w+\}/g, 'x');
    const without = await api.send(method, url);
    assert.equal(without.status, 401, `${method} ${path} without a token`);
    assert.deepEqual(without.body, { statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' });
    const powerless = await api.send(method, url, { headers: await bearer({ scope: 'openid' }) });
    if (may === 'staff') {
      assert.equal(powerless.status, 401, `${method} ${path} is for staff alone`);
      continue;
    }
    assert.deepEqual(powerless.body, {
      statusCode: 403,
      error: 'Forbidden',
      message: `Insufficient scope, expected any of: ${may.join(',')}`,
      errorCode: 'insufficient_scope',
    });
  }
});

test('security case 13: only a token of ours for this API, held by a machine, opens it', async () => {
  const stranger = await generateKeyPair('RS256');
  const seconds = Math.floor(Date.now() / 1000);
  const refused: [string, string][] = [
    ['another key', await api.token({}, stranger.privateKey)],
    ['another issuer', await api.token({ iss: 'http://evil.test/' })],
    ['another audience', await api.token({ aud: 'my-api' })],
    ['an ID token', await api.token({ aud: 'machine' })],
    ['expired', await api.token({ exp: seconds - 1 })],
    ['no end', await api.token({ exp: undefined })],
    ['not yet', await api.token({ nbf: seconds + 60 })],
    ['held by a customer', await api.token({ sub: 'auth0|5f7c8ec7c33c6c004bbafe82' })],
    ["another client's", await api.token({ sub: 'other@clients' })],
    ['bound to a key', await api.token({ cnf: { jkt: 'x' } })],
    ['no client', await api.token({ azp: undefined })],
    ['a client that is gone', await api.token({ azp: 'gone', sub: 'gone@clients' })],
    ['cut short', (await api.token()).slice(0, -4)],
    ['unsigned', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await api.token()).split('.')[1]}.`],
    ['nothing', ''],
  ];
  for (const [name, token] of refused) {
    const answer = await api.send('GET', '/brands', { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 401, name);
  }
  const basic = await api.send('GET', '/brands', { headers: { authorization: 'Basic eDp5' } });
  assert.equal(basic.status, 401);
  const inUrl = await api.send('GET', `/brands?access_token=${await api.token()}`);
  assert.equal(inUrl.status, 401, 'never in the address');
});

test('a client that was disabled is refused at once', async () => {
  const headers = await bearer({});
  assert.equal((await api.send('GET', '/brands', { headers })).status, 200);
  await updatePortal(api.base, 'machine', { enabled: false }, () => undefined);
  assert.equal((await api.send('GET', '/brands', { headers })).status, 401);
  await updatePortal(api.base, 'machine', { enabled: true }, () => undefined);
});

test('what is not built is the generic 404', async () => {
  for (const path of ['/roles', '/users/x/roles', '/', '', '/organizations']) {
    const answer = await api.send('GET', path, { headers: await bearer({}) });
    assert.deepEqual(answer.body, { statusCode: 404, error: 'Not Found', message: 'Not Found' }, path);
  }
});

test('bodies that cannot be read are 400 or 413, never a fault', async () => {
  const headers = await bearer({});
  const post = (payload: string, type = 'application/json') =>
    api.send('POST', '/brands', { headers: { ...headers, 'content-type': type }, payload });
  const bad: [string, number, string][] = [
    ['{"slug":', 400, 'malformed'],
    ['', 400, 'empty'],
    ['[]', 400, 'a list'],
    ['null', 400, 'null'],
    ['{"slug":"a","name":"a\\u0000b"}', 400, 'NUL'],
    ['{"slug":"a","name":"a\\u0007b"}', 400, 'a control character'],
    ['{"slug":"a","name":"\\ud800"}', 400, 'half of a character'],
    ['{"slug":"a","name":"n","__proto__":{"x":1}}', 400, '__proto__'],
    [`{"slug":"a","name":"${'n'.repeat(10_000)}"}`, 400, 'a long field'],
    [`{"slug":"a","name":"n","theme":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'deep nesting'],
    [`{"slug":"a","name":"${'n'.repeat(1_100_000)}"}`, 413, 'over 1 MB'],
  ];
  for (const [payload, status, name] of bad) {
    const answer = await post(payload);
    assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body).slice(0, 200)}`);
    assert.partialDeepStrictEqual(answer.body, { statusCode: status, errorCode: 'invalid_body' }, name);
  }
  assert.equal((await post('slug=a&name=b', 'application/x-www-form-urlencoded')).status, 400);
  assert.equal((await api.send('GET', '/brands/a%00b', { headers })).status, 400);
  assert.equal((await api.send('GET', '/brands?page=%00', { headers })).status, 400);
});

test('errors name what is wrong, in Auth0’s words', async () => {
  const messages: [body: unknown, message: string][] = [
    [{ slug: 'a' }, "Payload validation error: 'Missing required property: name'."],
    [
      { slug: 'a', name: 1 },
      "Payload validation error: 'Expected type string but found type integer' on property name.",
    ],
    [undefined, "Payload validation error: 'A body in JSON is needed'."],
    [{ slug: 'a', name: 'n', x: 1, y: 2 }, "Payload validation error: 'Additional properties not allowed: x,y'."],
    [
      { slug: 'a', name: 'n', theme: { script: 1 } },
      "Payload validation error: 'Additional properties not allowed: script' on property theme.",
    ],
    [{ slug: 'a', name: '' }, "Payload validation error: 'String is too short (0 chars), minimum 1' on property name."],
    [
      { slug: 'a', name: '<b>' },
      "Payload validation error: 'String does not match pattern: ^[^<>]+$' on property name.",
    ],
  ];
  for (const [body, message] of messages) {
    const answer = await api.call('POST', '/brands', body);
    assert.deepEqual(answer.body, { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_body' });
  }
  const query = await api.call('GET', '/brands?per_page=101');
  assert.deepEqual(query.body, {
    statusCode: 400,
    error: 'Bad Request',
    message: "Query validation error: 'Value 101 is greater than maximum 100' on property per_page.",
    errorCode: 'invalid_query_string',
  });
  assert.equal((await api.call('GET', '/brands?pge=1')).status, 400);
});

test('only the first 1000 records can be paged by number', async () => {
  assert.equal((await api.call('GET', '/brands?page=9&per_page=100')).status, 200);
  await api.run({
    name: 'beyond',
    call: ['GET', '/brands?page=10&per_page=100'],
    status: 400,
    reply: { message: 'You can only page through the first 1000 records.', errorCode: 'invalid_paging' },
  });
});

test('what was written is known to the very next call', async () => {
  for (let tries = 0; tries < 10; tries += 1) {
    const name = unique('store');
    await api.run({ name: 'a connection', call: ['POST', '/connections', { name, strategy: 'auth0' }], status: 201 });
    const email = `${name}@example.com`;
    const body = { connection: name, email, password: 'as long as it gets' };
    await api.run({ name: 'its first user', call: ['POST', '/users', body], status: 201 });
  }
});

test('each client may call so often; x-ratelimit headers tell how much is left', async () => {
  const limited = await managementTest({ burst: 3, perSecond: 0.5 });
  try {
    const headers = { authorization: `Bearer ${await limited.token()}` };
    for (const left of [2, 1, 0]) {
      const answer = await limited.send('GET', '/brands', { headers });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-ratelimit-limit'], '3');
      assert.equal(answer.headers['x-ratelimit-remaining'], String(left));
      assert.ok(Number(answer.headers['x-ratelimit-reset']) > Date.now() / 1000);
    }
    const answer = await limited.send('GET', '/brands', { headers });
    assert.deepEqual(answer.body, {
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Global limit has been reached',
      errorCode: 'too_many_requests',
    });
    assert.ok(Number(answer.headers['retry-after']) >= 1);
  } finally {
    await limited.close();
  }
});

test('a client that was removed is refused at once', async () => {
  const headers = await bearer({});
  await removePortal(api.base, 'machine');
  assert.equal((await api.send('GET', '/brands', { headers })).status, 401);
});
