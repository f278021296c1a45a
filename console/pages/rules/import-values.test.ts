import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComplete, lookedAction, lookedRule, missingValues, type Report, withoutActions } from './import-values.ts';

const rule = { name: 'Crm', script: 'function (user, context, callback) {}', enabled: true, order: 1 };
const configs = [
  { key: 'CRM_KEY', value: undefined },
  { key: 'SHOP', value: 'lumiere' },
];
const reading = (configuration: string[] | null) => ({ name: 'Crm', findings: [], configuration });
const action = { name: 'Greet', trigger: 'post-login', code: '', dependencies: [], deployed: true };
const empty: Report = { rules: [], actions: [], configs, bindings: {}, problems: [], here: [] };

test('a rule misses what it reads, and what is neither in the export nor here', () => {
  const miss = (keys: string[] | null, here: string[] = []) => lookedRule(rule, reading(keys), configs, here).without;
  assert.deepEqual(miss(['CRM_KEY', 'SHOP', 'OTHER']), ['CRM_KEY', 'OTHER']);
  assert.deepEqual(miss(['CRM_KEY', 'SHOP'], ['CRM_KEY']), []);
  assert.deepEqual(miss([]), []);
});

test('a rule that may read any value misses all that are known to be missing', () => {
  assert.deepEqual(lookedRule(rule, reading(null), configs, []).without, ['CRM_KEY']);
  assert.ok(isComplete(lookedRule(rule, reading(null), configs, ['CRM_KEY'])));
});

test('an action misses the secrets that have no value in the export', () => {
  const secrets = [
    { key: 'TOKEN', value: undefined },
    { key: 'SHOP', value: 'lumiere' },
  ];
  assert.deepEqual(lookedAction({ ...action, secrets }, []).without, ['TOKEN']);
});

test('what is to be typed is told once, whoever needs it', () => {
  const looked = lookedRule(rule, reading(['CRM_KEY', 'OTHER']), configs, []);
  const acting = lookedAction({ ...action, secrets: [{ key: 'TOKEN', value: undefined }] }, []);
  assert.deepEqual(missingValues({ ...empty, rules: [looked, looked], actions: [acting] }), {
    configs: ['CRM_KEY', 'OTHER'],
    secrets: ['TOKEN of Greet'],
  });
  assert.deepEqual(missingValues({ ...empty, here: ['CRM_KEY'] }).configs, []);
});

test('actions that somebody may not write are told as left behind', () => {
  assert.deepEqual(withoutActions(empty, 0).problems, []);
  assert.match(withoutActions(empty, 2).problems.join(), /^2 actions are .* stay behind: .*create:actions/);
});
