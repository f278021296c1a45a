// See https-server.ts. The unmodified `auth0` library where the portal has forms of its own.
import assert from 'node:assert/strict';
import { ManagementClient } from 'auth0';
import { AuthenticationClient } from 'auth0/legacy';
import { mailed } from './outbox.ts';

const [domain = '', machineId = '', machineSecret = '', database = ''] = process.argv.slice(2);
const connection = 'Forms-Of-The-Node-App';
const email = 'nora.node@example.com';
const password = 'Correct horse battery 9';

const management = new ManagementClient({ domain, clientId: machineId, clientSecret: machineSecret, maxRetries: 0 });
const portal = await management.clients.create({
  name: 'Node app with forms',
  app_type: 'regular_web',
  callbacks: ['https://app.example/callback'],
  grant_types: [
    'authorization_code',
    'refresh_token',
    'http://auth0.com/oauth/grant-type/password-realm',
    'http://auth0.com/oauth/grant-type/passwordless/otp',
  ],
});
await management.connections.create({ name: connection, strategy: 'auth0', enabled_clients: [portal.client_id ?? ''] });
const client = { domain, clientId: portal.client_id ?? '', clientSecret: portal.client_secret ?? '' };
const { database: forms, passwordless, oauth } = new AuthenticationClient(client);

const { data: made } = await forms.signUp({ email, password, connection, given_name: 'Nora' });
assert.match(String(made.id), /^[0-9a-f]{24}$/);
assert.deepEqual([made.email, made.email_verified], [email, false]);
await assert.rejects(forms.signUp({ email, password, connection }), { error: 'invalid_signup' });
await assert.rejects(forms.signUp({ email: 'b@example.com', password: 'x', connection }), {
  error: 'invalid_password',
});
const { data: tokens } = await oauth.passwordGrant({ username: email, password, realm: connection });
assert.ok(tokens.access_token);

const { data: told } = await forms.changePassword({ email, connection });
assert.equal(told, "We've just sent you an email to reset your password.");
assert.match(await mailed(database, email, 'reset_password'), /\/u\/reset-password\?ticket=/);

await passwordless.sendEmail({ email, send: 'code' });
const code = await mailed(database, email, 'sign_in_code');
await assert.rejects(passwordless.loginWithEmail({ email, code: code === '000000' ? '000001' : '000000' }), {
  error: 'invalid_grant',
  error_description: 'Wrong email or verification code.',
});
const { data: in_ } = await passwordless.loginWithEmail({ email, code, scope: 'openid email offline_access' });
assert.ok(in_.id_token && in_.refresh_token);
await passwordless.sendEmail({ email, send: 'link', authParams: { scope: 'openid', state: 'abc' } });
assert.match(await mailed(database, email, 'sign_in_link'), /\/u\/sign-in-link\?ticket=/);
await assert.rejects(passwordless.sendSMS({ phone_number: '+14155550100' }), { error: 'bad.connection' });

const user_id = `auth0|${made.id}`;
const verify = await management.tickets.verifyEmail({ user_id });
assert.match(verify.ticket, /\/u\/email-verification\?ticket=/);
const change = await management.tickets.changePassword({ user_id, ttl_sec: 60 });
assert.match(change.ticket, /\/u\/reset-password\?ticket=/);
const job = await management.jobs.verificationEmail.create({ user_id });
assert.equal(job.type, 'verification_email');
