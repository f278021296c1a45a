import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeJwt } from 'jose';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import { findPlanted } from '../../../test/find-planted.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  await scene.api('POST', '/resource-servers', { identifier: audience, allow_offline_access: true });
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const audience = 'https://api.shop.example';
const password = 'a long enough phrase';
const usual = { grant_type: 'password', password, scope: 'openid profile email offline_access' };

/** The claims of the access token for an API, and of the ID token, of one sign-in. */
async function tokensOf(username: string, scope: string) {
  const asked = { ...usual, audience, username, scope };
  const { body, claims } = await scene.token(asked);
  const { access_token, refresh_token } = body;
  return { body, claims, access: decodeJwt(String(access_token)), refresh_token: String(refresh_token) };
}

async function userinfo(access_token: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${scene.url}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(response.status, 200);
  return JSON.parse(await response.text());
}

test('an API is told the e-mail address and phone number that code repeats, with their proofs, as at Auth0', async () => {
  const email = 'repeated@example.com';
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), email, password));
  await scene.api('PATCH', `/users/${claims.sub}`, { phone_number: '+4915112345678', phone_verified: true });
  await scene.rule(`function (user, context, callback) {
    context.accessToken.email = user.email;
    context.accessToken.phone_number = user.phone_number;
    context.accessToken.phone_number_verified = user.phone_verified;
    callback(null, user, context);
  }`);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.accessToken.setCustomClaim('email_verified', event.user.email_verified);
  };`);
  const proofs = { email, email_verified: claims.email_verified };
  const phone = { phone_number: '+4915112345678', phone_number_verified: true };
  const { access, refresh_token } = await tokensOf(email, 'openid email offline_access');
  assert.partialDeepStrictEqual(access, { ...proofs, ...phone });
  const refreshed = await scene.token({ grant_type: 'refresh_token', refresh_token });
  assert.partialDeepStrictEqual(decodeJwt(String(refreshed.body.access_token)), { ...proofs, ...phone });
  // The address takes its scope.
  const { access: without } = await tokensOf(email, 'openid profile');
  assert.partialDeepStrictEqual(without, phone);
  assert.deepEqual([without.email, without.email_verified], [undefined, undefined]);
});

test('security row 10: code tells an API no address, number or proof that is not the customer’s own', async () => {
  const email = 'unproven@example.com';
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), email, password));
  await scene.rule(`function (user, context, callback) {
    context.accessToken.email = 'somebody@example.com';
    context.accessToken.email_verified = !user.email_verified;
    context.accessToken.phone_number = '+4915112345678';
    context.accessToken.phone_number_verified = true;
    context.accessToken.address = { country: 'DE' };
    for (const name of ['email', 'email_verified']) context.idToken[name] = context.accessToken[name];
    callback(null, user, context);
  }`);
  const { access, claims: id } = await tokensOf(email, 'openid email phone address');
  for (const name of ['email', 'email_verified', 'phone_number', 'phone_number_verified', 'address']) {
    assert.equal(access[name], undefined, name);
  }
  assert.deepEqual([id.email, id.email_verified], [email, claims.email_verified]);
});

test('what a rule changes on `user` is told by the tokens of that sign-in and by /userinfo, and kept nowhere', async () => {
  const email = 'changed@example.com';
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), email, password));
  const before = await scene.api('GET', `/users/${claims.sub}`);
  await scene.rule(`function (user, context, callback) {
    user.nickname = 'Ada the Great';
    user.given_name = 'of user';
    user.family_name = { no: 'text' };
    user.updated_at = '1999-01-01T00:00:00.000Z';
    user.email = 'somebody@example.com';
    user.email_verified = !user.email_verified;
    user.user_id = 'auth0|forged';
    user.sub = 'auth0|forged';
    context.idToken.given_name = 'of the token';
    callback(null, user, context);
  }`);
  const told = {
    sub: claims.sub,
    nickname: 'Ada the Great',
    given_name: 'of the token',
    updated_at: claims.updated_at,
  };
  const proofs = { email, email_verified: claims.email_verified };
  const full = await tokensOf(email, 'openid profile email offline_access');
  const refreshed = await scene.token({ grant_type: 'refresh_token', refresh_token: full.refresh_token });
  const paged = await scene.tokens(await signIn(scene, scene.browser(), email, password));
  for (const { claims: id, body } of [full, refreshed, paged]) {
    const atUserinfo = await userinfo(body.access_token);
    for (const one of [id, atUserinfo]) {
      assert.partialDeepStrictEqual(one, { ...told, ...proofs });
      assert.equal(one.family_name, undefined);
    }
  }
  const api = decodeJwt(String(full.body.access_token));
  assert.deepEqual([api.nickname, api.given_name, api.sub], [undefined, undefined, claims.sub]);
  // Without the scope it is not told, but for what the token was given by name.
  const { body, claims: bare } = await tokensOf(email, 'openid');
  for (const one of [bare, await userinfo(body.access_token)]) {
    assert.deepEqual([one.nickname, one.given_name], [undefined, 'of the token']);
  }
  const { nickname, name, given_name } = await scene.api('GET', `/users/${claims.sub}`);
  assert.deepEqual([nickname, name, given_name], [before.nickname, before.name, before.given_name]);
});

test('what a rule takes from `user` no portal is told, by tokens or /userinfo, however it is taken and comes in', async () => {
  const email = 'withheld@example.com';
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), email, password));
  const known = { name: 'Ada Lovelace', nickname: 'ada', picture: 'https://shop.example/ada.png' };
  await scene.api('PATCH', `/users/${claims.sub}`, { ...known, phone_number: '+4915112345679', phone_verified: true });
  const id = await scene.rule('function (user, context, callback) { callback(null, user, context); }');
  const asks = 'openid profile email phone offline_access';
  for (const [code, ...withheld] of [
    ['delete user.nickname; delete user.picture;', 'nickname', 'picture'],
    ["user.nickname = null; user.name = undefined; user.picture = '';", 'nickname', 'name', 'picture'],
    ['delete user.email; delete user.phone_verified;', 'email', 'email_verified', 'phone_number_verified'],
    ["delete user.phone_number; context.idToken['https://shop.example/large'] = 'x'.repeat(17000);", 'phone_number'],
    ['delete user.nickname; context.idToken.nickname = null; context.idToken.name = null;', 'nickname', 'name'],
    ['user = { user_id: user.user_id, name: user.name };', 'nickname', 'email', 'phone_number'],
  ]) {
    const script = `function (user, context, callback) { ${code} callback(null, user, context); }`;
    await scene.api('PATCH', `/rules/${id}`, { script });
    const direct = await scene.token({ ...usual, username: email, scope: asks });
    const refreshed = await scene.token({
      grant_type: 'refresh_token',
      refresh_token: String(direct.body.refresh_token),
    });
    const paged = await scene.tokens(await signIn(scene, scene.browser(), email, password));
    for (const { claims: told, body } of [direct, refreshed, paged]) {
      for (const one of [told, await userinfo(body.access_token)]) {
        for (const name of withheld) assert.ok(!(name in one), `${name}: ${code}`);
        assert.ok('updated_at' in one);
      }
    }
  }
  // What was there before the rule took it is there again without it.
  await scene.noRules();
  const { claims: whole, body } = await scene.token({ ...usual, username: email, scope: asks });
  assert.partialDeepStrictEqual(whole, { ...known, email });
  assert.partialDeepStrictEqual(await userinfo(body.access_token), { ...known, email });
});

test('it is still told when a page comes in between, of a session or of a new sign-in', async () => {
  const email = 'between@example.com';
  const stepsUp = scene.browser();
  await signUp(scene, stepsUp, email, password);
  await scene.rule(`function (user, context, callback) {
    user.nickname = 'Ada the Great';
    context.multifactor = { provider: 'any', allowRememberBrowser: false };
    callback(null, user, context);
  }`);
  const scan = await stepsUp.submit(await stepsUp.open(scene.door()), 'enrol');
  const secret = secretOn(scan);
  const shown = await stepsUp.submit(scan, 'enrol-app', { code: codeOf(secret) });
  const { claims } = await scene.tokens(await stepsUp.submit(shown, 'recovery-codes', { kept: 'yes' }));
  const browser = scene.browser();
  const asked = await signIn(scene, browser, email, password);
  const anew = await scene.tokens(await browser.submit(asked, 'factor', { code: codeOf(secret, 1) }));
  assert.deepEqual([claims.nickname, anew.claims.nickname], ['Ada the Great', 'Ada the Great']);
});

test('a rule asks for a second factor once in a session, and again where the customer signs in anew', async () => {
  const email = 'asked-once@example.com';
  const browser = scene.browser();
  await signUp(scene, browser, email, password);
  await scene.rule(`function (user, context, callback) {
    context.multifactor = { provider: 'any', allowRememberBrowser: false };
    callback(null, user, context);
  }`);
  const scan = await browser.submit(await browser.open(scene.door()), 'enrol');
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secretOn(scan)) });
  await scene.tokens(await browser.submit(shown, 'recovery-codes', { kept: 'yes' }));
  for (const asks of [{}, { prompt: 'none' }]) {
    const { url } = await browser.open(scene.door('lumiere', asks));
    assert.ok(url.searchParams.get('code'), url.href);
  }
  for (const asks of [{ prompt: 'login' }, { max_age: '0' }]) {
    const page = await browser.open(scene.door('lumiere', asks));
    const answered = await browser.submit(page, 'login', { username: email, password });
    assert.match(answered.url.pathname, /\/factor$/, JSON.stringify(asks));
  }
});

test('/userinfo tells what rules and actions last told the ID token of the grant, on every way in', async () => {
  const seen = 'https://shop.example/seen';
  const by = 'https://shop.example/by';
  await scene.rule(`function (user, context, callback) {
    context.idToken['${seen}'] = [context.protocol, context.stats.loginsCount];
    context.idToken.picture = 'https://shop.example/me.png';
    callback(null, user, context);
  }`);
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('${by}', 'action');`,
  );
  const browser = scene.browser();
  const first = await scene.tokens(await signUp(scene, browser, 'told@example.com', password));
  const direct = await scene.token({ ...usual, username: 'told@example.com' });
  const atApi = await scene.tokens(await browser.open(scene.door('lumiere', { audience: `${scene.url}/api/v2/` })));
  for (const { body, claims } of [first, direct, atApi]) {
    const told = await userinfo(body.access_token);
    assert.deepEqual([told[seen], told[by], told.picture], [claims[seen], 'action', 'https://shop.example/me.png']);
  }
  const form = { grant_type: 'refresh_token', refresh_token: String(direct.body.refresh_token) };
  const refreshed = await scene.token(form);
  assert.deepEqual((await userinfo(refreshed.body.access_token))[seen], ['oauth2-refresh-token', 3]);
  // Other grants keep what they were told, and one whose refresh finds no code tells nothing more.
  assert.deepEqual((await userinfo(first.body.access_token))[seen], ['oidc-basic-profile', 1]);
  await scene.noRules();
  const bare = await scene.token(form);
  const told = await userinfo(bare.body.access_token);
  assert.equal(told.sub, bare.claims.sub);
  assert.deepEqual([told[seen], told[by], bare.claims[seen]], [undefined, undefined, undefined]);
  assert.equal(told.picture, bare.claims.picture);
  assert.notEqual(told.picture, 'https://shop.example/me.png');
});

