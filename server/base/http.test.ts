import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { testBase } from '../../test/base.ts';
import { startTestServer } from '../../test/server.ts';
import { createHttp } from './http.ts';

const base = await testBase({ url: 'http://localhost:4000', trustedProxies: ['10.0.0.0/8'] });
after(() => base.close());
const app = await createHttp(base);
app.get('/ip', async (request) => ({ ip: request.ip, host: request.host }));
after(() => app.close());

async function ipFor(forwarded: string | undefined, remoteAddress = '10.0.0.1'): Promise<unknown> {
  const headers = { host: 'localhost:4000', ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) };
  const answer = await app.inject({ url: '/ip', remoteAddress, headers });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json().ip;
}

test('security row 15: whatever stands in X-Forwarded-For, a request comes from an address', async () => {
  assert.equal(await ipFor(undefined), '10.0.0.1');
  assert.equal(await ipFor('203.0.113.7'), '203.0.113.7');
  assert.equal(await ipFor('203.0.113.7:5678'), '203.0.113.7');
  assert.equal(await ipFor('[2001:db8::1]:443'), '2001:db8::1');
  assert.equal(await ipFor('fe80::1%eth0'), 'fe80::1');
  assert.equal(await ipFor('198.51.100.1, 203.0.113.7, 10.0.0.2'), '203.0.113.7');
  for (const nonsense of ['garbage', 'unknown', '', ',,', '999.1.1.1', "1'; drop table", `${'1.'.repeat(5000)}`]) {
    assert.equal(await ipFor(nonsense), '10.0.0.1', nonsense);
    assert.equal(await ipFor(`203.0.113.9, ${nonsense}, 10.0.0.2`), '10.0.0.2', nonsense);
    assert.equal(await ipFor(`${nonsense}, 203.0.113.7`), '203.0.113.7', nonsense);
  }
});

test('an IPv4 client is known by its IPv4 address wherever the server listens, proxies and their clients too', async () => {
  assert.equal(await ipFor(undefined, '::ffff:203.0.113.7'), '203.0.113.7');
  assert.equal(await ipFor('198.51.100.1', '::ffff:203.0.113.7'), '203.0.113.7', 'who is no proxy');
  assert.equal(await ipFor('198.51.100.1', '::ffff:10.0.0.1'), '198.51.100.1', 'a proxy');
  assert.equal(await ipFor('::ffff:198.51.100.1, ::ffff:a00:2', '::ffff:10.0.0.1'), '198.51.100.1');
  assert.equal(await ipFor('2001:db8::1', '::ffff:10.0.0.1'), '2001:db8::1');
});

test('security row 8: forwarded headers of who is no proxy count for nothing', async () => {
  assert.equal(await ipFor('198.51.100.1', '203.0.113.7'), '203.0.113.7');
  const headers = { host: 'localhost:4000', 'x-forwarded-host': 'evil.example' };
  const stranger = await app.inject({ url: '/ip', remoteAddress: '203.0.113.7', headers });
  assert.equal(stranger.json().host, 'localhost:4000');
  assert.equal((await app.inject({ url: '/ip', remoteAddress: '10.0.0.1', headers })).statusCode, 421);
});

test('security row 8: another host name is refused before any handler; what is nowhere is told as it was asked for', async () => {
  const server = await startTestServer();
  try {
    const at = new URL(server.url);
    for (const path of [
      '/',
      '/authorize',
      '/oauth/token',
      '/userinfo',
      '/v2/logout',
      '/account',
      '/account/signed-out',
      '/u/x/login',
    ]) {
      assert.equal(await statusOf(at.port, path, `evil.example:${at.port}`), 421, path);
    }
    assert.equal(await statusOf(at.port, '/account/signed-out', at.host), 200);
    const nowhere = (accept: string) => fetch(new URL('/nowhere', server.url), { headers: { accept } });
    const [page, json] = [await nowhere('text/html,*/*'), await nowhere('application/json')];
    assert.deepEqual([page.status, json.status], [404, 404]);
    assert.match(await page.text(), /There is no such page/);
    assert.match(await json.text(), /"error":"not_found"/);
    assert.equal(await statusOf(at.port, '/healthz', 'evil.example'), 200);
  } finally {
    await server.stop();
  }
});

/** `fetch` lets nobody choose the Host header. */
function statusOf(port: string, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const method = path === '/oauth/token' ? 'POST' : 'GET';
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });
}
