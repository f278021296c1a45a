import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeJwt } from 'jose';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { timelineOf } from '../../features/customers/customers.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const password = 'a long enough phrase';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const usual = { grant_type: 'password', password, scope: 'openid profile email offline_access' };

test('claims of rules are in the tokens of every way in, with the count and the protocol of each', async () => {
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/seen'] = [context.protocol, context.stats.loginsCount];
    context.accessToken['https://shop.example/tier'] = 'gold';
    callback(null, user, context);
  }`);
  const browser = scene.browser();
  const first = await scene.tokens(await signUp(scene, browser, 'claims@example.com', password));
  const seen = 'https://shop.example/seen';
  assert.deepEqual(first.claims[seen], ['oidc-basic-profile', 1]);
  const again = await scene.tokens(await browser.open(scene.door('lumiere', { audience: `${scene.url}/api/v2/` })));
  assert.deepEqual(again.claims[seen], ['oidc-basic-profile', 2]);
  assert.equal(decodeJwt(String(again.body.access_token))['https://shop.example/tier'], 'gold');
  const silent = await scene.tokens(await browser.open(scene.door('lumiere', { prompt: 'none' })));
  assert.deepEqual(silent.claims[seen], ['oidc-basic-profile', 2]);
  const direct = await scene.token({ ...usual, username: 'claims@example.com' });
  assert.deepEqual(direct.claims[seen], ['oauth2-password', 3]);
  const refreshed = await scene.token({
    grant_type: 'refresh_token',
    refresh_token: String(direct.body.refresh_token),
  });
  assert.deepEqual(refreshed.claims[seen], ['oauth2-refresh-token', 3]);
  await scene.allow(deviceGrant);
  for (const [on, number] of [
    [scene.browser(), 4],
    [browser, 5],
  ] as const) {
    const { user_code, device_code } = await scene.machine('/oauth/device/code', { scope: 'openid profile email' });
    const typed = await on.submit(await on.open(`${scene.url}/activate`), 'activate', { user_code: String(user_code) });
    const confirmed = await on.submit(typed, 'activate', {}, 'Yes, connect it');
    const isAsked = confirmed.forms.some(({ action }) => action === 'login');
    if (isAsked) await on.submit(confirmed, 'login', { username: 'claims@example.com', password });
    const connected = await scene.token({ grant_type: deviceGrant, device_code: String(device_code) });
    assert.deepEqual(connected.claims[seen], ['oauth2-device-code', number], isAsked ? 'on pages' : 'by the session');
  }
});

test('what a portal adds to its request is there for rules, on pages and by a session; nothing of ours is replaced', async () => {
  await scene.rule(`function (user, context, callback) {
    const { utm_source, scope, regulars_added, long } = context.request.query;
    context.idToken['https://shop.example/query'] = [utm_source, scope, typeof regulars_added, typeof long];
    callback(null, user, context);
  }`);
  const browser = scene.browser();
  await signUp(scene, browser, 'added@example.com', password);
  const added = { utm_source: 'letter', regulars_added: '{"scope":"all"}', long: 'x'.repeat(2001) };
  const seen = ['letter', 'openid profile email offline_access', 'undefined', 'undefined'];
  const bySession = await scene.tokens(await browser.open(scene.door('lumiere', added)));
  assert.deepEqual(bySession.claims['https://shop.example/query'], seen);
  const other = scene.browser();
  const typed = { username: 'added@example.com', password };
  const page = await other.submit(await other.open(scene.door('lumiere', added)), 'login', typed);
  const onPages = await scene.tokens(page);
  assert.deepEqual(onPages.claims['https://shop.example/query'], seen);
});

test('rules are told whose address it is: of the customer on pages, of the portal where its server speaks', async () => {
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/sender'] = context.sender;
    callback(null, user, context);
  }`);
  const sender = 'https://shop.example/sender';
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), 'sender@example.com', password));
  assert.equal(claims[sender], 'customer');
  const direct = await scene.token({ ...usual, username: 'sender@example.com' });
  assert.equal(direct.claims[sender], 'portal');
  const refresh = { grant_type: 'refresh_token', refresh_token: String(direct.body.refresh_token) };
  assert.equal((await scene.token(refresh)).claims[sender], 'portal');
});

test('rules change the scopes of the access token, not what the protocol says by them', async () => {
  await scene.rule(`function (user, context, callback) {
    context.accessToken.scope = context.accessToken.scope
      .filter((scope) => scope !== 'email' && scope !== 'openid').concat(['read:offers', 'not one']);
    callback(null, user, context);
  }`);
  await signUp(scene, scene.browser(), 'scopes@example.com', password);
  const { body, claims } = await scene.token({ ...usual, username: 'scopes@example.com' });
  assert.deepEqual(String(body.scope).split(' ').sort(), ['offline_access', 'openid', 'profile', 'read:offers']);
  assert.equal(claims.email, 'scopes@example.com');
  const paged = await scene.tokens(await signIn(scene, scene.browser(), 'scopes@example.com', password));
  assert.deepEqual(String(paged.body.scope).split(' ').sort(), ['offline_access', 'openid', 'profile', 'read:offers']);
});

