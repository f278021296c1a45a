import { after, before, test } from 'node:test';
import { type HttpsServer, httpsServer } from './https-server.ts';

let https: HttpsServer;
before(async () => {
  https = await httpsServer();
});
after(() => https.close());

test('the auth0 library for Node manages users, signs in, refreshes and revokes over HTTPS', () =>
  https.program('auth0-node.program.ts'));

test('the auth0 library for Node signs up, changes a password and signs in by mailed codes', () =>
  https.program('auth0-node-forms.program.ts'));

test('@auth0/auth0-auth-js signs up, changes a password and signs in by mailed codes', () =>
  https.program('auth0-auth-js.program.ts'));

test('@auth0/auth0-auth-js and auth0 do second factors: app, mailed code, recovery code, adding one', () =>
  https.program('auth0-mfa.program.ts'));

test('@auth0/auth0-auth-js and auth0 sign in by codes in text messages', () =>
  https.program('auth0-text-codes.program.ts'));
