// See https-server.ts. The unmodified `@auth0/auth0-auth-js` and `auth0` libraries sign a customer in by a code in a text
// message, which a carrier of the umbrella's takes.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthClient, PasswordlessVerifyError } from '@auth0/auth0-auth-js';
import { ManagementClient } from 'auth0';
import { AuthenticationClient } from 'auth0/legacy';
import { manageAt } from '../api-calls.ts';
import { startTextProvider } from '../text-provider.ts';

const [domain = '', machineId = '', machineSecret = ''] = process.argv.slice(2);
const phone = '+4915112345678';
const carrier = await startTextProvider();

const manage = await manageAt({ url: `https://${domain}`, machine: { id: machineId, secret: machineSecret } });
await manage('PATCH', 'umbrella', {
  outgoing_hosts: [carrier.host],
  sms_provider: { url: carrier.url, content_type: 'application/json', body: '{"to":"{to}","text":"{text}"}' },
});
const management = new ManagementClient({ domain, clientId: machineId, clientSecret: machineSecret, maxRetries: 0 });
const portal = await management.clients.create({
  name: 'App with codes by text message',
  app_type: 'regular_web',
  callbacks: ['https://app.example/callback'],
  grant_types: ['refresh_token', 'http://auth0.com/oauth/grant-type/passwordless/otp'],
});
await management.connections.create({ name: 'sms', strategy: 'sms', enabled_clients: [portal.client_id ?? ''] });
const client = { domain, clientId: portal.client_id ?? '', clientSecret: portal.client_secret ?? '' };

/** The code in the so-manieth message that the carrier took. */
async function code(count: number): Promise<string> {
  for (const deadline = Date.now() + 20_000; carrier.received.length < count && Date.now() < deadline; )
    await sleep(50);
  const { to, text }: { to: string; text: string } = JSON.parse(carrier.received[count - 1]?.body ?? '{}');
  assert.equal(to, phone);
  return /\d{6}/.exec(text)?.[0] ?? assert.fail(text);
}

const auth = new AuthClient(client);
await auth.passwordless.sendSms({ phoneNumber: phone });
const first = await code(1);
const wrong = first === '000000' ? '000001' : '000000';
await assert.rejects(auth.getTokenByPasswordlessSms({ phoneNumber: phone, code: wrong }), (error: unknown) => {
  return error instanceof PasswordlessVerifyError && error.cause?.error === 'invalid_grant';
});
const tokens = await auth.getTokenByPasswordlessSms({ phoneNumber: phone, code: first, scope: 'openid phone' });
const userId = String(tokens.claims?.sub);
assert.match(userId, /^sms\|[0-9a-f]{24}$/);
assert.deepEqual([tokens.claims?.phone_number, tokens.claims?.phone_number_verified], [phone, true]);

const { passwordless } = new AuthenticationClient(client);
await passwordless.sendSMS({ phone_number: phone });
const { data } = await passwordless.loginWithSMS({ phone_number: phone, code: await code(2), scope: 'openid' });
assert.ok(data.id_token);
await assert.rejects(passwordless.sendSMS({ phone_number: '0151 12345678' }), { error: 'bad.phone_number' });

const user = await management.users.get(userId);
assert.deepEqual([user.phone_number, user.phone_verified, user.logins_count], [phone, true, 2]);
assert.deepEqual(
  user.identities?.map(({ provider, connection, isSocial }) => [provider, connection, isSocial]),
  [['sms', 'sms', false]],
);
await carrier.close();
