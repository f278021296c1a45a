import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
before(async () => {
  scene = await openRuleScene();
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const password = 'a long enough phrase';
const claim = 'https://shop.example/told';
const usual = { password, grant_type: 'password', scope: 'openid' };

test('security row 10: a call that tells a megabyte of metadata is refused before the server looks through it', async () => {
  const email = 'large-calls@example.com';
  await scene.allow('password');
  await signUp(scene, scene.browser(), email, password);
  await scene.rule(`async function (user, context, callback) {
    const large = [Array(1e6).fill(0), Array(3e5).fill([]), Object.fromEntries(Array.from({ length: 1e5 }, (_, at) => ['k' + at, 0])), { own: 'x'.repeat(3e5) }];
    const told = [];
    for (const patch of large) {
      for (const act of ['updateUserMetadata', 'updateAppMetadata']) {
        await auth0.users[act](user.user_id, { patch }).then(() => told.push('written'), (error) => told.push(error.message));
        await auth0.users[act](user.user_id, patch).then(() => told.push('written'), (error) => told.push(error.message));
      }
    }
    await auth0.users.updateAppMetadata(user.user_id, { own: 'x'.repeat(60000) });
    context.idToken['${claim}'] = [...new Set(told)];
    callback(null, user, context);
  }`);
  const { claims } = await scene.token({ ...usual, username: email });
  assert.deepEqual(claims[claim], ['A call is told 262144 characters of JSON at most.']);
  const { app_metadata } = await scene.customer(email);
  assert.equal(Object(app_metadata).own.length, 60_000);
});

test('security row 10: a try tells half a million characters of what would be written, and how much the rest is', async () => {
  const script = `async function (user, context, callback) {
    for (let at = 0; at < 100; at += 1) await auth0.users.updateAppMetadata(user.user_id, { own: 'x'.repeat(200000) });
    await require('axios').get('http://127.0.0.1:1/' + 'x'.repeat(5000)).catch(() => {});
    callback(null, user, context);
  }`;
  const { calls, error } = await scene.api('POST', '/rules/try', { script, user: { user_id: 'auth0|none' } });
  assert.equal(error, null);
  assert.ok(Array.isArray(calls));
  assert.equal(calls.length, 101);
  assert.deepEqual(
    calls.slice(0, 3).map(({ patch, left_out }) => patch?.own.length ?? left_out),
    [200_000, 200_000, '200072 characters'],
  );
  assert.ok(JSON.stringify(calls).length < 2 ** 19);
  assert.equal(calls[100].url.length, 2000);
});
