// See https-server.ts. Second factors by the unmodified libraries: `@auth0/auth0-auth-js` asks and answers, `auth0`
// manages what there is.
import assert from 'node:assert/strict';
import { AuthClient, MfaVerifyError } from '@auth0/auth0-auth-js';
import { ManagementClient } from 'auth0';
import { AuthenticationClient } from 'auth0/legacy';
import { TOTP } from 'otpauth';
import { mailed } from './outbox.ts';

const [domain = '', machineId = '', machineSecret = '', database = ''] = process.argv.slice(2);
const connection = 'Second-Factors';
const email = 'mila.factor@example.com';
const password = 'Correct horse battery 9';
const at = (secret: string, steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

const management = new ManagementClient({ domain, clientId: machineId, clientSecret: machineSecret, maxRetries: 0 });
const portal = await management.clients.create({
  name: 'App with second factors',
  app_type: 'regular_web',
  callbacks: ['https://app.example/callback'],
  grant_types: [
    'authorization_code',
    'refresh_token',
    'password',
    'http://auth0.com/oauth/grant-type/password-realm',
    'http://auth0.com/oauth/grant-type/mfa-otp',
    'http://auth0.com/oauth/grant-type/mfa-oob',
    'http://auth0.com/oauth/grant-type/mfa-recovery-code',
  ],
});
const clientId = portal.client_id ?? '';
const clientSecret = portal.client_secret ?? '';
await management.connections.create({ name: connection, strategy: 'auth0', enabled_clients: [clientId] });
const user = await management.users.create({ connection, email, password, email_verified: true });
const userId = user.user_id ?? '';
// Everybody who has a second factor is asked for it where no device is known.
const added = await management.users.authenticationMethods.create(userId, { type: 'totp', name: 'My phone' });
const secret = added.totp_secret ?? '';
await management.users.authenticationMethods.create(userId, { type: 'email', email });

const auth = new AuthClient({ domain, clientId, clientSecret });
async function mfaToken(): Promise<string> {
  try {
    await auth.getTokenByPassword({ username: email, password, scope: 'openid email offline_access' });
  } catch (error) {
    const { cause } = Object(error);
    assert.equal(cause?.error, 'mfa_required');
    assert.deepEqual(cause?.mfa_requirements, { challenge: [{ type: 'otp' }, { type: 'email' }] });
    return String(cause?.mfa_token);
  }
  throw new Error('no second factor was asked for');
}

const token = await mfaToken();
const listed = await auth.mfa.listAuthenticators({ mfaToken: token });
assert.deepEqual(
  listed.map(({ authenticatorType, oobChannels }) => [authenticatorType, oobChannels]),
  [
    ['otp', undefined],
    ['oob', ['email']],
  ],
);
assert.deepEqual(await auth.mfa.challengeAuthenticator({ challengeType: 'otp', mfaToken: token }), {
  challengeType: 'otp',
});
await assert.rejects(auth.mfa.verify({ factorType: 'otp', otp: '000000', mfaToken: token }), (error: unknown) => {
  return (
    error instanceof MfaVerifyError && error.message === 'Invalid otp_code.' && error.cause?.error === 'invalid_grant'
  );
});
const tokens = await auth.mfa.verify({ factorType: 'otp', otp: at(secret, 0), mfaToken: token });
assert.ok(tokens.idToken && tokens.refreshToken);
assert.deepEqual(tokens.claims?.amr, ['pwd', 'otp', 'mfa']);
await assert.rejects(auth.mfa.enrollAuthenticator({ authenticatorTypes: ['otp'], mfaToken: await mfaToken() }));

const next = await mfaToken();
const oob = await auth.mfa.challengeAuthenticator({
  challengeType: 'oob',
  authenticatorId: listed[1]?.id ?? '',
  mfaToken: next,
});
assert.equal(oob.bindingMethod, 'prompt');
const bindingCode = await mailed(database, email, 'second_factor_code');
const mailedIn = await auth.mfa.verify({
  factorType: 'oob',
  oobCode: oob.oobCode ?? '',
  bindingCode,
  mfaToken: next,
});
assert.ok(mailedIn.accessToken);

// The older library takes the second factor by the token endpoint alone.
const legacy = new AuthenticationClient({ domain, clientId, clientSecret });
await assert.rejects(legacy.oauth.passwordGrant({ username: email, password, realm: connection }), {
  error: 'mfa_required',
});

// Somebody who must have a second factor and has none adds one on the way.
const methods = await management.users.authenticationMethods.list(userId);
assert.deepEqual(
  methods.data.map(({ type }) => type),
  ['password', 'email-verification', 'totp', 'email'],
);
await management.users.authenticationMethods.deleteAll(userId);
await management.clients.update(clientId, Object.assign({ name: 'Strict app' }, { mfa: 'always' }));
let enrolling = '';
try {
  await auth.getTokenByPassword({ username: email, password });
} catch (error) {
  enrolling = String(Object(error).cause?.mfa_token);
  assert.deepEqual(Object(error).cause?.mfa_requirements, { enroll: [{ type: 'otp' }, { type: 'email' }] });
}
const begun = await auth.mfa.enrollAuthenticator({ authenticatorTypes: ['otp'], mfaToken: enrolling });
assert.ok(begun.authenticatorType === 'otp' && begun.recoveryCodes?.length === 10);
const enrolled = await auth.mfa.verify({ factorType: 'otp', otp: at(begun.secret, 0), mfaToken: enrolling });
assert.ok(enrolled.accessToken);
let last = '';
try {
  await auth.getTokenByPassword({ username: email, password });
} catch (error) {
  last = String(Object(error).cause?.mfa_token);
}
const recovered = await auth.mfa.verify({
  factorType: 'recovery-code',
  recoveryCode: begun.recoveryCodes?.[0] ?? '',
  mfaToken: last,
});
assert.ok(recovered.accessToken);
