import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import * as actions from './actions.ts';

const base = await testBase();
after(() => base.close());

const bind = (...drafts: Parameters<typeof bindActions>[2]) => bindActions(base, 'post-login', drafts);
const run = { event: {}, host: async () => null, canRedirect: false, executedRules: [] };

/** What the claim is that the actions add. */
async function claim(name: string): Promise<unknown> {
  const outcome = await actions.runPostLogin(base, run);
  return outcome?.idToken[name];
}

function postLogin(body: string): string {
  return `exports.onExecutePostLogin = async (event, api) => { ${body} };`;
}

test('modules are those of the list of dependencies, at their versions; one that is not there is named', async () => {
  await bind({
    code: `const { v4 } = require('uuid'); const crypto = require('node:crypto');
      ${postLogin(`api.idToken.setCustomClaim('made', [v4().length, crypto.createHash('sha256').update('x').digest('hex').length]);`)}`,
  });
  assert.deepEqual(await claim('made'), [36, 64]);
  await bind({
    code: `const { v4 } = require('uuid'); ${postLogin("api.idToken.setCustomClaim('made', v4().length);")}`,
    dependencies: [{ name: 'uuid', version: 'latest' }],
  });
  assert.equal(await claim('made'), 36, 'latest is the newest that is there');
  const asks = postLogin(
    `const { ManagementClient } = require('auth0'); api.idToken.setCustomClaim('has', [
      typeof new ManagementClient({ domain: 'a.example', token: 't' }).users.get, typeof ManagementClient.prototype.getUser,
      require('crypto').createHash('sha256').update('x').digest('hex').length, typeof require('bcrypt').hash ]);`,
  );
  const newest = ['auth0', 'crypto', 'bcrypt'].map((name) => ({ name, version: 'latest' }));
  await bind({ code: asks, dependencies: newest });
  assert.deepEqual(await claim('has'), ['function', 'undefined', 64, 'function']);
  const draft = {
    name: 'missing',
    trigger: 'post-login',
    runtime: 'node22',
    secrets: [],
    on_failure: 'refuse',
  } as const;
  const wants = { ...draft, code: `require('no-such-package-at-all');` };
  for (const dependencies of [[], [{ name: 'no-such-package-at-all', version: 'latest' }]]) {
    await assert.rejects(actions.createAction(base, { ...wants, dependencies }), /no-such-package-at-all/);
  }
  const listed = { ...draft, code: `require('lodash');`, dependencies: [{ name: 'lodash', version: '0.0.1-none' }] };
  await assert.rejects(actions.createAction(base, listed), /lodash@0\.0\.1-none/);
});

test('a package or a version in whose place another runs is told once, and stops nothing', async () => {
  const code = `require('bcrypt');\nrequire('@onfido/api');\n${postLogin('')}`;
  const dependencies = [
    { name: 'bcrypt', version: '5.0.1' },
    { name: '@onfido/api', version: '1.5.1' },
  ];
  const found = await actions.judgeAction({ trigger: 'post-login', code, dependencies }, new Set());
  assert.deepEqual(
    found.map(({ message, ...rest }) => ({ ...rest, what: message.split(' ')[0] })),
    [
      { line: 1, stops: false, waits: false, what: 'bcrypt' },
      { line: 2, stops: false, waits: false, what: '@onfido/api' },
    ],
  );
});
