import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const usual = { grant_type: 'password', password, scope: 'openid profile email offline_access' };
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

test('actions run after rules: their claims stand over those of rules, scopes and metadata are theirs to change', async () => {
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/by'] = 'rule';
    context.idToken['https://shop.example/rule'] = true;
    callback(null, user, context);
  }`);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://shop.example/by', 'action');
    api.idToken.setCustomClaim('sub', 'forged');
    api.idToken.setCustomClaim('https://shop.example/told', [event.user.email, event.stats.logins_count,
      event.transaction.protocol, event.client.client_id, event.regulars.brand.name]);
    api.accessToken.addScope('read:offers');
    api.accessToken.removeScope('email');
    api.user.setUserMetadata('seen', event.stats.logins_count);
    api.user.setAppMetadata('tier', 'gold');
  };`);
  const { claims, body } = await scene.tokens(await signUp(scene, scene.browser(), 'actions@example.com', password));
  assert.equal(claims['https://shop.example/by'], 'action');
  assert.equal(claims['https://shop.example/rule'], true);
  const told = ['actions@example.com', 1, 'oidc-basic-profile', 'lumiere-shop', 'Lumière'];
  assert.deepEqual(claims['https://shop.example/told'], told);
  assert.notEqual(claims.sub, 'forged');
  assert.deepEqual(String(body.scope).split(' ').sort(), ['offline_access', 'openid', 'profile', 'read:offers']);
  const { user_metadata, app_metadata } = await scene.customer('actions@example.com');
  assert.deepEqual([user_metadata, app_metadata], [{ seen: 1 }, { tier: 'gold' }]);
});

test('what a rule has written, the action behind it is told: metadata, roles, the profile', async () => {
  const email = 'written@example.com';
  await signUp(scene, scene.browser(), email, password);
  await scene.actions(`exports.onExecutePostLogin = async ({ user, authorization }, api) => {
    const told = [user.app_metadata, user.user_metadata, user.given_name ?? 'none', authorization.roles];
    api.idToken.setCustomClaim('https://shop.example/told', told);
  };`);
  async function told() {
    const { claims } = await scene.tokens(await signIn(scene, scene.browser(), email, password));
    return claims['https://shop.example/told'];
  }
  assert.deepEqual(await told(), [{}, {}, 'none', []]);
  await scene.rule(`async function (user, context, callback) {
    await auth0.users.updateAppMetadata(user.user_id, { tier: 'gold', roles: ['buyer'] });
    await auth0.users.updateUserMetadata(user.user_id, { size: 40 });
    await fetch(auth0.baseUrl + '/users/' + encodeURIComponent(user.user_id), {
      method: 'PATCH',
      headers: { authorization: 'Bearer ' + auth0.accessToken, 'content-type': 'application/json' },
      body: JSON.stringify({ given_name: 'Ada' }),
    });
    callback(null, user, context);
  }`);
  assert.deepEqual(await told(), [{ tier: 'gold', roles: ['buyer'] }, { size: 40 }, 'Ada', ['buyer']]);
});

test('an action denies in its own words, and what it wrote stays; one that fails tells nothing', async () => {
  await signUp(scene, scene.browser(), 'denied@example.com', password);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.user.setAppMetadata('denied', true);
    api.access.deny('Not today');
  };`);
  const page = await signIn(scene, scene.browser(), 'denied@example.com', password);
  assert.equal(page.url.searchParams.get('error'), 'access_denied');
  assert.equal(page.url.searchParams.get('error_description'), 'Not today');
  assert.equal((await scene.customer('denied@example.com')).app_metadata.denied, true);
  const direct = await scene.token({ ...usual, username: 'denied@example.com' });
  assert.deepEqual([direct.status, direct.body.error_description], [403, 'Not today']);
  await scene.actions(`exports.onExecutePostLogin = async () => { throw new Error('hunter2'); };`);
  const failed = await signIn(scene, scene.browser(), 'denied@example.com', password);
  assert.equal(failed.url.searchParams.get('error'), 'access_denied');
  assert.doesNotMatch(failed.url.href, /hunter2/);
});

test('an action sends the customer elsewhere and goes on where it was; rules do not run again', async () => {
  await signUp(scene, scene.browser(), 'sent@example.com', password);
  await scene.rule(`async function (user, context, callback) {
    const runs = ((user.app_metadata || {}).runs || 0) + 1;
    await auth0.users.updateAppMetadata(user.user_id, { runs });
    context.idToken['https://shop.example/runs'] = runs;
    callback(null, user, context);
  }`);
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('https://shop.example/first', 1);
      api.redirect.sendUserTo('${otherSite}/ask');
    };
    exports.onContinuePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('https://shop.example/answer', event.request.query.answer);
    };`,
    `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('https://shop.example/last', 1);`,
  );
  const browser = scene.visitor();
  const away = await signIn(scene, browser, 'sent@example.com', password);
  assert.equal(away.url.origin, otherSite);
  const state = encodeURIComponent(away.url.searchParams.get('state') ?? '');
  const { claims } = await scene.tokens(await browser.open(`${scene.url}/continue?state=${state}&answer=yes`));
  const told = ['first', 'answer', 'last', 'runs'].map((name) => claims[`https://shop.example/${name}`]);
  assert.deepEqual(told, [1, 'yes', 1, 1]);
  assert.equal((await scene.customer('sent@example.com')).app_metadata.runs, 1);
  const silent = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.notEqual(silent.url.origin, otherSite);
});

