import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { changeAction, deployAction, readAction, runPostLogin, tryAction } from './actions.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

const run = { event: {}, host: async () => null, canRedirect: false, executedRules: [] };
const counts = `exports.onExecutePostLogin = async (event, api) => {
  global.count = (global.count ?? 0) + 1;
  api.idToken.setCustomClaim('count', global.count);
};`;

/** How often its isolate has run the action, this time included. */
async function signIn(): Promise<unknown> {
  return (await runPostLogin(base, run))?.idToken.count;
}

async function deploy(id: string, code: string): Promise<void> {
  await changeAction(base, id, { code });
  await deployAction(base, id, { by: 'test', name: 'Test' });
  await base.settings.refresh();
}

test('a version that was replaced is kept no longer: who goes back to it begins anew', async () => {
  const [id = ''] = await bindActions(base, 'post-login', [counts]);
  assert.deepEqual([await signIn(), await signIn()], [1, 2]);
  await deploy(id, `${counts} // changed`);
  assert.equal(await signIn(), 1);
  await deploy(id, counts);
  assert.equal(await signIn(), 1);
});

test('a try runs in an isolate of its own: of sign-ins and other tries nothing is left in global', async () => {
  const [id = ''] = await bindActions(base, 'post-login', [counts]);
  await signIn();
  const action = await readAction(base.db, id);
  assert.ok(action);
  const tries = [await tryAction(base, action, run), await tryAction(base, action, run)];
  tries.push(...(await Promise.all([tryAction(base, action, run), tryAction(base, action, run)])));
  for (const { asked, error } of tries) {
    assert.equal(error, undefined);
    assert.partialDeepStrictEqual(asked, [{ key: 'count', value: 1 }]);
  }
  assert.equal(await signIn(), 2, 'sign-ins keep theirs');
});
