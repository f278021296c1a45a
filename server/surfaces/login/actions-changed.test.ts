// Actions that are changed while a customer is away by the redirect of one of them.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'changed@example.com';
before(async () => {
  scene = await openRuleScene();
  await signUp(scene, scene.browser(), email, password);
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const asks = `exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://shop.example/first', (event.transaction.metadata.first ?? 0) + 1);
    api.transaction.setMetadata('first', 1);
    api.user.setAppMetadata('asked', event.stats.logins_count);
  };`;
const sends = `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('${otherSite}/ask');
  exports.onContinuePostLogin = async (event, api) => api.access.deny('Old words');`;
const last = `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('https://shop.example/last', 1);`;
const refuses = `exports.onExecutePostLogin = async (event, api) => api.access.deny('Not here');`;

type Bound = { id: string; action: { id: string } };

/** Somebody is sent away by the second of these actions. @returns the bindings, and how they come back */
async function sentAway(...codes: string[]) {
  await scene.actions(...codes);
  const { bindings } = await scene.api('GET', '/actions/triggers/post-login/bindings');
  const browser = scene.visitor();
  const away = await signIn(scene, browser, email, password);
  assert.equal(away.url.origin, otherSite);
  const state = encodeURIComponent(away.url.searchParams.get('state') ?? '');
  return {
    bound: Array.isArray(bindings) ? bindings.filter((one): one is Bound => typeof one.action?.id === 'string') : [],
    back: () => browser.open(`${scene.url}/continue?state=${state}`),
  };
}

/** These run from now on, in this order. */
async function bind(bound: readonly (Bound | undefined)[]) {
  const bindings = bound.flatMap((one) => (one ? [{ ref: { type: 'binding_id', value: one.id } }] : []));
  await scene.api('PATCH', '/actions/triggers/post-login/bindings', { bindings });
}

async function deploy(one: Bound | undefined, code: string) {
  await scene.api('PATCH', `/actions/actions/${one?.action.id}`, { code });
  await scene.api('POST', `/actions/actions/${one?.action.id}/deploy`);
}

test('one that is taken off is not gone on with; what those before it asked for is kept, those behind it run', async () => {
  const { bound, back } = await sentAway(asks, sends, last);
  const [first, , third] = bound;
  await bind([first, third]);
  const { claims } = await scene.tokens(await back());
  assert.deepEqual([claims['https://shop.example/first'], claims['https://shop.example/last']], [1, 1]);
  const { app_metadata, logins_count } = await scene.customer(email);
  assert.equal(app_metadata.asked, logins_count);
});

test('the last that is deleted leaves what was asked for before it, too', async () => {
  const { bound, back } = await sentAway(asks, sends);
  for (const { action } of bound) await scene.api('DELETE', `/actions/actions/${action.id}?force=true`);
  const { claims } = await scene.tokens(await back());
  assert.equal(claims['https://shop.example/first'], 1);
  const { app_metadata, logins_count } = await scene.customer(email);
  assert.equal(app_metadata.asked, logins_count);
});

test('one that was replaced goes on in its new version, or begins where that has nothing to go on with', async () => {
  const goesOn = await sentAway(asks, sends);
  await deploy(
    goesOn.bound[1],
    `exports.onExecutePostLogin = async (event, api) => api.access.deny('Begun anew');
    exports.onContinuePostLogin = async (event, api) => api.idToken.setCustomClaim('https://shop.example/new', 1);`,
  );
  const { claims } = await scene.tokens(await goesOn.back());
  assert.deepEqual([claims['https://shop.example/first'], claims['https://shop.example/new']], [1, 1]);

  await scene.noRules();
  const begins = await sentAway(asks, sends);
  await deploy(begins.bound[1], refuses);
  assert.equal((await begins.back()).url.searchParams.get('error_description'), 'Not here');
});

test('none that refuses is skipped because the order was changed, and none runs twice', async () => {
  const { bound, back } = await sentAway(asks, sends.replace("api.access.deny('Old words')", 'undefined'), refuses);
  const [first, second, third] = bound;
  await bind([third, first, second]);
  assert.equal((await back()).url.searchParams.get('error_description'), 'Not here');

  await scene.noRules();
  const kept = await sentAway(asks, sends.replace("api.access.deny('Old words')", 'undefined'), last);
  await bind([kept.bound[2], kept.bound[1], kept.bound[0]]);
  const { claims } = await scene.tokens(await kept.back());
  assert.deepEqual([claims['https://shop.example/first'], claims['https://shop.example/last']], [1, 1]);
});
