// See https-server.ts. The unmodified `@auth0/auth0-auth-js` library, the ground of Auth0's newer server SDKs.
import assert from 'node:assert/strict';
import { AuthClient, PasswordlessVerifyError, SignUpError } from '@auth0/auth0-auth-js';
import { ManagementClient } from 'auth0';
import { mailed } from './outbox.ts';

const [domain = '', machineId = '', machineSecret = '', database = ''] = process.argv.slice(2);
const connection = 'Forms-Of-Auth-Js';
const email = 'jonas.js@example.com';
const password = 'Correct horse battery 9';

const management = new ManagementClient({ domain, clientId: machineId, clientSecret: machineSecret, maxRetries: 0 });
const portal = await management.clients.create({
  name: 'App on auth-js',
  app_type: 'regular_web',
  callbacks: ['https://app.example/callback'],
  grant_types: [
    'authorization_code',
    'refresh_token',
    'password',
    'http://auth0.com/oauth/grant-type/passwordless/otp',
  ],
});
await management.connections.create({ name: connection, strategy: 'auth0', enabled_clients: [portal.client_id ?? ''] });
const auth = new AuthClient({ domain, clientId: portal.client_id ?? '', clientSecret: portal.client_secret ?? '' });

const made = await auth.database.signUp({
  email,
  password,
  connection,
  givenName: 'Jonas',
  userMetadata: { size: 'L' },
});
assert.match(String(made.id), /^[0-9a-f]{24}$/);
assert.deepEqual([made.email, made.emailVerified, made.givenName], [email, false, 'Jonas']);
await assert.rejects(auth.database.signUp({ email, password, connection }), (error: unknown) => {
  return error instanceof SignUpError && error.cause?.error === 'invalid_signup' && error.statusCode === 400;
});
await assert.rejects(auth.database.signUp({ email: 'b@example.com', password: 'x', connection }), (error: unknown) => {
  return error instanceof SignUpError && error.cause?.error === 'invalid_password';
});
const tokens = await auth.getTokenByPassword({ username: email, password });
assert.ok(tokens.accessToken);

const told = await auth.database.changePassword({ email, connection });
assert.equal(told, "We've just sent you an email to reset your password.");

await auth.passwordless.sendEmail({ email });
const code = await mailed(database, email, 'sign_in_code');
await assert.rejects(
  auth.getTokenByPasswordlessEmail({ email, code: code === '000000' ? '000001' : '000000' }),
  (error: unknown) => error instanceof PasswordlessVerifyError && error.cause?.error === 'invalid_grant',
);
const signedIn = await auth.getTokenByPasswordlessEmail({ email, code, scope: 'openid email offline_access' });
assert.ok(signedIn.idToken && signedIn.refreshToken);
assert.equal(signedIn.claims?.email_verified, true);
await auth.passwordless.sendEmail({
  email,
  send: 'link',
  authParams: { scope: 'openid', state: 'abc' },
  language: 'de',
});
assert.match(await mailed(database, email, 'sign_in_link'), /\/u\/sign-in-link\?ticket=/);
await assert.rejects(auth.passwordless.sendSms({ phoneNumber: '+14155550100' }), /Connection does not exist/);
