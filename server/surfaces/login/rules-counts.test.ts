// What marks a sign-in is told once: at the one that counts, not each time its tokens are renewed.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from '../../../test/http-browser.ts';
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
const claim = (name: string) => `https://example.com/${name}`;

/** What the claim is in the ID tokens of each way by which tokens come. */
async function seenBy(name: string, browser: Browser, email: string): Promise<Record<string, unknown>> {
  const silent = await scene.tokens(await browser.open(scene.door('lumiere', { prompt: 'none' })));
  const session = await scene.tokens(await browser.open(scene.door('lumiere')));
  const refreshed = await refresh(session.body.refresh_token);
  const silentAgain = await scene.tokens(await browser.open(scene.door('lumiere', { prompt: 'none' })));
  const usual = { grant_type: 'password', username: email, password, scope: 'openid profile email offline_access' };
  const granted = await scene.token(usual);
  const grantRefreshed = await refresh(granted.body.refresh_token);
  const all = { silent, session, refreshed, silentAgain, granted, grantRefreshed };
  return Object.fromEntries(Object.entries(all).map(([way, { claims }]) => [way, claims[claim(name)]]));
}

const refresh = (token: unknown) => scene.token({ grant_type: 'refresh_token', refresh_token: String(token) });

test('a milestone is in the token of that very sign-in: by page, by session, by password; never silent or refreshed', async () => {
  const settings = { milestones: [2, 3] };
  await scene.api('POST', '/rules/library', { library: 'sign-in-milestones', settings });
  const browser = scene.browser();
  await scene.tokens(await signUp(scene, browser, 'milestone@example.com', password));
  assert.deepEqual(await seenBy('milestone', browser, 'milestone@example.com'), {
    ...{ silent: undefined, session: 2, refreshed: undefined, silentAgain: undefined },
    ...{ granted: 3, grantRefreshed: undefined },
  });
});

test('a hint to prove the address comes when it is its turn, and not again before the next sign-in', async () => {
  await scene.api('POST', '/rules/library', { library: 'link-hint', settings: { from: 2, every: 2 } });
  const browser = scene.browser();
  await scene.tokens(await signUp(scene, browser, 'hint@example.com', password));
  assert.deepEqual(await seenBy('link_hint', browser, 'hint@example.com'), {
    ...{ silent: undefined, session: 'add_another_way', refreshed: undefined, silentAgain: undefined },
    ...{ granted: undefined, grantRefreshed: undefined },
  });
});

test('a newcomer is new at the first sign-in alone: their first refresh and silent sign-in greet nobody', async () => {
  await scene.api('POST', '/rules/library', { library: 'welcome-mark', settings: {} });
  const browser = scene.browser();
  const first = await scene.tokens(await signUp(scene, browser, 'newcomer@example.com', password));
  assert.equal(first.claims[claim('is_new')], true);
  assert.equal((await refresh(first.body.refresh_token)).claims[claim('is_new')], false);
  assert.deepEqual(await seenBy('is_new', browser, 'newcomer@example.com'), {
    ...{ silent: false, session: false, refreshed: false, silentAgain: false, granted: false, grantRefreshed: false },
  });
});
