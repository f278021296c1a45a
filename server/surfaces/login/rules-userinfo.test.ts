import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const password = 'a long enough phrase';
const usual = { grant_type: 'password', password, scope: 'openid profile email offline_access' };

async function userinfo(access_token: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${scene.url}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(response.status, 200);
  return JSON.parse(await response.text());
}

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
