import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from '../../../test/http-browser.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
before(async () => {
  scene = await openRuleScene();
});
after(() => scene.close());
beforeEach(() => scene.noRules());

/** Somebody with a session in this browser, and a refresh token from it. */
async function signedIn(email: string): Promise<{ browser: Browser; token: string }> {
  const browser = scene.browser();
  const { body } = await scene.tokens(await signUp(scene, browser, email, password));
  return { browser, token: String(body.refresh_token) };
}

async function refresh(token: string): Promise<{ status: number; error: unknown; told: unknown }> {
  const { status, body } = await scene.token({ grant_type: 'refresh_token', refresh_token: token });
  return { status, error: body.error, told: body.error_description };
}

/** Is the session still there for a portal that asks silently? */
async function hasSession(browser: Browser): Promise<boolean> {
  const page = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  return page.url.searchParams.has('code');
}

async function revokesAtRefresh(call: string): Promise<void> {
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    if (event.transaction.protocol === 'oauth2-refresh-token') ${call};
  };`);
}

test('api.refreshToken.revoke ends the refresh token for good, and leaves the session', async () => {
  const { browser, token } = await signedIn('revoked-token@example.com');
  const other = await scene.tokens(await browser.open(scene.door()));
  await revokesAtRefresh(`api.refreshToken.revoke('Not on this phone')`);
  const refused = await refresh(token);
  assert.deepEqual([refused.status, refused.error, refused.told], [403, 'access_denied', 'Not on this phone']);
  await scene.noRules();
  const again = await refresh(token);
  assert.deepEqual([again.status, again.error], [403, 'invalid_grant']);
  assert.equal(await hasSession(browser), true);
  // What another sign-in of the same session gave stays.
  assert.equal((await refresh(String(other.body.refresh_token))).status, 200);
});

test('api.session.revoke at a refresh ends the session that the token came from, with all its tokens', async () => {
  const { browser, token } = await signedIn('revoked-session@example.com');
  const other = await scene.tokens(await browser.open(scene.door()));
  await revokesAtRefresh(`api.session.revoke('Over')`);
  assert.equal((await refresh(token)).told, 'Over');
  await scene.noRules();
  assert.equal((await refresh(token)).error, 'invalid_grant');
  assert.equal((await refresh(String(other.body.refresh_token))).error, 'invalid_grant');
  assert.equal(await hasSession(browser), false);
});

test('api.session.revoke with preserveRefreshTokens ends the session and leaves its refresh tokens', async () => {
  const { browser, token } = await signedIn('preserved@example.com');
  const unused = await browser.open(scene.door());
  await revokesAtRefresh(`api.session.revoke('Over', { preserveRefreshTokens: true })`);
  assert.equal((await refresh(token)).told, 'Over');
  await scene.noRules();
  assert.equal(await hasSession(browser), false);
  // A code of it that nobody has used yet is worth nothing any more.
  assert.equal((await scene.tokens(unused)).body.error, 'invalid_grant');
  assert.equal((await refresh(token)).status, 200);
});

test('api.session.revoke where a session comes to a portal ends that session', async () => {
  const { browser, token } = await signedIn('revoked-here@example.com');
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => api.session.revoke('Over');`);
  const page = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.equal(page.url.searchParams.get('error_description'), 'Over');
  await scene.noRules();
  assert.equal(await hasSession(browser), false);
  assert.equal((await refresh(token)).error, 'invalid_grant');
});

test('who has no session loses the refresh token by api.session.revoke', async () => {
  await scene.allow('password');
  await signedIn('direct@example.com');
  const asked = { username: 'direct@example.com', password, scope: 'openid offline_access' };
  const { body } = await scene.token({ grant_type: 'password', ...asked });
  await revokesAtRefresh(`api.session.revoke('Over')`);
  assert.equal((await refresh(String(body.refresh_token))).told, 'Over');
  await scene.noRules();
  assert.equal((await refresh(String(body.refresh_token))).error, 'invalid_grant');
});

for (const [order, calls] of [
  ['denied and then revoked', `api.access.deny('No'); api.session.revoke('Over');`],
  ['revoked and then denied', `api.session.revoke('No'); api.access.deny('Over');`],
  ['found wanting and then revoked', `api.validation.error('wrong', 'No'); api.session.revoke('Over');`],
  [
    'denied and then revoked, by who fails then',
    `api.access.deny('No'); api.session.revoke('Over'); throw new Error('x');`,
  ],
  ['denied and then revoked, by who never gives way', `api.access.deny('No'); api.session.revoke('Over'); for (;;);`],
] as const) {
  test(`security row 10: a session ends where an action has ${order}`, async () => {
    const { browser, token } = await signedIn(`both-${order.replaceAll(/\W+/g, '-')}@example.com`);
    await scene.actions({
      code: `exports.onExecutePostLogin = async (event, api) => { ${calls} };`,
      on_failure: 'go_on',
    });
    const page = await browser.open(scene.door('lumiere', { prompt: 'none' }));
    assert.equal(page.url.searchParams.get('error_description'), 'No');
    await scene.noRules();
    assert.equal(await hasSession(browser), false);
    assert.equal((await refresh(token)).error, 'invalid_grant');
  });
}
