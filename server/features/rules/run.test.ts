import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { uuid } from '../../base/ids.ts';
import { type RulesHost, rulesEnabled, runRules } from './rules.ts';
import { insertRule, type RuleColumns } from './store.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());
beforeEach(async () => {
  await base.db.deleteFrom('rules').execute();
  await base.settings.changed(base.db);
  await base.settings.refresh();
});

let place = 0;
async function rule(script: string, columns: Partial<RuleColumns> = {}): Promise<string> {
  place += 1;
  const id = `rul_${place}`;
  const common = { name: `rule ${place}`, place, enabled: true, script, library: null, settings: null, secrets: null };
  await insertRule(base.db, id, { ...common, on_failure: 'refuse', deadline_ms: null, ...columns }, now());
  await base.settings.changed(base.db);
  await base.settings.refresh();
  return id;
}

const calls: unknown[] = [];
const host: RulesHost = async (name, argument, { source }) => {
  calls.push([name, argument, source]);
  return { ok: true };
};

function run(user = { user_id: 'auth0|1' }, context = { idToken: {}, accessToken: {} }) {
  const auth0 = { domain: 'id.test', baseUrl: 'https://id.test/api/v2', accessToken: async () => 'token' };
  return runRules(base, { customer: uuid(), input: { user, context }, host, auth0 });
}

test('without a rule nothing is run', async () => {
  assert.equal(await rulesEnabled(base), false);
});

test('rules run in order and hand on what they change', async () => {
  await rule(
    'function (user, context, callback) { user.a = 1; context.idToken.x = "y"; callback(null, user, context); }',
  );
  const id = await rule(
    `async function named(user, context, callback) {
      const updated = await auth0.users.updateAppMetadata(user.user_id, { tier: user.a });
      console.log('updated', updated.ok);
      callback(null, { ...user, b: user.a + 1 }, context);
    }`,
  );
  const outcome = await run();
  assert.deepEqual(outcome.user, { user_id: 'auth0|1', a: 1, b: 2 });
  assert.deepEqual(outcome.context, { idToken: { x: 'y' }, accessToken: {} });
  assert.deepEqual(calls.pop(), ['update_app_metadata', { user_id: 'auth0|1', patch: { tier: 1 } }, `rule:${id}`]);
  assert.equal(outcome.refused, undefined);
});
