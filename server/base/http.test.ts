import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { testBase } from '../../test/base.ts';
import type { Base } from './base.ts';
import { createHttp } from './http.ts';

let base: Base;
let app: FastifyInstance;
before(async () => {
  base = await testBase({ trustedProxies: ['10.0.0.0/8'] });
  app = await createHttp(base);
  app.get('/who', async (request) => ({ ip: request.ip }));
});
after(async () => {
  await app.close();
  await base.close();
});

function ask(forwarded: string, remoteAddress: string) {
  const headers = { host: new URL(base.config.url).host, 'x-forwarded-for': forwarded };
  return app.inject({ url: '/who', headers, remoteAddress });
}

test('security row 15: a malformed X-Forwarded-For is neither a place of its own nor a fault', async () => {
  for (const forwarded of ['nonsense', '1.2.3.4:5678', "1.2.3.4'", '999.1.1.1', 'unknown', '1.2.3.4, nonsense']) {
    const { statusCode, body } = await ask(forwarded, '10.0.0.1');
    assert.equal(statusCode, 400, `${forwarded}: ${body}`);
  }
});

test('X-Forwarded-For counts from trusted proxies only, and its last address that is none', async () => {
  assert.equal((await ask('192.0.2.1', '10.0.0.1')).json().ip, '192.0.2.1');
  assert.equal((await ask('198.51.100.9, 192.0.2.1, 10.0.0.2', '10.0.0.1')).json().ip, '192.0.2.1');
  assert.equal((await ask('192.0.2.1', '203.0.113.7')).json().ip, '203.0.113.7');
  assert.equal((await ask('nonsense', '203.0.113.7')).json().ip, '203.0.113.7');
  assert.equal((await ask('2001:db8::1', '10.0.0.1')).json().ip, '2001:db8::1');
});