test('what code told is kept no longer than the grant, and goes with the customer', async () => {
  // The script itself does not hold the text.
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/kept'] = ['told', 'of', 'them'].join('-');
    callback(null, user, context);
  }`);
  const kept = () => findPlanted(scene.base.db, 'told-of-them');
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), 'kept@example.com', password));
  const there = ['grants: 1', 'sign_ins: 1'];
  assert.deepEqual(await kept(), there);
  await scene.api('DELETE', `/users/${claims.sub}/sessions`);
  assert.deepEqual(await kept(), []);
  await scene.token({ ...usual, username: 'kept@example.com' });
  assert.deepEqual(await kept(), there);
  await scene.api('DELETE', `/users/${claims.sub}`);
  assert.deepEqual(await kept(), []);
});

test('claims that are too large for /userinfo are left out there, and the log says so', async () => {
  await signUp(scene, scene.browser(), 'large@example.com', password);
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/large'] = 'x'.repeat(17000);
    callback(null, user, context);
  }`);
  const before = scene.logged.length;
  const { body, claims } = await scene.token({ ...usual, username: 'large@example.com' });
  assert.equal(String(claims['https://shop.example/large']).length, 17_000);
  assert.equal('https://shop.example/large' in (await userinfo(body.access_token)), false);
  const lines = scene.logged.slice(before).filter((line) => line.includes('too large for /userinfo'));
  assert.equal(lines.length, 1);
});

