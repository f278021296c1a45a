import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeJwt } from 'jose';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

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

/** The claims of the access token for an API, and of the ID token, of one sign-in. */
async function tokensOf(username: string, scope: string) {
  const asked = { grant_type: 'password', password, audience, username, scope };
  const { body, claims } = await scene.token(asked);
  return { access: decodeJwt(String(body.access_token)), id: claims, refresh_token: String(body.refresh_token) };
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
  const { access, id } = await tokensOf(email, 'openid email phone address');
  for (const name of ['email', 'email_verified', 'phone_number', 'phone_number_verified', 'address']) {
    assert.equal(access[name], undefined, name);
  }
  assert.deepEqual([id.email, id.email_verified], [email, claims.email_verified]);
});