test('what actions decide and cannot be done is refused, and the log says how they ran', async () => {
  await signUp(scene, scene.browser(), 'bad-verdict@example.com', password);
  // Each of them may: together they are more than a token holds.
  await scene.rule(`function (user, context, callback) {
    context.idToken['https://shop.example/one'] = 'x'.repeat(60000);
    callback(null, user, context);
  }`);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://shop.example/other', 'x'.repeat(60000));
  };`);
  const page = await signIn(scene, scene.browser(), 'bad-verdict@example.com', password);
  assert.equal(page.url.searchParams.get('error'), 'access_denied');
  const { user_id: id } = await scene.customer('bad-verdict@example.com');
  const [row] = Object.values(await scene.api('GET', `/users/${id}/logs`));
  const [execution] = Object(row).details?.actions?.executions ?? [];
  assert.partialDeepStrictEqual(await scene.api('GET', `/actions/executions/${execution}`), { status: 'final' });
});

test('an action asks for a second factor', async () => {
  await signUp(scene, scene.browser(), 'asked@example.com', password);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    if (event.stats.logins_count > 1) api.multifactor.enable('any', { allowRememberBrowser: false });
  };`);
  const page = await signIn(scene, scene.browser(), 'asked@example.com', password);
  assert.match(page.url.pathname, /\/enrol$/);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.authentication.challengeWith({ type: 'otp' });
  };`);
  const none = await signIn(scene, scene.browser(), 'asked@example.com', password);
  assert.equal(none.url.searchParams.get('error'), 'access_denied');
});

test('an action at registration adds to who signs up on pages, or refuses them in its own words', async () => {
  await scene.trigger(
    'pre-user-registration',
    `exports.onExecutePreUserRegistration = async (event, api) => {
      if (event.user.email.startsWith('no-')) api.access.deny('internal', 'Not for you, sorry.');
      api.user.setAppMetadata('came_by', event.client.client_id);
    };`,
  );
  await signUp(scene, scene.browser(), 'yes-please@example.com', password);
  assert.equal((await scene.customer('yes-please@example.com')).app_metadata.came_by, 'lumiere-shop');
  const page = await signUp(scene, scene.browser(), 'no-thanks@example.com', password);
  assert.match(page.text, /Not for you, sorry\./);
  await assert.rejects(scene.customer('no-thanks@example.com'));
  await scene.trigger('pre-user-registration');
});

test('a rule that was never reached was not executed', async () => {
  await signUp(scene, scene.browser(), 'unreached@example.com', password);
  await scene.api('PATCH', '/rules/running', { deadline_ms: 5000 });
  const patient = { on_failure: 'go_on', deadline_ms: 10_000 } as const;
  // It waits and does not loop: a loop would end at its processor time, before the deadline of all.
  const slow = await scene.rule('function (user, context, callback) { setTimeout(callback, 60000); }', patient);
  const behind = await scene.rule('function (user, context, callback) { callback(); }', { on_failure: 'go_on' });
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    const ran = ['${slow}', '${behind}'].map((id) => api.rules.wasExecuted(id));
    api.idToken.setCustomClaim('https://shop.example/ran', ran);
  };`);
  const { claims } = await scene.tokens(await signIn(scene, scene.browser(), 'unreached@example.com', password));
  const { rules } = await scene.api('GET', '/rules/running');
  await scene.api('PATCH', '/rules/running', { deadline_ms: 20_000 });
  assert.deepEqual(claims['https://shop.example/ran'], [true, false]);
  // It has failed, and made nobody faster.
  const [one, two] = Object.values(Object(rules)).map((rule) => Object(rule).last_hour);
  assert.deepEqual([one.runs, one.errors], [1, 1]);
  assert.deepEqual([two.runs, two.refusals, two.errors, two.p95_ms], [0, 0, 1, null]);
});

test('what an action prints, and how it did, is there to be read; a refusal is no error', async () => {
  await signUp(scene, scene.browser(), 'printed@example.com', password);
  await scene.rule(`function (user, context, callback) { callback(new UnauthorizedError('no')); }`);
  await signIn(scene, scene.browser(), 'printed@example.com', password);
  const [rule] = Object.values(Object((await scene.api('GET', '/rules/running')).rules));
  assert.partialDeepStrictEqual(Object(rule).last_hour, { runs: 1, refusals: 1, errors: 0 });
  await scene.noRules();
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    console.log('seen', event.user.email);
    api.access.deny('no');
  };`);
  await signIn(scene, scene.browser(), 'printed@example.com', password);
  const { bindings } = await scene.api('GET', '/actions/triggers/post-login/bindings');
  const [{ action }] = Object(bindings);
  const { user_id } = await scene.customer('printed@example.com');
  const lines = Object.values(await scene.api('GET', `/actions/log?action=${action.id}`));
  assert.partialDeepStrictEqual(lines, [{ rule: action.id, user_id, level: 'log', line: 'seen printed@example.com' }]);
  assert.deepEqual(Object.values(await scene.api('GET', `/rules/log?rule=${action.id}`)), []);
  const { actions } = await scene.api('GET', '/actions/running');
  const own = Object.values(Object(actions)).find((one) => Object(one).id === action.id);
  assert.partialDeepStrictEqual(Object(own).last_hour, { runs: 1, refusals: 1, errors: 0 });
  const code = `exports.onExecutePostLogin = async () => { throw new RangeError('too far'); };`;
  await scene.actions({ code, on_failure: 'go_on' });
  await signIn(scene, scene.browser(), 'printed@example.com', password);
  const [failed] = Object.values(await scene.api('GET', '/actions/log'));
  assert.partialDeepStrictEqual(failed, { level: 'error', line: 'It failed in line 1 (RangeError): too far' });
});
