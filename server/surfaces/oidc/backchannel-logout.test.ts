import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient, readJwt } from '../../../test/portal-client.ts';
import { runJobs } from '../../base/jobs.ts';
import { writeSetting } from '../../base/settings.ts';
import { backchannelLogout } from './backchannel-logout.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

/** A portal's own server that hears of logouts; answers these statuses in turn, then 200. */
async function listener(...statuses: number[]) {
  const heard: string[] = [];
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      heard.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()));
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { heard, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/logout`, close: () => http.close() };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('each portal that knows a session is told of its end, again and again until it answers', async () => {
  const { base } = server;
  const [good, slow] = [await listener(), await listener(500, 503)];
  await writeSetting(base.db, 'outgoing_hosts', [good.host, slow.host]);
  const customer = await server.makeCustomer();
  const portals = [];
  for (const { url } of [good, slow, undefined].map((one) => ({ url: one?.url }))) {
    const settings = url ? { oidc_logout: { backchannel_logout_urls: [url] } } : {};
    portals.push({ ...(await server.makePortal({ settings })), client_secret: '' });
  }
  await base.settings.refresh();
  const [one, two, three] = portals;
  assert.ok(one && two && three);
  const first = portalClient(server, one);
  const tokens = await first.signIn(customer.user_id);
  const seconds = await portalClient(server, two, first.jar).signIn(customer.user_id, { prompt: 'none' });
  await portalClient(server, three, first.jar).signIn(customer.user_id, { prompt: 'none' });
  await first.get(`/v2/logout?client_id=${one.client_id}`);

  const url = base.pool.options.connectionString ?? '';
  const jobs = await runJobs(base, url, { backchannel_logout: backchannelLogout }, []);
  try {
    await until(() => good.heard.length === 1 && slow.heard.length === 1);
    // Its next tries are due later; a test does not wait for them.
    for (const tries of [2, 3]) {
      await until(async () => {
        await sql`update graphile_worker._private_jobs set run_at = now() where locked_at is null`.execute(base.db);
        return slow.heard.length === tries;
      });
    }
    await until(
      async () => (await sql`select 1 from graphile_worker._private_jobs`.execute(base.db)).rows.length === 0,
    );
  } finally {
    await jobs.stop(5000);
    good.close();
    slow.close();
  }
  assert.deepEqual([good.heard.length, slow.heard.length], [1, 3]);

  const jwks = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(good.heard[0] ?? '', jwks, {
    issuer: `${server.url}/`,
    audience: one.client_id,
    typ: 'logout+jwt',
  });
  assert.equal(protectedHeader.alg, 'RS256');
  assert.equal(payload.sub, customer.user_id);
  assert.equal(payload.sid, readJwt(tokens.id_token).claims.sid);
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.equal(typeof payload.jti, 'string');
  assert.equal(payload.nonce, undefined);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 120);
  const second = readJwt(slow.heard[2] ?? '').claims;
  assert.equal(second.sid, readJwt(seconds.id_token).claims.sid);
});
