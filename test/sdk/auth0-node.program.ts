// Runs in a process of its own that trusts the test's certificate (NODE_EXTRA_CA_CERTS): the unmodified `auth0` library
// against the server over HTTPS. Ends with code 0 if everything was as an app expects.
import assert from 'node:assert/strict';
import { ManagementClient } from 'auth0';
import { AuthenticationClient } from 'auth0/legacy';

const [domain = '', machineId = '', machineSecret = ''] = process.argv.slice(2);
const connection = 'Username-Password-Authentication';
const email = 'lena.berger@example.com';
const password = 'Correct horse battery 9';

const management = new ManagementClient({ domain, clientId: machineId, clientSecret: machineSecret, maxRetries: 0 });

const portal = await management.clients.create({
  name: 'Node app',
  app_type: 'regular_web',
  callbacks: ['https://app.example/callback'],
  grant_types: ['authorization_code', 'refresh_token', 'password', 'http://auth0.com/oauth/grant-type/password-realm'],
});
await management.connections.create({ name: connection, strategy: 'auth0', enabled_clients: [portal.client_id ?? ''] });
const user = await management.users.create({ connection, email, password, email_verified: true });
const userId = user.user_id ?? '';
assert.match(userId, /^auth0\|[0-9a-f]{24}$/);

const changed = await management.users.update(userId, {
  user_metadata: { scents: ['rose'] },
  app_metadata: { plan: 'gold' },
});
assert.deepEqual(changed.user_metadata, { scents: ['rose'] });
const listed = await management.users.list({ per_page: 5 });
assert.deepEqual(
  listed.data.map((one) => one.user_id),
  [userId],
);
const byEmail = await management.users.listUsersByEmail({ email });
assert.equal(byEmail[0]?.user_id, userId);

const authentication = new AuthenticationClient({
  domain,
  clientId: portal.client_id ?? '',
  clientSecret: portal.client_secret ?? '',
});
const { data: tokens } = await authentication.oauth.passwordGrant({
  username: email,
  password,
  realm: connection,
  scope: 'openid profile email offline_access',
});
assert.ok(tokens.refresh_token && tokens.id_token);
const { data: refreshed } = await authentication.oauth.refreshTokenGrant({ refresh_token: tokens.refresh_token });
assert.notEqual(refreshed.access_token, tokens.access_token);

const userinfo = await fetch(`https://${domain}/userinfo`, {
  headers: { authorization: `Bearer ${refreshed.access_token}` },
});
assert.equal(userinfo.status, 200);
assert.equal(JSON.parse(await userinfo.text()).email, email);

const newest = refreshed.refresh_token ?? tokens.refresh_token;
await authentication.oauth.revokeRefreshToken({ token: newest });
await assert.rejects(authentication.oauth.refreshTokenGrant({ refresh_token: newest }), { error: 'invalid_grant' });
await assert.rejects(
  authentication.oauth.passwordGrant({ username: email, password: 'wrong', realm: connection }),
  (error: unknown) => error instanceof Error && /Wrong email or password/.test(error.message),
);

const logs = await management.users.logs.list(userId);
assert.ok(
  logs.data.some((log) => log.type === 'sepft' || log.type === 's'),
  'the sign-in is in the logs',
);
await management.users.delete(userId);
await assert.rejects(management.users.get(userId), { statusCode: 404 });
