import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { toRecord } from '../../../test/api-calls.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'tried@example.com';
const claim = 'https://shop.example/keys';
before(async () => {
  scene = await openRuleScene();
  await signUp(scene, scene.browser(), email, password);
  const { user_id } = await scene.customer(email);
  const app_metadata = { roles: ['keeper'], plan: 'gold', limits: { orders: 3 } };
  const patch = { app_metadata, user_metadata: { scent: 'rose' }, given_name: 'Tilda' };
  await scene.api('PATCH', `/users/${encodeURIComponent(user_id)}`, patch);
});
after(() => scene.close());
beforeEach(() => scene.noRules());

// What a portal hands over is its own, and not recorded.
const deepKeys = `function deepKeys(value, path) {
  if (typeof value !== 'object' || value === null || /\\.(request\\.query|scope)$/.test(path)) return [];
  return Object.keys(value).flatMap((key) => [path + '.' + key, ...deepKeys(value[key], path + '.' + key)]).sort();
}`;
const readKeys = new Function(`${deepKeys}; return deepKeys`)();
const asks = (userId: string) => `user_id=${encodeURIComponent(userId)}`;

const rule = `function (user, context, callback) {
  ${deepKeys}
  const keys = deepKeys({ user: user, context: context }, '');
  context.idToken['${claim}'] = { keys: keys, hostname: context.request.hostname, roles: context.authorization.roles,
    plan: user.plan, device: context.device.id, risk: context.riskAssessment, tenant: context.tenant };
  callback(null, user, context);
}`;

test('a rule is tried with what it is given at a sign-in: the same keys, and the same of what was recorded', async () => {
  await scene.rule(rule);
  const page = await signIn(scene, scene.browser(), email, password);
  const given = toRecord((await scene.tokens(page)).claims[claim]);
  const { user_id } = await scene.customer(email);
  const { user, context } = await scene.api('GET', `/rules/try/input?${asks(user_id)}`);
  assert.deepEqual(readKeys({ user, context }, ''), given.keys);
  assert.partialDeepStrictEqual(
    { user, context },
    {
      user: { user_id, email, plan: given.plan, given_name: 'Tilda', app_metadata: { limits: { orders: 3 } } },
      context: {
        request: { hostname: given.hostname, ip: '127.0.0.1' },
        authorization: { roles: given.roles },
        ...{ riskAssessment: given.risk, tenant: given.tenant, device: { id: given.device, new: true } },
        ...{ stats: { loginsCount: 2 }, protocol: 'oidc-basic-profile', sender: 'customer' },
      },
    },
  );
  // The same rule, tried with it, runs to its end.
  assert.partialDeepStrictEqual(await scene.api('POST', '/rules/try', { script: rule, user, context }), {
    error: null,
    context: { idToken: { [claim]: { plan: 'gold', roles: ['keeper'], tenant: given.tenant } } },
  });
});

test('an action is tried with the event of its trigger, as sign-ins make it', async () => {
  await scene.actions(`${deepKeys}
    exports.onExecutePostLogin = async (event, api) => {
      const { secrets, configuration, ...told } = event;
      api.idToken.setCustomClaim('${claim}', deepKeys({ event: told }, ''));
    };`);
  const page = await signIn(scene, scene.browser(), email, password);
  const keys = (await scene.tokens(page)).claims[claim];
  const { user_id } = await scene.customer(email);
  const { payload: event } = await scene.api('GET', `/actions/triggers/post-login/event?${asks(user_id)}`);
  assert.deepEqual(readKeys({ event }, '').filter(isFixed), Array.isArray(keys) && keys.filter(isFixed));
  const phone = await scene.api('GET', `/actions/triggers/send-phone-message/event?${asks(user_id)}`);
  assert.partialDeepStrictEqual(phone.payload, { user: { email }, message_options: { message_type: 'sms' } });
  const machine = await scene.api('GET', '/actions/triggers/credentials-exchange/event');
  assert.partialDeepStrictEqual(machine.payload, { accessToken: { customClaims: {} }, client: { metadata: {} } });
  assert.equal('user' in toRecord(machine.payload), false);
});

/** What of `transaction` comes of what the portal handed over is there only when it did. */
function isFixed(key: unknown): boolean {
  return !/^\.event\.transaction\.(requested_scopes\.|response_type\.|response_mode|state|login_hint)/.test(
    String(key),
  );
}

test('providers’ tokens are never told, whoever asks; with nobody named a customer is made up', async () => {
  scene.networks.github.people.add({
    ...{ id: '4242', name: 'New Comer', givenName: 'New', familyName: 'Comer', email: 'git@example.com' },
  });
  const given = `context.idToken['${claim}'] = user.identities.map((one) => typeof one.access_token);`;
  await scene.rule(`function (user, context, callback) { ${given} callback(null, user, context); }`);
  const page = await signInWith(scene, scene.browser(), 'github', '4242');
  assert.deepEqual((await scene.tokens(page)).claims[claim], ['string'], 'at a sign-in there is one');
  const { user_id } = await scene.customer('git@example.com');
  for (const path of ['/rules/try/input', '/actions/triggers/post-login/event']) {
    const told = JSON.stringify(await scene.api('GET', `${path}?${asks(user_id)}`));
    assert.match(told, /github/);
    assert.doesNotMatch(told, /access_token|refresh_token/);
  }
  const { user, context } = await scene.api('GET', '/rules/try/input');
  assert.partialDeepStrictEqual(user, { email: 'ada@example.com', permissions: [] });
  assert.partialDeepStrictEqual(context, {
    clientID: 'a-portal',
    authorization: { roles: [] },
    protocol: 'oidc-basic-profile',
  });
});

test('who is made up has what everybody with an address has at a sign-in: a nickname and a picture', async () => {
  const { user } = await scene.api('GET', '/rules/try/input');
  const { payload } = await scene.api('GET', '/actions/triggers/post-login/event');
  const { user_id } = await scene.customer(email);
  const real = await scene.api('GET', `/rules/try/input?${asks(user_id)}`);
  for (const one of [toRecord(user), toRecord(toRecord(payload).user), toRecord(real.user)]) {
    assert.match(String(one.picture), /^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/);
  }
  assert.equal(toRecord(user).nickname, 'ada');
  const script = `function (user, context, callback) {
    if (user.picture.indexOf('cdn.auth0.com') > -1) context.idToken.hasDefault = user.nickname;
    callback(null, user, context);
  }`;
  const tried = await scene.api('POST', '/rules/try', { script, user, context: { idToken: {} } });
  assert.deepEqual([tried.error, toRecord(tried.context).idToken], [null, { hasDefault: 'ada' }]);
});