test('security row 10: code replaces no claim that the protocol owns, in neither token, on no way in', async () => {
  const browser = scene.browser();
  const { claims } = await scene.tokens(await signUp(scene, browser, 'reserved@example.com', password));
  await scene.rule(`function (user, context, callback) {
    const names = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'azp', 'nonce', 'sid', 'amr', 'acr', 'auth_time', 'jti',
      'at_hash', 'email', 'email_verified', 'scope', 'permissions', 'client_id', 'gty', 'cnf', 'act', 'org_id', 'previous_subs', '__proto__'];
    for (const token of ['idToken', 'accessToken']) {
      for (const name of names) Object.defineProperty(context[token], name, { value: 'forged', enumerable: true });
      context[token]['https://shop.example/ok'] = true;
    }
    context.idToken.picture = 'https://shop.example/me.png';
    callback(null, user, context);
  }`);
  const audience = `${scene.url}/api/v2/`;
  const ways = [
    await scene.tokens(await browser.open(scene.door('lumiere', { audience }))),
    await scene.token({ ...usual, username: 'reserved@example.com', audience }),
    await scene.token({ ...usual, username: 'reserved@example.com' }),
  ];
  ways.push(await scene.token({ grant_type: 'refresh_token', refresh_token: String(ways[2]?.body.refresh_token) }));
  for (const { body, claims: now } of ways) {
    const access = String(body.access_token);
    const all = [now, body.scope, access.includes('.') ? decodeJwt(access) : {}];
    assert.equal(JSON.stringify(all).includes('forged'), false);
    assert.deepEqual([now.iss, now.sub, now.aud], [claims.iss, claims.sub, claims.aud]);
    assert.equal(now['https://shop.example/ok'], true);
    // The profile may be told in another way, as Auth0's own examples do.
    assert.equal(now.picture, 'https://shop.example/me.png');
  }
});

test('an UnauthorizedError is told to the portal in its own words, on every way in; nothing counts', async () => {
  const browser = scene.browser();
  const { body } = await scene.tokens(await signUp(scene, browser, 'refused@example.com', password));
  const rule = await scene.rule(`function (user, context, callback) {
    callback(new UnauthorizedError('Only members\\nmay come in.'));
  }`);
  for (const page of [
    await signIn(scene, scene.browser(), 'refused@example.com', password),
    await browser.open(scene.door()),
    await browser.open(scene.door('lumiere', { prompt: 'none' })),
  ]) {
    assert.equal(page.url.origin + page.url.pathname, 'http://lumiere.example/callback');
    assert.equal(page.url.searchParams.get('error'), 'access_denied');
    assert.equal(page.url.searchParams.get('error_description'), 'Only members may come in.');
    assert.equal(page.url.searchParams.get('state'), 'shop-state');
  }
  const told = { error: 'access_denied', error_description: 'Only members may come in.' };
  const direct = await scene.token({ ...usual, username: 'refused@example.com' });
  assert.deepEqual([direct.status, direct.body], [403, told]);
  const form = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
  const refreshed = await scene.token(form);
  assert.deepEqual([refreshed.status, refreshed.body], [403, told]);

  const customer = await scene.customer('refused@example.com');
  assert.equal(customer.logins_count, 1);
  const logs = Object.values(await scene.api('GET', `/users/${encodeURIComponent(customer.user_id)}/logs`));
  const types = logs.map((log) => (typeof log === 'object' && log && 'type' in log ? log.type : undefined));
  for (const type of ['f', 'fsa', 'fepft', 'fertft']) assert.ok(types.includes(type), `${type} in ${types}`);
  const { name } = await scene.api('GET', `/rules/${rule}`);
  const { entries } = await timelineOf(scene.base.db, customer.id, { perPage: 20, names: ['refused_by_rules'] });
  assert.partialDeepStrictEqual(entries[0]?.data, { rule, rule_name: name, reason: told.error_description });
  // The refresh token was not used up by being refused.
  await scene.noRules();
  assert.equal((await scene.token(form)).status, 200);
});

