import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signIn, signInWith } from '../../../test/sign-in-world.ts';
import { isProblem } from '../../base/errors.ts';
import { erasures } from '../../customer-data.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection as connection } from '../../features/connections/connections.ts';
import { removeCustomer } from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

const world = await openWorld();
after(() => world.close());
await world.allow('password');
const client_id = 'lumiere-shop';
const password = 'correct horse battery';

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const json: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, json };
}
const signUp = (email: string, more: Record<string, unknown> = {}) =>
  post('/dbconnections/signup', { client_id, connection, email, password, ...more });
const change = (email: string, more: Record<string, unknown> = {}) =>
  post('/dbconnections/change_password', { client_id, connection, email, ...more });
const mayEnter = async (email: string, secret: string) =>
  (await world.token({ grant_type: 'password', username: email, password: secret })).status === 200;

test('a portal’s own form makes an account, whose address is proven by the link that is mailed', async () => {
  const email = 'rosa@example.com';
  const profile = { given_name: 'Rosa', user_metadata: { scent: 'rose' } };
  const { status, json } = await signUp('Rosa@Example.com', profile);
  assert.equal(status, 200);
  assert.match(String(json._id), /^[0-9a-f]{24}$/);
  const { _id, ...shown } = json;
  assert.deepEqual(shown, { email, email_verified: false, ...profile });
  const customer = await world.customer(email);
  assert.equal(customer.user_id, `auth0|${_id}`);
  assert.equal(customer.email_verified, false);
  assert.deepEqual([customer.attributes.given_name, customer.user_metadata], ['Rosa', { scent: 'rose' }]);
  assert.ok(await mayEnter(email, password));
  const { kind, link } = await world.mail(email);
  assert.equal(kind, 'verify_email');
  const browser = world.browser();
  await browser.submit(await browser.open(link), 'email-verification');
  assert.equal((await world.customer(email)).email_verified, true);
  assert.ok(!(await mayEnter(email, password)), 'a link alone never keeps a password');
});

test('what cannot be is refused in Auth0’s words', async () => {
  await signUp('twice@example.com');
  const cases: [Promise<{ status: number; json: Record<string, unknown> }>, Record<string, unknown>][] = [
    [signUp('twice@example.com'), { code: 'invalid_signup', name: 'BadRequestError', description: 'Invalid sign up' }],
    [signUp('weak@example.com', { password: 'short' }), { code: 'invalid_password', name: 'PasswordStrengthError' }],
    [signUp('no address'), { error: 'invalid_request' }],
    [signUp('a@example.com', { connection: 'nowhere' }), { error: 'invalid_request' }],
    [signUp('a@example.com', { username: 'ada' }), { error: 'invalid_request' }],
    [signUp('a@example.com', { phone_number: '+14155550100' }), { error: 'invalid_request' }],
    [signUp('a@example.com', { client_id: 'nobody' }), { error: 'access_denied' }],
    [signUp('a@example.com', { user_metadata: { a: { b: 1 } } }), { error: 'invalid_request' }],
  ];
  for (const [answer, expected] of cases) {
    const { status, json } = await answer;
    assert.ok(status === 400 || status === 401, JSON.stringify(json));
    assert.deepEqual({ ...json, ...expected }, json);
  }
});

test('security row 19: an erased address signs up anew as any other does, and nobody learns that it was erased', async () => {
  const email = 'erased@example.com';
  assert.equal((await signUp(email)).status, 200);
  const { id } = await world.customer(email);
  await removeCustomer(world.base.db, id, { at: new Date(), endSessions, others: erasures });
  const { status, json } = await signUp(email);
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal((await world.customer(email)).email_verified, false);
  const draft = { connection: 'elsewhere', email, emailVerified: true, facts: [], origin: 'import' };
  await assert.rejects(createAccount(world.base, world.base.db, draft), (error) => isProblem(error, 'address_erased'));
});

test('security row 19: taken addresses cannot be searched for without end', async () => {
  await signUp('searched@example.com');
  const answers: number[] = [];
  for (let count = 0; count < 8; count += 1) answers.push((await signUp('searched@example.com')).status);
  assert.deepEqual([answers[0], answers.at(-1)], [400, 429]);
});

test('security rows 1 to 3: who signs up with somebody else’s address keeps nothing of it', async () => {
  const { google } = world.networks;
  const ways: Record<string, (email: string) => Promise<unknown>> = {
    async google(email) {
      google.people.add({ id: '900000000000000001', name: 'V', givenName: 'V', familyName: 'V', email });
      const browser = world.browser();
      const page = await signInWith(world, browser, 'google-oauth2', '900000000000000001');
      return browser.submit(page, 'conflict-apart');
    },
    async code(email) {
      const browser = world.browser();
      const page = await browser.follow(await browser.open(world.door()), 'code');
      const typing = await browser.submit(page, 'code', { username: email });
      return browser.submit(typing, 'verify', { code: (await world.mail(email, 'sign_in_code')).code });
    },
    async reset(email) {
      await change(email);
      const { link } = await world.mail(email, 'reset_password');
      const browser = world.browser();
      return browser.submit(await browser.open(link), 'reset-password', { password: 'the victim chose this' });
    },
  };
  for (const [way, comes] of Object.entries(ways)) {
    const email = way === 'google' ? 'victim-google@gmail.com' : `victim-${way}@example.com`;
    assert.equal((await signUp(email, { password: 'the attacker knows' })).status, 200);
    const attacker = world.browser();
    assert.equal((await signIn(world, attacker, email, 'the attacker knows')).url.origin, 'http://lumiere.example');
    await comes(email);
    assert.ok(!(await mayEnter(email, 'the attacker knows')), `${way}: the password is dead`);
    assert.notEqual(
      (await attacker.open(world.door())).url.origin,
      'http://lumiere.example',
      `${way}: the session too`,
    );
  }
});

test('a forgotten password: the same answer for all, the link to those who have an account', async () => {
  await signUp('forgetful@example.com');
  const [known, unknown] = [await change('forgetful@example.com'), await change('stranger@example.com')];
  for (const { status, text, headers } of [known, unknown]) {
    assert.deepEqual([status, text], [200, "We've just sent you an email to reset your password."]);
    assert.match(headers.get('content-type') ?? '', /^text\/html/);
  }
  assert.equal((await world.mail('stranger@example.com')).kind, 'no_account');
  const { link } = await world.mail('forgetful@example.com', 'reset_password');
  const browser = world.browser();
  await browser.submit(await browser.open(link), 'reset-password', { password: 'a whole new password' });
  assert.ok(await mayEnter('forgetful@example.com', 'a whole new password'));
  assert.equal((await change('a@example.com', { organization: 'org_1' })).status, 400);
  assert.equal((await post('/dbconnections/change_password', { client_id, connection })).status, 400);
});

test('pages of the portal’s own origins may call and read, others may not', async () => {
  const own = 'http://lumiere.example';
  for (const path of ['/passwordless/start', '/dbconnections/signup', '/dbconnections/change_password']) {
    const preflight = await fetch(world.url + path, {
      method: 'OPTIONS',
      headers: { origin: own, 'access-control-request-headers': 'content-type,auth0-client' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type,auth0-client');
    assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
    for (const origin of [own, 'http://evil.example', 'null']) {
      const { headers } = await post(path, { client_id, connection, email: 'not one', password: 'x' }, { origin });
      assert.equal(headers.get('access-control-allow-origin'), origin === own ? own : null, `${path} ${origin}`);
    }
  }
});
