import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { sql } from 'kysely';
import { type OidcServer, oidcServer, type TestPortal } from '../../../test/oidc-server.ts';
import { portalClient, type TokenAnswer } from '../../../test/portal-client.ts';

let server: OidcServer;
let portal: TestPortal;
before(async () => {
  server = await oidcServer();
  portal = { ...(await server.makePortal()), client_secret: '' };
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

const offline = { scope: 'openid profile email offline_access' };

async function atOnce(count: number, act: () => Promise<TokenAnswer>): Promise<TokenAnswer[]> {
  return Promise.all(Array.from({ length: count }, act));
}

function assertOneWinner(answers: readonly TokenAnswer[], description: string): TokenAnswer {
  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1);
  for (const lost of answers.filter((answer) => answer !== won[0])) {
    assert.deepEqual([lost.status, lost.error, lost.error_description], [403, 'invalid_grant', description]);
    assert.equal(lost.access_token, undefined);
  }
  const [winner] = won;
  assert.ok(winner);
  return winner;
}

function forward(seconds: number): void {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 });
}

test('security row 13: one of 50 concurrent redemptions of a code wins; the losers harm nobody', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { code, verifier } = await client.code(customer.user_id, offline);
  const answers = await atOnce(50, () => client.redeem(code, verifier));
  const winner = assertOneWinner(answers, 'Invalid authorization code');
  assert.equal((await client.refresh(winner.refresh_token)).status, 200);
});

test('security row 13: one of 100 concurrent refreshes wins; the losers harm nobody', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const tokens = await client.signIn(customer.user_id, offline);
  const answers = await atOnce(100, () => client.refresh(tokens.refresh_token));
  const winner = assertOneWinner(answers, 'Unknown or invalid refresh token.');
  assert.notEqual(winner.refresh_token, tokens.refresh_token);
  assert.equal((await client.refresh(winner.refresh_token)).status, 200);
});

test('security row 13: a refresh token that comes back later takes its family along', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const first = await client.signIn(customer.user_id, offline);
  const second = await client.refresh(first.refresh_token);
  forward(10);
  assert.equal((await client.refresh(first.refresh_token)).error, 'invalid_grant');
  assert.equal((await client.refresh(second.refresh_token)).error, 'invalid_grant');
  const headers = { authorization: `Bearer ${second.access_token}` };
  assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 401);
  const noted = await server.base.db.selectFrom('timeline').selectAll().where('name', '=', 'refresh_reused').execute();
  assert.deepEqual(
    noted.map(({ class: kind, portal: at }) => [kind, at]),
    [['security', portal.client_id]],
  );
});

test('security row 13: a code that comes back later takes what it gave along', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { code, verifier } = await client.code(customer.user_id, offline);
  const tokens = await client.redeem(code, verifier);
  forward(20);
  assert.equal((await client.redeem(code, verifier)).error, 'invalid_grant');
  assert.equal((await client.refresh(tokens.refresh_token)).error, 'invalid_grant');
});

test('a code is good for 60 seconds', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { code, verifier } = await client.code(customer.user_id);
  forward(61);
  assert.equal((await client.redeem(code, verifier)).error, 'invalid_grant');
});

test('a flow is finished once: of two tabs that go on with it, one gets a code', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { location } = await client.authorize();
  const finished = await client.get(`${location.pathname}?as=${encodeURIComponent(customer.user_id)}`);
  const resume = new URL(finished.headers.get('location') ?? '').pathname;
  const cookie = client.jar.header(new URL(server.url));
  const goOn = () => fetch(new URL(resume, server.url), { redirect: 'manual', headers: { cookie } });
  const answers = await Promise.all([goOn(), goOn(), goOn()]);
  const codes = answers.filter((answer) => answer.headers.get('location')?.includes('code='));
  assert.equal(codes.length, 1);
});

test('security row 13: no token, code or session id is stored, neither a part of one', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, portal);
  const { code, verifier } = await client.code(customer.user_id, offline);
  const tokens = await client.redeem(code, verifier);
  const session = client.jar.all().find((cookie) => cookie.name === 'regulars');
  const secrets = [code, tokens.access_token, tokens.refresh_token, session?.value ?? ''];
  const stored = await sql<{ row: string }>`
    select t::text as row from tokens t union all select s::text from sessions s union all select f::text from flows f
    union all select g::text from grants g`.execute(server.base.db);
  const all = stored.rows.map(({ row }) => row).join('\n');
  for (const secret of secrets) {
    assert.ok(secret.length >= 32);
    assert.ok(!all.includes(secret.slice(0, 20)), 'found in the database');
  }
  // Who has read the database has hashes: they are good for nothing.
  const { rows: hashes } = await sql<{ hash: string }>`select encode(hash, 'hex') as hash from tokens`.execute(
    server.base.db,
  );
  for (const { hash } of hashes.slice(0, 20)) {
    assert.equal((await client.refresh(`#${hash}`)).status, 403);
    assert.equal((await client.redeem(`#${hash}`, verifier)).status, 403);
  }
  for (const cut of [31, 33]) {
    const token = tokens.access_token.padEnd(33, 'x').slice(0, cut);
    const response = await fetch(`${server.url}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 401);
  }
});
