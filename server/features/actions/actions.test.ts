import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import * as actions from './actions.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());
afterEach(async () => {
  await actions.changeBindings(base, 'post-login', []);
});

const event = { user: { user_id: 'auth0|1', app_metadata: {} }, request: { ip: '192.0.2.1', query: {}, body: {} } };
const host = async () => null;

/** Makes, deploys and binds actions of these codes, in this order. */
async function bind(
  trigger: actions.TriggerId,
  codes: readonly (string | (Partial<actions.ActionDraft> & { code: string }))[],
): Promise<string[]> {
  const ids = [];
  for (const one of codes) {
    const draft = typeof one === 'string' ? { code: one } : one;
    const made = await actions.createAction(base, {
      name: `action ${Math.random()}`,
      trigger,
      dependencies: [],
      runtime: 'node22',
      secrets: [],
      on_failure: 'refuse',
      ...draft,
    });
    await actions.deployAction(base, made.id);
    ids.push(made.id);
  }
  const refs = ids.map((value) => ({ ref: { type: 'action_id' as const, value } }));
  await actions.changeBindings(base, trigger, refs);
  await base.settings.refresh();
  return ids;
}

async function signIn(more: Partial<actions.TriggerRun & actions.SignInRun> = {}) {
  const run = { event, host, canRedirect: true, executedRules: [], ...more };
  const outcome = await actions.runPostLogin(base, run);
  assert.ok(outcome, 'something is bound');
  return outcome;
}

function postLogin(body: string): string {
  return `exports.onExecutePostLogin = async (event, api) => { ${body} };`;
}

test('with no action bound a trigger costs nothing', async () => {
  const nowhere = { ...base, db: undefined, sandbox: undefined };
  await actions.runPostLogin(base, { event, host, canRedirect: true, executedRules: [] });
  assert.equal(await Reflect.apply(actions.runPostLogin, undefined, [nowhere, { event, host }]), undefined);
});

test('what an action asks for is told: claims, scopes, metadata, factors', async () => {
  await bind('post-login', [
    postLogin(`
      api.idToken.setCustomClaim('https://shop.test/level', { gold: true });
      api.accessToken.setCustomClaim('level', event.user.user_id);
      api.accessToken.addScope('read:offers');
      api.accessToken.addScope('gone');
      api.accessToken.removeScope('gone');
      api.user.setUserMetadata('colour', 'red');
      api.user.setUserMetadata('colour', 'blue');
      api.user.setAppMetadata('old', null);
      api.authentication.challengeWith({ type: 'otp' }, { additionalFactors: [{ type: 'email' }] });
      api.multifactor.enable('any', { allowRememberBrowser: true });`),
  ]);
  const outcome = await signIn();
  assert.deepEqual(outcome.idToken, { 'https://shop.test/level': { gold: true } });
  assert.deepEqual(outcome.accessToken, { level: 'auth0|1' });
  assert.deepEqual(outcome.addScopes, ['read:offers']);
  assert.deepEqual(outcome.removeScopes, ['gone']);
  assert.deepEqual(outcome.userMetadata, { colour: 'blue' });
  assert.deepEqual(outcome.appMetadata, { old: null });
  assert.deepEqual(outcome.factors, [
    { by: 'challenge', factors: ['otp', 'email'], choose: false },
    { by: 'enable', provider: 'any', allowRememberBrowser: true },
  ]);
  assert.equal(outcome.refused, undefined);
});

test('what one action changes in its event, the next does not see; transaction metadata it does', async () => {
  await bind('post-login', [
    postLogin(`event.user.app_metadata.level = 9; event.user.name = 'x'; event.extra = 1;
      api.user.setAppMetadata('level', 9);
      api.transaction.setMetadata('seen', 'yes');
      if (event.transaction.metadata.seen !== 'yes') throw new Error('not at once');`),
    postLogin(`api.idToken.setCustomClaim('seen', [event.user, event.extra ?? null, event.transaction.metadata]);`),
  ]);
  assert.deepEqual((await signIn()).idToken, { seen: [event.user, null, { seen: 'yes' }] });
});

test('a refusal ends the pipeline and keeps what was written to metadata', async () => {
  const [first] = await bind('post-login', [
    postLogin(`api.user.setAppMetadata('tried', true); api.access.deny('Not today.'); api.user.setUserMetadata('a', 1);
    `),
    postLogin(`api.idToken.setCustomClaim('reached', true);`),
  ]);
  const { refused, appMetadata, userMetadata, idToken, redirect } = await signIn();
  assert.deepEqual(refused, { action: first, by: 'denied', message: 'Not today.', code: undefined });
  assert.deepEqual([appMetadata, userMetadata, idToken, redirect], [{ tried: true }, { a: 1 }, {}, undefined]);
});