test('code that sets a claim of the protocol is told that no token tells it', async () => {
  await signUp(scene, scene.browser(), 'dropped@example.com', password);
  const setting = (claim: string) => `function (user, context, callback) {
    context.idToken.sub = 'auth0|somebody';
    context.idToken.${claim} = 'x';
    context.accessToken.aud = 'https://elsewhere.example';
    context.accessToken.scope = ['openid'];
    context.accessToken.email = user.email;
    callback(null, user, context);
  }`;
  const ids = [await scene.rule(setting('nonce')), await scene.rule(setting('tier'))];
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('email', 'somebody@example.com').idToken.setCustomClaim('level', 1);
    api.accessToken.setCustomClaim('scope', 'all');
  };`);
  const { claims } = await scene.token({ ...usual, username: 'dropped@example.com' });
  assert.partialDeepStrictEqual(claims, { email: 'dropped@example.com', tier: 'x', level: 1 });
  const { bindings } = await scene.api('GET', '/actions/triggers/post-login/bindings');
  const [{ action }] = Object(bindings);
  const of = async (kind: string, id: string) =>
    Object.values(await scene.api('GET', `/${kind}/log?${kind.slice(0, -1)}=${id}`)).map((one) =>
      String(Object(one).line),
    );
  const start = "No token tells this, its name is the protocol's:";
  assert.deepEqual(await Promise.all(ids.map((id) => of('rules', id))), [
    [`${start} context.idToken.sub, context.idToken.nonce, context.accessToken.aud`],
    [],
  ]);
  const told = (name: string, call: string) =>
    `No token tells the claim ${name}, its name is the protocol's: api.${call}.setCustomClaim did nothing.`;
  const lines = await of('actions', action.id);
  assert.deepEqual(lines.toSorted(), [told('email', 'idToken'), told('scope', 'accessToken')]);
});
