import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TOTP } from 'otpauth';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import { demoSecrets } from '../../../demo/demo-secrets.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { openWorld } from '../../../test/sign-in-world.ts';
import { createAccount, factorsOf, multiFactorAcr } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { setBlocked } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const otpGrant = 'http://auth0.com/oauth/grant-type/mfa-otp';
const oobGrant = 'http://auth0.com/oauth/grant-type/mfa-oob';
const recoveryGrant = 'http://auth0.com/oauth/grant-type/mfa-recovery-code';
const passwordless = 'http://auth0.com/oauth/grant-type/passwordless/otp';
for (const grant of ['password', passwordless, otpGrant, oobGrant, recoveryGrant] as const) await world.allow(grant);
await policy('always');

async function policy(mfa: MfaPolicy | null): Promise<void> {
  await updatePortal(base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
  await base.settings.refresh();
}
const password = 'correct horse battery';
const codeOf = (secret: string, steps = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

let people = 0;
async function person(): Promise<{ email: string; id: string }> {
  people += 1;
  const email = `mfa${people}@example.com`;
  const { customer } = await createAccount(base, base.db, {
    connection: defaultPasswordConnection,
    email,
    password,
    emailVerified: true,
    facts: [],
    origin: 'api',
  });
  return { email, id: customer.id };
}
const signIn = (email: string, scope = 'openid email offline_access') =>
  world.token({ grant_type: 'password', username: email, password, scope });
async function tokenOf(email: string): Promise<string> {
  const { body } = await signIn(email);
  assert.equal(body.error, 'mfa_required', JSON.stringify(body));
  return String(body.mfa_token);
}
async function ask(path: string, body: object | undefined, bearer?: string) {
  const response = await fetch(world.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const json: unknown = JSON.parse(await response.text());
  return { status: response.status, json, body: { ...Object(json) } };
}
const associate = (token: string, body: object) => ask('/mfa/associate', body, token);
const challenge = (mfa_token: string, more: object = {}) =>
  world.machine('/mfa/challenge', { mfa_token, challenge_type: 'otp oob', ...more });
const byOtp = (mfa_token: string, otp: string) => world.token({ grant_type: otpGrant, mfa_token, otp });

/** Adds an app the way a portal does. */
async function withApp() {
  const { email, id } = await person();
  const token = await tokenOf(email);
  const { body } = await associate(token, { authenticator_types: ['otp'] });
  const secret = String(body.secret);
  const tokens = await byOtp(token, codeOf(secret, -1));
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
  return { email, id, secret, codes: [...body.recovery_codes].map(String), tokens };
}

test('a portal that must have a second factor adds an app: the sign-in ends with the tokens that were asked for', async () => {
  const { email, id } = await person();
  const refused = await signIn(email);
  const { error, error_description, mfa_token, mfa_requirements } = refused.body;
  assert.deepEqual(
    [refused.status, error, error_description],
    [403, 'mfa_required', 'Multifactor authentication required'],
  );
  assert.deepEqual(mfa_requirements, { enroll: [{ type: 'otp' }, { type: 'email' }] });
  const token = String(mfa_token);
  const { body } = await associate(token, { authenticator_types: ['otp'] });
  assert.equal(body.authenticator_type, 'otp');
  assert.match(body.secret, /^[A-Z2-7]{32}$/);
  assert.match(body.barcode_uri, /^otpauth:\/\/totp\//);
  assert.equal(body.recovery_codes.length, 10);
  assert.deepEqual(await factorsOf(base.db, id), [], 'nothing is written before its first code was typed');
  assert.equal((await byOtp(token, '000000')).body.error_description, 'Invalid otp_code.');
  const tokens = await byOtp(token, codeOf(body.secret));
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
  assert.deepEqual([tokens.claims.amr, tokens.claims.acr], [['pwd', 'otp', 'mfa'], multiFactorAcr]);
  assert.ok(tokens.body.refresh_token, 'the scope was said with the password');
  assert.equal(tokens.claims.email, email);
  assert.deepEqual(
    (await factorsOf(base.db, id)).map(({ kind }) => kind),
    ['totp', 'recovery_codes'],
  );
});

test('an app, a mailed code and a recovery code each end a sign-in', async () => {
  const { email, secret, codes } = await withApp();
  const first = await signIn(email);
  assert.deepEqual(first.body.mfa_requirements, { challenge: [{ type: 'otp' }, { type: 'recovery-code' }] });
  const token = String(first.body.mfa_token);
  assert.deepEqual(await challenge(token), { challenge_type: 'otp' });
  const listed = await ask('/mfa/authenticators', undefined, token);
  assert.deepEqual(
    (Array.isArray(listed.json) ? listed.json : []).map((one) => [one.authenticator_type, one.active]),
    [
      ['otp', true],
      ['recovery-code', true],
    ],
  );
  assert.equal((await byOtp(token, codeOf(secret))).status, 200);

  const recovery = () =>
    tokenOf(email).then((mfa_token) =>
      world.token({ grant_type: recoveryGrant, mfa_token, recovery_code: codes[0] ?? '' }),
    );
  assert.equal((await recovery()).status, 200);
  const again = await recovery();
  assert.deepEqual([again.status, again.body.error_description], [403, 'Invalid recovery_code.'], 'each is good once');

  const other = await person();
  const enrolling = await tokenOf(other.email);
  const begun = await associate(enrolling, { authenticator_types: ['oob'], oob_channels: ['email'] });
  assert.deepEqual([begun.body.authenticator_type, begun.body.oob_channel], ['oob', 'email']);
  const typed = async () => (await world.mail(other.email, 'second_factor_code')).code;
  const oob = (mfa_token: string, oob_code: string, binding_code: string) =>
    world.token({ grant_type: oobGrant, mfa_token, oob_code, binding_code });
  assert.equal((await oob(enrolling, 'not a code', await typed())).status, 403);
  assert.equal((await oob(enrolling, begun.body.oob_code, await typed())).status, 200);
  const next = await tokenOf(other.email);
  const sent = await challenge(next);
  assert.deepEqual([sent.challenge_type, sent.binding_method], ['oob', 'prompt']);
  const done = await oob(next, String(sent.oob_code), await typed());
  assert.deepEqual(done.claims.amr, ['pwd', 'otp', 'mfa']);
});

test('security row 15: a token is good once, for one of fifty, and not after its time', async () => {
  const { email, secret, codes } = await withApp();
  const token = await tokenOf(email);
  const otp = codeOf(secret);
  const recovery_code = codes[1] ?? '';
  const tries = Array.from({ length: 50 }, (_, number) =>
    number % 2 ? byOtp(token, otp) : world.token({ grant_type: recoveryGrant, mfa_token: token, recovery_code }),
  );
  const granted = (await Promise.all(tries)).filter(({ status }) => status === 200);
  assert.equal(granted.length, 1);
  const replayed = await byOtp(token, codeOf(secret, 1));
  assert.deepEqual([replayed.status, replayed.body.error], [401, 'expired_token']);
  const old = await tokenOf(email);
  await base.db
    .updateTable('mfa_tokens')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .execute();
  assert.equal((await byOtp(old, codeOf(secret, 1))).body.error, 'expired_token');
  assert.equal((await challenge(old)).error, 'expired_token');
  assert.equal((await ask('/mfa/authenticators', undefined, old)).status, 401);
});

test('security row 15: who has a factor proves that one; the password alone neither adds nor lists past it', async () => {
  const { email, id } = await withApp();
  const token = await tokenOf(email);
  const refused = await associate(token, { authenticator_types: ['otp'] });
  assert.deepEqual([refused.status, refused.body.error], [403, 'access_denied']);
  // Begun while there was none, ended when there is one.
  const late = await person();
  const [one, two] = [await tokenOf(late.email), await tokenOf(late.email)];
  const [first, second] = [
    await associate(one, { authenticator_types: ['otp'] }),
    await associate(two, { authenticator_types: ['otp'] }),
  ];
  assert.equal((await byOtp(one, codeOf(first.body.secret))).status, 200);
  assert.notEqual((await byOtp(two, codeOf(second.body.secret))).status, 200);
  assert.equal((await factorsOf(base.db, late.id)).filter(({ kind }) => kind === 'totp').length, 1);
  assert.equal((await factorsOf(base.db, id)).length, 2);
});

test('security row 13: a token belongs to the portal that got it, codes to the token that they were sent for', async () => {
  const { email, secret } = await withApp();
  const token = await tokenOf(email);
  const foreign = { client_id: portalIds.northtrail, client_secret: demoSecrets(base.vault).shops.northtrail };
  await updatePortal(base, portalIds.northtrail, { settings: { grant_types: [otpGrant] } }, () => undefined);
  await base.settings.refresh();
  const stolen = await fetch(`${world.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...foreign, grant_type: otpGrant, mfa_token: token, otp: codeOf(secret) }),
  });
  assert.equal(stolen.status, 401);
  const asked = await ask('/mfa/challenge', { ...foreign, mfa_token: token, challenge_type: 'otp' });
  assert.deepEqual([asked.status, asked.body.error], [401, 'expired_token']);
  assert.equal((await challenge(token, { client_secret: 'wrong' })).error, 'access_denied');

  const victim = await person();
  const enrolling = await tokenOf(victim.email);
  const begun = await associate(enrolling, { authenticator_types: ['email'] });
  const { code } = await world.mail(victim.email, 'second_factor_code');
  const oob_code = begun.body.oob_code;
  const crossed = await world.token({ grant_type: oobGrant, mfa_token: token, oob_code, binding_code: code });
  assert.equal(crossed.status, 403, 'a code that was sent for another sign-in');
  const later = await tokenOf(victim.email);
  const reused = await world.token({ grant_type: oobGrant, mfa_token: later, oob_code, binding_code: code });
  assert.equal(reused.status, 403, 'also of the same customer');
});

test('security row 15: nothing empty, doubled or made up leads past the second factor', async () => {
  const { email, secret } = await withApp();
  const token = await tokenOf(email);
  const otp = codeOf(secret);
  const bad: Record<string, string>[] = [
    { grant_type: otpGrant, mfa_token: token },
    { grant_type: otpGrant, mfa_token: token, otp: '' },
    { grant_type: otpGrant, otp },
    { grant_type: otpGrant, mfa_token: '', otp },
    { grant_type: otpGrant, mfa_token: token.slice(0, -1), otp },
    { grant_type: otpGrant, mfa_token: 'x'.repeat(10_000), otp },
    { grant_type: oobGrant, mfa_token: token, oob_code: '', binding_code: otp },
    { grant_type: oobGrant, mfa_token: token, oob_code: '00000000-0000-7000-8000-000000000000', binding_code: otp },
    { grant_type: recoveryGrant, mfa_token: token, recovery_code: '' },
  ];
  for (const form of bad) assert.ok((await world.token(form)).status >= 400, JSON.stringify(form));
  const doubled = await fetch(`${world.url}/oauth/token`, {
    method: 'POST',
    body: `client_id=lumiere-shop&client_secret=${demoSecrets(base.vault).shops.lumiere}&grant_type=${encodeURIComponent(otpGrant)}&mfa_token=${token}&mfa_token=${token}&otp=000000&otp=${otp}`,
  });
  assert.ok(doubled.status >= 400);
  for (const body of [{}, { authenticator_types: [] }, { authenticator_types: ['otp', 'oob'] }]) {
    assert.equal((await associate(token, body)).status, 400);
  }
  assert.equal((await ask('/mfa/associate', { authenticator_types: ['otp'] })).status, 401, 'without a token');
  assert.equal((await byOtp(token, otp)).status, 200, 'the token was not used up by that');
});

test('security row 15: wrong second factors lock the step, wherever they come from', async () => {
  const { email, secret } = await withApp();
  const token = await tokenOf(email);
  const answers: number[] = [];
  for (let tries = 0; tries < 11; tries += 1) answers.push((await byOtp(token, '000000')).status);
  assert.deepEqual([answers[0], answers.at(-1)], [403, 429]);
  assert.equal((await byOtp(token, codeOf(secret))).status, 429);
});

test('a customer who is blocked while the token waits gets no further', async () => {
  const { email, id, secret } = await withApp();
  const token = await tokenOf(email);
  await setBlocked(base.db, id, true, { by: 'api', origin: 'test', at: new Date() });
  assert.equal((await challenge(token)).error, 'expired_token');
  assert.equal((await byOtp(token, codeOf(secret))).body.error, 'expired_token');
});

test('a password that changes while the token waits makes it worth nothing', async () => {
  const { email, secret } = await withApp();
  const token = await tokenOf(email);
  await base.db.deleteFrom('authentication_methods').where('type', '=', 'password').execute();
  const refused = await byOtp(token, codeOf(secret));
  assert.ok(refused.status >= 400, 'the password that was used is no more');
});

test('who came by a mailed code proves something else than the mailbox', async () => {
  const { email } = await person();
  await world.machine('/passwordless/start', { connection: 'email', email, send: 'code' });
  const { code } = await world.mail(email, 'sign_in_code');
  const form = { grant_type: passwordless, username: email, otp: code, realm: 'email' };
  const refused = await world.token(form);
  assert.deepEqual(refused.body.mfa_requirements, { enroll: [{ type: 'otp' }] });
  const begun = await associate(String(refused.body.mfa_token), { authenticator_types: ['email'] });
  assert.equal(begun.status, 400);
});

test('an authenticator is removed by an access token for the MFA API, which takes a second factor', async () => {
  const { email, id, secret } = await withApp();
  const audience = `${world.url}/mfa/`;
  const scope = 'openid read:authenticators remove:authenticators';
  const refused = await world.token({ grant_type: 'password', username: email, password, scope, audience });
  const token = String(refused.body.mfa_token);
  const listed = await ask('/mfa/authenticators', undefined, token);
  const app = String(Object(Array.isArray(listed.json) ? listed.json[0] : undefined).id);
  const remove = (bearer: string, which = app) =>
    fetch(`${world.url}/mfa/authenticators/${encodeURIComponent(which)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${bearer}` },
    });
  assert.equal((await remove(token)).status, 403, 'the password alone removes nothing');
  const { body } = await byOtp(token, codeOf(secret));
  assert.equal(body.scope, 'read:authenticators remove:authenticators', JSON.stringify(body));
  const access = String(body.access_token);
  assert.equal((await ask('/mfa/authenticators', undefined, access)).status, 200);
  const other = await withApp();
  const foreign = (await factorsOf(base.db, other.id))[0]?.id.replaceAll('-', '');
  assert.equal((await remove(access, `totp|dev_${foreign}`)).status, 404, 'of this customer only');
  for (const bad of [
    `${access}x`,
    String(other.tokens.body.access_token),
    String(other.tokens.body.id_token),
    'x.y.z',
  ]) {
    assert.equal((await remove(bad)).status, 401);
  }
  assert.equal((await remove(access)).status, 204);
  assert.deepEqual(await factorsOf(base.db, id), [], 'with the last one the recovery codes go');
  assert.equal((await world.mail(email)).kind, 'factor_removed');
  assert.ok(Array.isArray((await ask('/mfa/authenticators', undefined, access)).json));
});

test('security row 15: no token for the MFA API without a second factor', async () => {
  const { email } = await person();
  await policy('never');
  const form = { grant_type: 'password', username: email, password, audience: `${world.url}/mfa/` };
  const refused = await world.token({ ...form, scope: 'remove:authenticators' });
  await policy('always');
  assert.deepEqual([refused.status, refused.body.error], [403, 'access_denied']);
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { audience: `${world.url}/mfa/` }));
  assert.equal(page.url.searchParams.get('error') ?? page.status, 'access_denied', page.text);
});

test('a mailed link leads to the pages of the second factor before it leads to the shop', async () => {
  const { email, secret } = await withApp();
  await world.machine('/passwordless/start', { connection: 'email', email, send: 'link' });
  const browser = world.browser();
  const { link } = await world.mail(email, 'sign_in_link');
  const page = await browser.submit(await browser.open(link), 'sign-in-link');
  assert.match(page.url.pathname, /\/factor$/, page.text);
  assert.notEqual((await browser.open(world.door())).url.origin, 'http://lumiere.example');
  const arrived = await browser.submit(page, 'factor', { code: codeOf(secret) });
  assert.ok(arrived.url.searchParams.has('code'), arrived.text);
});

test('the token is kept as a hash, and what it stands for is sealed', async () => {
  const { email } = await person();
  const token = await tokenOf(email);
  const { body } = await associate(token, { authenticator_types: ['otp'] });
  const rows = JSON.stringify(await base.db.selectFrom('mfa_tokens').selectAll().execute());
  for (const secret of [token, body.secret, body.recovery_codes[0]]) assert.ok(!rows.includes(secret));
  assert.ok(!world.logged.join('\n').includes(token));
});
