import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient, readJwt } from '../../../test/portal-client.ts';
import { createApi } from '../../features/portals/portals.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
  await createApi(server.base, { identifier: 'open-api', settings: { allow_offline_access: true } });
});
after(() => server.close());
beforeEach(() => mock.timers.reset());

const offline = { scope: 'openid profile email offline_access' };
const day = 86_400;

function forward(seconds: number): void {
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 });
}

async function publicPortal(refresh_token = {}, grant_types?: ['authorization_code']) {
  const settings = { refresh_token, ...(grant_types ? { grant_types } : {}) };
  return { ...(await server.makePortal({ settings })), client_secret: '' };
}

test('offline_access is given without asking for consent, and rotates', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const first = await client.signIn(customer.user_id, offline);
  assert.equal(first.scope, 'openid profile email offline_access');
  assert.equal(first.refresh_token.length, 32);
  const second = await client.refresh(first.refresh_token);
  assert.equal(second.status, 200);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(second.scope, 'openid profile email offline_access');
  assert.equal(readJwt(second.id_token).claims.sub, customer.user_id);
  assert.equal(readJwt(second.id_token).claims.sid, readJwt(first.id_token).claims.sid);
  assert.equal(server.journey.calls.refresh, 1);
});

test('a silent sign-in gets a refresh token, too', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  await client.signIn(customer.user_id);
  const { location, verifier } = await client.authorize({ ...offline, prompt: 'none' });
  const tokens = await client.redeem(location.searchParams.get('code') ?? '', verifier);
  assert.equal(tokens.refresh_token.length, 32);
});

test('prompt=consent asks for nothing more', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const tokens = await client.signIn(customer.user_id, { ...offline, prompt: 'consent' });
  assert.equal(tokens.refresh_token.length, 32);
});

test('no refresh token without the grant type, or for an API that does not allow it', async () => {
  const customer = await server.makeCustomer();
  const without = portalClient(server, await publicPortal({}, ['authorization_code']));
  const tokens = await without.signIn(customer.user_id, offline);
  assert.equal(tokens.refresh_token, undefined);
  assert.equal(tokens.scope, 'openid profile email');

  await createApi(server.base, { identifier: 'https://strict.example/' });
  const client = portalClient(server, await publicPortal());
  const strict = await client.signIn(customer.user_id, { ...offline, audience: 'https://strict.example/' });
  assert.equal(strict.refresh_token, undefined);
  assert.equal(strict.scope, 'openid profile email');
});

test('a refresh token ends when it is unused for 15 days, and 30 days after the sign-in', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const idle = await client.signIn(customer.user_id, offline);
  const used = await client.signIn(customer.user_id, offline);
  forward(14 * day);
  const second = await client.refresh(used.refresh_token);
  assert.equal(second.status, 200);
  forward(15 * day + 10);
  assert.equal((await client.refresh(idle.refresh_token)).error, 'invalid_grant');
  forward(28 * day);
  const third = await client.refresh(second.refresh_token);
  assert.equal(third.status, 200);
  forward(30 * day + 10);
  const last = await client.refresh(third.refresh_token);
  assert.deepEqual([last.status, last.error_description], [403, 'Unknown or invalid refresh token.']);
});

test('a non-rotating token stays the same and is put off by use', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal({ rotation_type: 'non-rotating' }));
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  forward(14 * day);
  const answers = await Promise.all([1, 2, 3].map(() => client.refresh(refresh_token)));
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.refresh_token, undefined, 'it is not repeated');
  }
  forward(28 * day);
  assert.equal((await client.refresh(refresh_token)).status, 200);
  forward(30 * day + 10);
  assert.equal((await client.refresh(refresh_token)).error, 'invalid_grant');
});

test('a non-expiring token is good for years', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal({ expiration_type: 'non-expiring' }));
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  forward(3 * 365 * day);
  assert.equal((await client.refresh(refresh_token)).status, 200);
});

test('within the leeway a rotated token may be used again; after it the family is gone', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal({ leeway: 30 }));
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  const second = await client.refresh(refresh_token);
  forward(20);
  assert.equal((await client.refresh(refresh_token)).status, 200);
  forward(40);
  assert.equal((await client.refresh(refresh_token)).error, 'invalid_grant');
  assert.equal((await client.refresh(second.refresh_token)).error, 'invalid_grant');
});

test('scopes that the token never had are dropped, not refused', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  const answer = await client.refresh(refresh_token, { scope: 'openid read:things offline_access' });
  assert.equal(answer.status, 200);
  assert.equal(answer.scope, 'openid offline_access');
});

test('security row 13: a refresh token is good for its own portal only', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const other = portalClient(server, await publicPortal());
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  assert.equal((await other.refresh(refresh_token)).error, 'invalid_grant');
  assert.equal((await client.refresh(refresh_token)).status, 200);
});

test('the journey can refuse a refresh; nothing is consumed then', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const { refresh_token } = await client.signIn(customer.user_id, offline);
  const { onRefresh } = server.journey;
  Object.assign(server.journey, {
    onRefresh: async () => ({ error: 'invalid_grant', description: 'user is blocked' }),
  });
  const refused = await client.refresh(refresh_token);
  assert.deepEqual(
    [refused.status, refused.error, refused.error_description],
    [403, 'invalid_grant', 'user is blocked'],
  );
  Object.assign(server.journey, { onRefresh });
  assert.equal((await client.refresh(refresh_token)).status, 200);
});

test('rules add claims to the tokens, but never replace those of the protocol', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  const forged = {
    sub: 'evil',
    email: 'evil@x.y',
    acr: 'high',
    azp: 'evil',
    aud: 'evil',
    permissions: ['all'],
    gty: 'x',
  };
  const tier = 'https://shop.example/tier';
  server.journey.decided = { id_token: { [tier]: 'gold', ...forged }, access_token: { [tier]: 'gold', ...forged } };
  const tokens = await client.signIn(customer.user_id, { ...offline, audience: 'open-api' });
  server.journey.decided = {};
  for (const { id_token, access_token } of [tokens, await client.refresh(tokens.refresh_token)]) {
    const id = readJwt(id_token).claims;
    assert.deepEqual(
      [id[tier], id.sub, id.email, id.acr, id.azp, id.permissions],
      ['gold', customer.user_id, customer.email, undefined, undefined, undefined],
    );
    const access = readJwt(access_token).claims;
    assert.deepEqual(
      [access[tier], access.sub, access.email, access.permissions, access.gty],
      ['gold', customer.user_id, undefined, undefined, undefined],
    );
    assert.notEqual(access.azp, 'evil');
    assert.deepEqual(access.aud, ['open-api', `${server.url}/userinfo`]);
  }
});
