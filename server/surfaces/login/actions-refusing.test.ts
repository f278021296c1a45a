import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type ActionCode, openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

// A refusal is a decision: whatever becomes of its action afterwards, the sign-in stays refused.

let scene: RuleScene;
const email = 'refused@example.com';
const policies = ['go_on', 'refuse'] as const;
const ends = {
  throws: `throw new Error('hunter2');`,
  'throws where nobody catches': `setTimeout(() => { throw new Error('hunter2'); }); await new Promise(() => {});`,
  'is late': 'await new Promise(() => {});',
  'never gives way': 'while (true) {}',
  'takes too much memory': 'const all = []; while (true) all.push(new Array(1e6).fill(7));',
};
let browser: ReturnType<RuleScene['visitor']>;
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  // Who may refuse is waited for until the deadline of all.
  await scene.api('PATCH', '/rules/running', { deadline_ms: 5000 });
  browser = scene.visitor();
  await signUp(scene, browser, email, 'a long enough phrase');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const postLogin = (body: string) => `exports.onExecutePostLogin = async (event, api) => { ${body} };`;
const goOn = (body: string): ActionCode => ({ code: postLogin(body), on_failure: 'go_on' });

/** How a sign-in by the session that is there ends, as the portal is told. */
async function come(): Promise<(string | null)[]> {
  const { url } = await browser.open(scene.door('lumiere'));
  return ['error', 'error_description'].map((name) => url.searchParams.get(name));
}

for (const [how, end] of Object.entries(ends)) {
  test(`an action that denies and then ${how} has denied, in its own words`, async () => {
    for (const on_failure of policies) {
      await scene.actions(
        postLogin(`api.user.setAppMetadata('before', '${how} ${on_failure}');`),
        { code: postLogin(`api.user.setAppMetadata('own', 1); api.access.deny('Not today'); ${end}`), on_failure },
        postLogin(`api.user.setAppMetadata('behind', 1);`),
      );
      assert.deepEqual(await come(), ['access_denied', 'Not today'], on_failure);
      const { app_metadata } = await scene.customer(email);
      assert.deepEqual(app_metadata, { before: `${how} ${on_failure}` }, 'what the failed action asked for is dropped');
    }
  });
}

test('what an action calls when it has ended is not held against the one that runs then', async () => {
  await scene.actions(
    goOn(`setTimeout(() => api.access.deny('late'), 50);`),
    postLogin(`await new Promise((resolve) => setTimeout(resolve, 400)); api.user.setAppMetadata('second', 1);`),
  );
  assert.deepEqual(await come(), [null, null]);
  assert.equal((await scene.customer(email)).app_metadata.second, 1);
});

test('a refusal holds however much the actions before it have asked for', async () => {
  const much = `for (let at = 0; at < 12; at += 1) api.user.setUserMetadata('k' + at, '"'.repeat(30_000));`;
  await scene.actions(postLogin(much), goOn(`api.access.deny('Not today'); ${ends['never gives way']}`));
  assert.deepEqual(await come(), ['access_denied', 'Not today']);
});

test('an action that fails and has denied nothing does what its policy says', async () => {
  await scene.actions(goOn(ends.throws));
  assert.deepEqual(await come(), [null, null]);
  await scene.actions(postLogin(ends.throws));
  const [error, description] = await come();
  assert.equal(error, 'access_denied');
  assert.doesNotMatch(description ?? '', /Not today|hunter2/);
});

test('an action that fails sends nobody elsewhere, and a refusal behind a redirect stays one', async () => {
  await scene.actions(goOn(`api.redirect.sendUserTo('${otherSite}/'); throw new Error('x');`));
  assert.deepEqual(await come(), [null, null]);
  await scene.actions(goOn(`api.redirect.sendUserTo('${otherSite}/'); api.access.deny('No'); while (true) {}`));
  assert.deepEqual(await come(), ['access_denied', 'No']);
});

test('security row 10: an action that changes the language and denies does not say where the run has come to', async () => {
  await scene.actions(
    goOn(`
      Object.prototype.toJSON = function () { return 'next' in this ? { ...this, next: 1, stopped: undefined } : this; };
      Array.prototype.toJSON = () => [];
      api.access.deny('Its own');
      while (true) {}`),
    postLogin(`api.access.deny('That of the other');`),
  );
  assert.deepEqual(await come(), ['access_denied', 'Its own']);
});

test('a session that is revoked ends, whatever its action does then', async () => {
  await scene.actions(goOn(`api.session.revoke('Over'); while (true) {}`));
  assert.deepEqual(await come(), ['access_denied', 'Over']);
  await scene.noRules();
  const page = await browser.open(scene.door('lumiere'));
  assert.equal(page.url.searchParams.get('code'), null);
  assert.equal(page.url.origin, new URL(scene.url).origin, 'who comes back signs in anew');
});
