import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { bodyOf, portalClient, readJwt } from '../../../test/portal-client.ts';
import { createApi, createGrant } from '../../features/portals/portals.ts';
import {
  ensureSigningKeys,
  promoteSigningKey,
  revokeSigningKey,
  rotateSigningKeys,
  signingKeys,
} from './signing-keys.ts';

let server: OidcServer;
let twin: OidcServer;
before(async () => {
  server = await oidcServer();
  twin = await oidcServer(server);
  await createApi(server.base, { identifier: 'my-api' });
});
after(async () => {
  await twin.close();
  await server.close();
});
beforeEach(() => mock.timers.reset());

const statuses = async () => {
  await server.base.settings.refresh();
  return (await signingKeys(server.base)).map(({ kid, status }) => ({ kid, status }));
};

test('two servers on one database share the keys; the start makes none twice', async () => {
  await Promise.all([ensureSigningKeys(server.base), ensureSigningKeys(twin.base), ensureSigningKeys(server.base)]);
  const keys = await statuses();
  assert.deepEqual(
    keys.map(({ status }) => status),
    ['current', 'next'],
  );
  await twin.base.settings.refresh();
  assert.deepEqual(
    (await signingKeys(twin.base)).map(({ kid }) => kid),
    keys.map(({ kid }) => kid),
  );
});

test('private keys are stored encrypted', async () => {
  const rows = await server.base.db.selectFrom('signing_keys').selectAll().execute();
  for (const row of rows) {
    assert.ok(!row.private_jwk.includes('"d"'));
    assert.ok(!JSON.stringify(row.public_jwk).includes('"d"'));
  }
});

test('a key signs a day after it was published, not before', async () => {
  const [current, next] = await statuses();
  assert.ok(current && next);
  const ready = await rotateSigningKeys(server.base);
  assert.ok(ready.getTime() > Date.now() + 23 * 3600_000, 'the change waits');
  assert.equal((await statuses())[0]?.kid, current.kid);
  // The job that waits.
  await promoteSigningKey(server.base, next.kid);
  const after = await statuses();
  assert.deepEqual(
    after.map(({ status }) => status),
    ['current', 'next', 'previous'],
  );
  assert.deepEqual([after[0]?.kid, after[2]?.kid], [next.kid, current.kid]);
  await promoteSigningKey(server.base, next.kid);
  assert.deepEqual(await statuses(), after, 'the job may come twice');

  mock.timers.enable({ apis: ['Date'], now: Date.now() + 25 * 3600_000 });
  assert.equal((await rotateSigningKeys(server.base)).getTime(), Date.now());
  assert.equal((await statuses())[0]?.kid, after[1]?.kid);
});

test('a revoked key verifies nothing any more', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, { ...(await server.makePortal()), client_secret: '' });
  const tokens = await client.signIn(customer.user_id, { audience: 'my-api' });
  const { kid } = readJwt(tokens.access_token).header;
  const ask = () => fetch(`${server.url}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  assert.equal(await revokeSigningKey(server.base, String(kid)), false, 'not the one that signs');
  await rotateSigningKeys(server.base, { now: true });
  await server.base.settings.refresh();
  assert.equal((await ask()).status, 200);
  assert.equal(await revokeSigningKey(server.base, String(kid)), true);
  await server.base.settings.refresh();
  assert.equal((await ask()).status, 401);
});

test('two servers change keys under load: no request fails, and every token verifies everywhere', async () => {
  const customer = await server.makeCustomer();
  const portal = { ...(await server.makePortal()), client_secret: '' };
  const settings = { callbacks: [], grant_types: ['client_credentials' as const] };
  const machine = await server.makePortal({ app_type: 'non_interactive', settings });
  await createGrant(server.base, { client_id: machine.client_id, audience: 'my-api', scope: ['x:y'] });
  await Promise.all([server.base.settings.refresh(), twin.base.settings.refresh()]);
  const host = { 'x-forwarded-host': new URL(server.url).host };
  const family = await portalClient(server, portal).signIn(customer.user_id, { scope: 'openid offline_access' });
  let { refresh_token } = family;
  const tokens: { token: string; at: number }[] = [];
  const changes: number[] = [];
  let running = true;

  const ask = async (to: OidcServer, form: Record<string, string>) => {
    const body = new URLSearchParams(form);
    const response = await fetch(`${to.url}/oauth/token`, { method: 'POST', body, headers: host });
    const answer = await bodyOf(response);
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  };
  const machines = async (to: OidcServer) => {
    while (running) {
      const { client_id, client_secret } = machine;
      const form = { grant_type: 'client_credentials', audience: 'my-api', client_id, client_secret };
      tokens.push({ token: (await ask(to, form)).access_token, at: Date.now() });
    }
  };
  const customers = async () => {
    for (let count = 0; running; count += 1) {
      const to = count % 2 === 0 ? server : twin;
      const answer = await ask(to, { grant_type: 'refresh_token', client_id: portal.client_id, refresh_token });
      refresh_token = answer.refresh_token;
      tokens.push({ token: answer.id_token, at: Date.now() });
    }
  };
  const work = [machines(server), machines(server), machines(twin), machines(twin), customers()];
  for (let change = 0; change < 3; change += 1) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await rotateSigningKeys(server.base, { now: true });
    changes.push(Date.now());
  }
  await new Promise((resolve) => setTimeout(resolve, 2500));
  running = false;
  await Promise.all(work);

  assert.ok(tokens.length > 50);
  const sets = await Promise.all(
    [server, twin].map(async (one) =>
      createLocalJWKSet(await bodyOf(await fetch(`${one.url}/.well-known/jwks.json`, { headers: host }))),
    ),
  );
  for (const { token } of tokens) for (const set of sets) await jwtVerify(token, set);
  const used = new Set(tokens.map(({ token }) => readJwt(token).header.kid));
  assert.ok(used.size >= 3, 'several keys signed');
  const [current] = await statuses();
  const last = changes.at(-1) ?? 0;
  const late = tokens.filter(({ token, at }) => at > last + 2000 && readJwt(token).header.kid !== current?.kid);
  assert.deepEqual(late, [], 'both had changed after two seconds');
});
