import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient, readJwt } from '../../../test/portal-client.ts';
import { Problem, type ProblemCode } from '../../base/errors.ts';
import { createApi } from '../../features/portals/portals.ts';

const realm = 'http://auth0.com/oauth/grant-type/password-realm';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
  await createApi(server.base, {
    identifier: 'my-api',
    scopes: [{ value: 'read:things' }],
    settings: { allow_offline_access: true },
  });
});
after(() => server.close());

async function passwordPortal() {
  const settings = { grant_types: ['password' as const, realm as typeof realm, 'refresh_token' as const] };
  return portalClient(server, await server.makePortal({ app_type: 'regular_web', settings }));
}

test('a portal may ask for the password itself, if it has the grant type', async () => {
  const customer = await server.makeCustomer();
  const asked = { username: customer.user_id, password: 'x', scope: 'openid profile email offline_access' };
  const client = await passwordPortal();
  const tokens = await client.token({ grant_type: 'password', ...asked });
  assert.equal(tokens.status, 200);
  assert.equal(tokens.access_token.length, 32);
  assert.equal(tokens.scope, asked.scope);
  assert.equal(readJwt(tokens.id_token).claims.sub, customer.user_id);
  assert.equal(readJwt(tokens.id_token).claims.email, customer.email);
  assert.deepEqual(readJwt(tokens.id_token).claims.amr, ['pwd']);
  const again = await client.refresh(tokens.refresh_token);
  assert.equal(again.status, 200);
  const headers = { authorization: `Bearer ${again.access_token}` };
  assert.equal((await fetch(`${server.url}/userinfo`, { headers })).status, 200);

  const without = portalClient(server, await server.makePortal({ app_type: 'regular_web' }));
  const refused = await without.token({ grant_type: 'password', ...asked });
  assert.deepEqual(
    [refused.status, refused.error, refused.error_description],
    [403, 'unauthorized_client', "Grant type 'password' not allowed for the client."],
  );
});

test('with an audience, the token is for that API and says how it was got', async () => {
  const customer = await server.makeCustomer();
  const client = await passwordPortal();
  const asked = { username: customer.user_id, password: 'x', realm: 'customers', audience: 'my-api' };
  const tokens = await client.token({ grant_type: realm, ...asked, scope: 'read:things fly:away' });
  const { claims } = readJwt(tokens.access_token);
  assert.deepEqual([claims.aud, claims.gty, claims.scope], ['my-api', 'password', 'read:things']);
  const unknown = await client.token({ grant_type: 'password', ...asked, audience: 'nowhere' });
  assert.deepEqual(
    [unknown.status, unknown.error, unknown.error_description],
    [400, 'invalid_request', 'invalid audience specified for password grant exchange'],
  );
});

test('refusals are told in OAuth’s shape', async () => {
  const client = await passwordPortal();
  const { onPassword } = server.journey;
  const cases: [ProblemCode, number, string][] = [
    ['wrong_credentials', 403, 'invalid_grant'],
    ['too_many_attempts', 429, 'too_many_attempts'],
    ['user_blocked', 403, 'unauthorized'],
    ['busy', 503, 'temporarily_unavailable'],
  ];
  for (const [code, status, error] of cases) {
    Object.assign(server.journey, {
      onPassword: async () => {
        throw new Problem(code);
      },
    });
    const answer = await client.token({ grant_type: 'password', username: 'a@b.c', password: 'x' });
    assert.deepEqual([answer.status, answer.error], [status, error]);
    if (code === 'busy') assert.equal(answer.headers.get('retry-after'), '2');
  }
  Object.assign(server.journey, { onPassword });
  const incomplete = await client.token({ grant_type: 'password', username: 'a@b.c' });
  assert.deepEqual(
    [incomplete.status, incomplete.error, incomplete.error_description],
    [400, 'invalid_request', 'Missing required parameter: password'],
  );
});
