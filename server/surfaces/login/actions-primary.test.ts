import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

test('who is joined to another account by an action signs in as that account, also when sent elsewhere in between', async () => {
  await signUp(scene, scene.browser(), 'act-primary@example.com', password);
  const { user_id: primary } = await scene.customer('act-primary@example.com');
  await scene.api('PATCH', '/umbrella', { code_reaches: 'everybody' });
  for (const goes of [false, true]) {
    const email = `act-joins-${goes}@example.com`;
    await signUp(scene, scene.browser(), email, password);
    await scene.actions(`
      async function post(path, body, headers = {}) {
        const sent = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
        const response = await fetch('${scene.url}' + path, sent);
        if (!response.ok) throw new Error(await response.text());
        return response.json();
      }
      exports.onExecutePostLogin = async (event, api) => {
        const machine = { client_id: 'test-machine', client_secret: 'secret-of-the-test-machine' };
        const asked = { grant_type: 'client_credentials', audience: '${scene.url}/api/v2/', ...machine };
        const { access_token } = await post('/oauth/token', asked);
        const [provider, user_id] = event.user.user_id.split('|');
        const authorization = 'Bearer ' + access_token;
        await post('/api/v2/users/${encodeURIComponent(primary)}/identities', { provider, user_id }, { authorization });
        api.authentication.setPrimaryUser('${primary}');
        if (${goes}) api.redirect.sendUserTo('${otherSite}/ask');
      };
      exports.onContinuePostLogin = async () => {};`);
    const browser = scene.visitor();
    let page = await signIn(scene, browser, email, password);
    if (goes) {
      assert.equal(page.url.origin, otherSite, page.text);
      const state = encodeURIComponent(page.url.searchParams.get('state') ?? '');
      page = await browser.open(`${scene.url}/continue?state=${state}`);
    }
    assert.ok(page.url.searchParams.has('code'), scene.logged.filter((line) => line.includes('action')).join('\n'));
    assert.equal((await scene.tokens(page)).claims.sub, primary);
    await scene.noRules();
  }
  await scene.api('PATCH', '/umbrella', { code_reaches: 'customer' });
});

test('setPrimaryUser makes nobody somebody whom they were not joined to', async () => {
  await signUp(scene, scene.browser(), 'victim@example.com', password);
  await signUp(scene, scene.browser(), 'self@example.com', password);
  const victim = await scene.customer('victim@example.com');
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    api.user.setAppMetadata('seen', true);
    api.authentication.setPrimaryUser('${victim.user_id}');
  };`);
  const { claims } = await scene.tokens(await signIn(scene, scene.browser(), 'self@example.com', password));
  assert.equal(claims.sub, (await scene.customer('self@example.com')).user_id);
});
