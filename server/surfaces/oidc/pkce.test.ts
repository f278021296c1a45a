import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient } from '../../../test/portal-client.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

const noChallenge = { code_challenge: '', code_challenge_method: '' };

test('security row 13: a public portal must use PKCE, with S256', async () => {
  const portal = { ...(await server.makePortal()), client_secret: '' };
  const client = portalClient(server, portal);
  for (const params of [noChallenge, { code_challenge_method: 'plain' }, { code_challenge_method: '' }]) {
    const { location } = await client.authorize(params);
    assert.equal(location.searchParams.get('error'), 'invalid_request');
  }
});

test('security row 13: a challenge binds, whoever redeems the code', async () => {
  const customer = await server.makeCustomer();
  for (const type of ['spa', 'regular_web'] as const) {
    const made = await server.makePortal({ app_type: type });
    const client = portalClient(server, type === 'spa' ? { ...made, client_secret: '' } : made);
    const { code } = await client.code(customer.user_id);
    const without = await client.redeem(code, '');
    assert.deepEqual(
      [without.status, without.error, without.error_description],
      [403, 'invalid_grant', 'Failed to verify code verifier'],
    );
    const wrong = await client.redeem(code, 'a'.repeat(43));
    assert.equal(wrong.error, 'invalid_grant');
  }
});

test('security row 13: a verifier without a challenge is refused', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await server.makePortal({ app_type: 'regular_web' }));
  const { code, verifier } = await client.code(customer.user_id, noChallenge);
  assert.equal((await client.redeem(code, verifier)).error, 'invalid_grant');
  assert.equal((await client.redeem(code, '')).status, 200);
});

test('security row 13: a code is bound to its portal and its address', async () => {
  const customer = await server.makeCustomer();
  const callbacks = ['https://shop.example/callback', 'https://shop.example/other'];
  const client = portalClient(server, await server.makePortal({ app_type: 'regular_web', settings: { callbacks } }));
  const other = portalClient(server, await server.makePortal({ app_type: 'regular_web' }));
  const { code, verifier } = await client.code(customer.user_id);
  assert.equal((await other.redeem(code, verifier)).error, 'invalid_grant');
  const elsewhere = await client.redeem(code, verifier, { redirect_uri: 'https://shop.example/other' });
  assert.deepEqual([elsewhere.status, elsewhere.error_description], [403, 'Invalid authorization code']);
  assert.equal((await client.redeem(code, verifier)).status, 200);
});