test('a rule that fails refuses without telling anything of the inside; the log tells it once', async () => {
  await signUp(scene, scene.browser(), 'failed@example.com', password);
  await scene.rule(`function (user, context, callback) {
    throw new Error('password of the database is hunter2');
  }`);
  const before = scene.logged.length;
  const page = await signIn(scene, scene.browser(), 'failed@example.com', password);
  assert.equal(page.url.searchParams.get('error'), 'access_denied');
  assert.doesNotMatch(page.url.href, /hunter2/);
  const lines = scene.logged.slice(before).filter((line) => line.includes('hunter2'));
  assert.equal(lines.length, 1, lines.join('\n'));
  const { id } = await scene.customer('failed@example.com');
  const { entries } = await timelineOf(scene.base.db, id, { perPage: 20, names: ['refused_by_rules'] });
  assert.match(String(entries[0]?.data.reason), /^It failed, .* Its log says more\.$/);
});

test('a sign-in goes on without rules that may fail, and the history names them, with no word of what they said', async () => {
  await signUp(scene, scene.browser(), 'goes-on@example.com', password);
  const named = `function (user, context, callback) {
    const error = new Error('no message of ' + user.email);
    error.name = user.email;
    callback(error);
  }`;
  const [broken, late] = [
    await scene.rule(named, { on_failure: 'go_on' }),
    await scene.rule('function () {}', { on_failure: 'go_on', deadline_ms: 50 }),
  ];
  const page = await signIn(scene, scene.browser(), 'goes-on@example.com', password);
  assert.ok(page.url.searchParams.get('code'));
  const { id } = await scene.customer('goes-on@example.com');
  const nameOf = async (rule: string) => (await scene.api('GET', `/rules/${rule}`)).name;
  const failures = [
    { rule: broken, rule_name: await nameOf(broken), why: 'failed' },
    { rule: late, rule_name: await nameOf(late), why: 'late' },
  ];
  // As they were called then.
  for (const rule of [broken, late]) await scene.api('PATCH', `/rules/${rule}`, { name: `Renamed ${rule.slice(-8)}` });
  const { entries } = await timelineOf(scene.base.db, id, { perPage: 20, page: 0 });
  const row = entries.find(({ name }) => name === 'rules_failed');
  assert.partialDeepStrictEqual(row?.data, { rules: [broken, late], failures });
  assert.doesNotMatch(JSON.stringify(row?.data), /goes-on|message/);
});

test('somebody new is a customer before rules run: the id is real and what rules write lands', async () => {
  await scene.rule(`async function (user, context, callback) {
    await auth0.users.updateAppMetadata(user.user_id, { first: context.stats.loginsCount });
    await auth0.users.updateUserMetadata(user.user_id, { hello: user.email });
    context.idToken['https://shop.example/id'] = user.user_id;
    callback(null, user, context);
  }`);
  const { claims } = await scene.tokens(await signUp(scene, scene.browser(), 'new@example.com', password));
  assert.equal(claims['https://shop.example/id'], claims.sub);
  const customer = await scene.customer('new@example.com');
  assert.deepEqual([customer.app_metadata, customer.user_metadata], [{ first: 1 }, { hello: 'new@example.com' }]);
  assert.equal(customer.logins_count, 1);
  const facts = Object.values(await scene.api('GET', `/users/${encodeURIComponent(customer.user_id)}/facts`));
  assert.ok(JSON.stringify(facts).includes('"origin":"rule:'));
});

test('somebody new who is refused keeps the account, and no sign-in counts', async () => {
  const id = await scene.rule(`function (user, context, callback) { callback(new UnauthorizedError('Closed')); }`);
  const page = await signInWith(scene, scene.browser(), 'google-oauth2', '108204268033311374519');
  assert.equal(page.url.searchParams.get('error_description'), 'Closed');
  const google = await scene.base.db.selectFrom('identities').select('connection').execute();
  assert.ok(google.some(({ connection }) => connection === 'google-oauth2'));
  const signedUp = await signUp(scene, scene.browser(), 'closed@example.com', password);
  assert.equal(signedUp.url.searchParams.get('error_description'), 'Closed');
  assert.equal((await scene.customer('closed@example.com')).logins_count, 0);
  await scene.api('PATCH', `/rules/${id}`, { enabled: false });
  const later = await signIn(scene, scene.browser(), 'closed@example.com', password);
  assert.ok(later.url.searchParams.get('code'));
  assert.equal((await scene.customer('closed@example.com')).logins_count, 1);
});

test('a rule asks for a second factor: on pages, silently, by password; policy may ask for more', async () => {
  const browser = scene.browser();
  await signUp(scene, browser, 'factor@example.com', password);
  await scene.rule(`function (user, context, callback) {
    const passed = context.authentication.methods.find((method) => method.name === 'mfa');
    if (!passed) context.multifactor = { provider: 'any', allowRememberBrowser: false };
    callback(null, user, context);
  }`);
  const page = await signIn(scene, scene.browser(), 'factor@example.com', password);
  assert.match(page.url.pathname, /\/enrol$/);
  assert.match((await browser.open(scene.door())).url.pathname, /\/enrol$/);
  const silent = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.equal(silent.url.searchParams.get('error'), 'mfa_required');
  const direct = await scene.token({ ...usual, username: 'factor@example.com' });
  assert.deepEqual([direct.status, direct.body.error], [403, 'mfa_required']);
});

