import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';
import { foreignJson } from '../../base/json.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
});
after(() => scene.close());

const password = 'a long enough phrase';
const claim = 'https://shop.example/told';

test('security row 10: what code calls __proto__ is neither kept nor told, at any depth: no copy inherits it', async () => {
  const email = 'prototype@example.com';
  await scene.allow('password');
  await signUp(scene, scene.browser(), email, password);
  const admin = `JSON.parse('{"__proto__":{"isAdmin":true},"a":{"b":[{"__proto__":{"isAdmin":true},"c":1}]}}')`;
  await scene.rule(`async function (user, context, callback) {
    await auth0.users.updateUserMetadata(user.user_id, ${admin});
    await auth0.users.updateAppMetadata(user.user_id, ${admin});
    context.idToken['${claim}'] = ${admin};
    callback(null, user, context);
  }`);
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.user.setUserMetadata('n', ${admin});
    api.idToken.setCustomClaim('${claim}/action', ${admin});
  };`);
  const { claims } = await scene.token({ grant_type: 'password', password, scope: 'openid', username: email });
  const { user_metadata, app_metadata } = await scene.customer(email);
  const clean = { a: { b: [{ c: 1 }] } };
  assert.deepEqual([claims[claim], claims[`${claim}/action`]], [clean, clean]);
  assert.deepEqual([user_metadata, app_metadata], [{ ...clean, n: clean }, clean]);
  assert.doesNotMatch(JSON.stringify([claims, user_metadata, app_metadata]), /isAdmin/);
});

test('security row 10: however the name is escaped; all else is as JSON.parse reads it', () => {
  const names = ['__proto__', '\\u005f_proto__', '__\\u0070roto__', '__prot\\u006F__', '_\\u005Fproto__'];
  for (const name of names) {
    assert.equal(JSON.stringify(foreignJson(`[{"${name}":{"a":1},"b":{"${name}":2}}]`)), '[{"b":{}}]', name);
  }
  for (const value of [null, 0, 'a __proto__ b', [], {}, { proto: [{ '': [null] }] }, '\u0001']) {
    assert.deepEqual(foreignJson(JSON.stringify(value)), value);
  }
  for (const text of ['', '{', 'undefined', '{"__proto__":']) assert.equal(foreignJson(text), undefined);
});
