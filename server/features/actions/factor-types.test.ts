import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { runPostLogin } from './actions.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

const bind = (body: string) => {
  return bindActions(base, 'post-login', [`exports.onExecutePostLogin = async (event, api) => { ${body} };`]);
};

test('a factor that cannot work here is refused by its name: when it is saved, or else when it is asked for', async () => {
  for (const [wrong, type] of [
    [`api.authentication.challengeWith({ type: 'push-notification' });`, 'push-notification'],
    [`api.authentication.challengeWithAny([{ type: 'otp' }, { type: 'webauthn-roaming' }]);`, 'webauthn-roaming'],
    [`const { authentication } = api; authentication['enrollWith']({ type: 'recovery-code' });`, 'recovery-code'],
    [
      `const also = [{ type: 'webauthn-platform' }];
       api.authentication.challengeWith({ type: 'otp' }, { additionalFactors: also });`,
      'webauthn-platform',
    ],
  ] as const) {
    await assert.rejects(bind(wrong), new RegExp(`The factor ${type} \\(line \\d+\\) cannot work here`));
  }
  await bind(`const wanted = ['pu', 'sh'].join(''); api.authentication.challengeWith({ type: wanted });`);
  const run = { event: {}, host: async () => null, canRedirect: false, executedRules: [] };
  assert.equal(
    (await runPostLogin(base, run))?.runs[0]?.error?.message,
    'api.authentication.challengeWith: The factor push cannot work here.',
  );
});
