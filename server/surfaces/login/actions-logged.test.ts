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

test('the log of a sign-in, and of one that was refused, names the executions of its actions', async () => {
  await signUp(scene, scene.browser(), 'logged@example.com', password);
  const { user_id } = await scene.customer('logged@example.com');
  const executionsOfLast = async () => {
    const [last] = Object.values(await scene.api('GET', `/users/${encodeURIComponent(user_id)}/logs`));
    const executions: unknown = Object(last).details.actions?.executions ?? [];
    assert.ok(Array.isArray(executions));
    return Promise.all(executions.map((id) => scene.api('GET', `/actions/executions/${id}`)));
  };
  assert.deepEqual(await executionsOfLast(), []);
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => { api.redirect.sendUserTo('${otherSite}/ask'); };
     exports.onContinuePostLogin = async () => {};`,
  );
  const browser = scene.visitor();
  const away = await signIn(scene, browser, 'logged@example.com', password);
  const state = encodeURIComponent(away.url.searchParams.get('state') ?? '');
  await browser.open(`${scene.url}/continue?state=${state}`);
  assert.deepEqual(
    (await executionsOfLast()).map(({ status, trigger_id }) => [status, trigger_id]),
    [
      ['suspended', 'post-login'],
      ['final', 'post-login'],
    ],
  );
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => api.access.deny('Not today');`);
  await signIn(scene, scene.browser(), 'logged@example.com', password);
  assert.equal((await executionsOfLast()).length, 1);
});