test('rules are not run again when a page comes in between, of a new sign-in or of a session', async () => {
  await signUp(scene, scene.browser(), 'once@example.com', password);
  const stepsUp = scene.browser();
  await signIn(scene, stepsUp, 'once@example.com', password);
  await scene.rule(`async function (user, context, callback) {
    const runs = ((user.app_metadata || {}).runs || 0) + 1;
    await auth0.users.updateAppMetadata(user.user_id, { runs });
    context.multifactor = { provider: 'any', allowRememberBrowser: false };
    context.idToken['https://shop.example/runs'] = runs;
    callback(null, user, context);
  }`);
  const asked = await stepsUp.open(scene.door());
  assert.match(asked.url.pathname, /\/enrol$/);
  await stepsUp.open(asked.url);
  const scan = await stepsUp.submit(asked, 'enrol');
  const secret = secretOn(scan);
  const shown = await stepsUp.submit(scan, 'enrol-app', { code: codeOf(secret) });
  const done = await stepsUp.submit(shown, 'recovery-codes', { kept: 'yes' });
  assert.equal((await scene.tokens(done)).claims['https://shop.example/runs'], 1);

  const browser = scene.browser();
  const factor = await signIn(scene, browser, 'once@example.com', password);
  assert.match(factor.url.pathname, /\/factor$/);
  await browser.open(factor.url);
  const passed = await browser.submit(factor, 'factor', { code: codeOf(secret, 1) });
  assert.equal((await scene.tokens(passed)).claims['https://shop.example/runs'], 2);
});

test('security row 16: who is joined by a rule to an account with a second factor passes that factor', async () => {
  await scene.rule(`function (user, context, callback) {
    if (user.email === 'has-factor@example.com') context.multifactor = { provider: 'any' };
    callback(null, user, context);
  }`);
  await signUp(scene, scene.browser(), 'has-none@example.com', password);
  const browser = scene.browser();
  const asked = await signUp(scene, browser, 'has-factor@example.com', password);
  const scan = await browser.submit(asked, 'enrol');
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secretOn(scan)) });
  await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  await scene.noRules();
  await scene.api('PATCH', '/umbrella', { code_reaches: 'everybody' });
  const { user_id: primary } = await scene.customer('has-factor@example.com');
  await scene.rule(`async function (user, context, callback) {
    const response = await fetch(auth0.baseUrl + '/users/' + encodeURIComponent('${primary}') + '/identities', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + auth0.accessToken, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'auth0', user_id: user.user_id.slice(6) }),
    });
    if (response.status !== 201) return callback(new UnauthorizedError('not joined: ' + await response.text()));
    context.primaryUser = '${primary}';
    callback(null, user, context);
  }`);
  const page = await signIn(scene, scene.browser(), 'has-none@example.com', password);
  await scene.api('PATCH', '/umbrella', { code_reaches: 'customer' });
  assert.match(page.url.href, /\/factor$/);
});

test('who is joined to another account by one rule and sent elsewhere by another comes back as that account', async () => {
  await signUp(scene, scene.browser(), 'joins@example.com', password);
  await signUp(scene, scene.browser(), 'joined-to@example.com', password);
  await scene.api('PATCH', '/umbrella', { code_reaches: 'everybody' });
  const { user_id: primary } = await scene.customer('joined-to@example.com');
  await scene.rule(`async function (user, context, callback) {
    if (context.protocol === 'redirect-callback') return callback(null, user, context);
    await fetch(auth0.baseUrl + '/users/' + encodeURIComponent('${primary}') + '/identities', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + auth0.accessToken, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'auth0', user_id: user.user_id.slice(6) }),
    });
    context.primaryUser = '${primary}';
    callback(null, user, context);
  }`);
  await scene.rule(`function (user, context, callback) {
    context.redirect = { url: '${otherSite}/ask' };
    callback(null, user, context);
  }`);
  const browser = scene.visitor();
  const away = await signIn(scene, browser, 'joins@example.com', password);
  assert.equal(away.url.origin, otherSite, away.text);
  const state = encodeURIComponent(away.url.searchParams.get('state') ?? '');
  const { claims } = await scene.tokens(await browser.open(`${scene.url}/continue?state=${state}`));
  await scene.api('PATCH', '/umbrella', { code_reaches: 'customer' });
  assert.equal(claims.sub, primary);
});
