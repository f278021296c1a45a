import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  comesAlong,
  isComplete,
  lookedAction,
  lookedRule,
  missingValues,
  type Report,
  verdictOf,
  waitingFor,
  withoutActions,
} from './import-values.ts';

const rule = { name: 'Crm', script: 'function (user, context, callback) {}', enabled: true, order: 1 };
const configs = [
  { key: 'CRM_KEY', value: undefined },
  { key: 'SHOP', value: 'lumiere' },
];
const reading = (configuration: string[] | null) => ({ name: 'Crm', findings: [], configuration });
const action = { name: 'Greet', trigger: 'post-login', code: '', dependencies: [], deployed: true };
const none = new Set<string>();
const empty: Report = { rules: [], actions: [], configs, bindings: {}, problems: [], here: [] };

test('a rule misses what it reads, and what is neither in the export nor here', () => {
  const miss = (keys: string[] | null, here: string[] = []) =>
    lookedRule(rule, reading(keys), configs, here, none).without;
  assert.deepEqual(miss(['CRM_KEY', 'SHOP', 'OTHER']), ['CRM_KEY', 'OTHER']);
  assert.deepEqual(miss(['CRM_KEY', 'SHOP'], ['CRM_KEY']), []);
  assert.deepEqual(miss([]), []);
});

test('a rule that may read any value misses all that are known to be missing', () => {
  assert.deepEqual(lookedRule(rule, reading(null), configs, [], none).without, ['CRM_KEY']);
  assert.ok(isComplete(lookedRule(rule, reading(null), configs, ['CRM_KEY'], none)));
});

test('a rule that fails until a setting is changed is told so, and does not run at once', () => {
  const finding = { message: 'Joining accounts is refused until ...', line: 2, stops: false, waits: true };
  const looked = lookedRule(rule, { ...reading(['CRM_KEY']), findings: [finding] }, configs, ['CRM_KEY'], none);
  assert.deepEqual([comesAlong(looked), isComplete(looked)], [true, false]);
  assert.equal(waitingFor(looked), 'until then it would fail, and refuse who signs in');
  const both = lookedRule(rule, { ...reading(['A', 'B']), findings: [finding] }, configs, [], none);
  assert.equal(verdictOf({ rules: [looked, looked], actions: [] }), '2 of 2 run here, 2 with a difference.');
  assert.match(waitingFor(both), /^it reads A, B, which have no values here yet; until then /);
});

test('an action misses the secrets that have no value in the export', () => {
  const secrets = [
    { key: 'TOKEN', value: undefined },
    { key: 'SHOP', value: 'lumiere' },
  ];
  assert.deepEqual(lookedAction({ ...action, secrets }, [], none).without, ['TOKEN']);
});

test('an action that shows a question which is not there is told so, and does not run at once', () => {
  const finding = { message: 'There is no question "ap_abc"', line: 2, stops: false, waits: true };
  const looked = lookedAction({ ...action, secrets: [] }, [finding], none);
  assert.deepEqual([comesAlong(looked), isComplete(looked)], [true, false]);
  assert.equal(waitingFor(looked), 'until then it would fail, and refuse who signs in');
});

test('what is to be typed is told once, whoever needs it', () => {
  const looked = lookedRule(rule, reading(['CRM_KEY', 'OTHER']), configs, [], none);
  const acting = lookedAction({ ...action, secrets: [{ key: 'TOKEN', value: undefined }] }, [], none);
  assert.deepEqual(missingValues({ ...empty, rules: [looked, looked], actions: [acting] }), {
    configs: ['CRM_KEY', 'OTHER'],
    unread: [],
    secrets: ['TOKEN of Greet'],
  });
  assert.deepEqual(missingValues({ ...empty, here: ['CRM_KEY'] }), { configs: [], unread: [], secrets: [] });
  assert.deepEqual(missingValues(empty).unread, ['CRM_KEY'], 'no rule of the export spells it out');
});

test('what stays behind needs no value: what cannot run here, and what is here already', () => {
  const here = lookedRule(rule, reading(['CRM_KEY']), configs, [], new Set(['Crm']));
  const finding = { message: 'pg is not here.', line: 2, stops: true, waits: false };
  const stopped = lookedRule(rule, { ...reading(['OTHER']), findings: [finding] }, configs, [], none);
  const secrets = [{ key: 'TOKEN', value: undefined }];
  const acting = lookedAction({ ...action, secrets }, [], new Set(['Greet']));
  const report = { ...empty, rules: [here, stopped], actions: [acting] };
  assert.deepEqual(missingValues(report), { configs: [], unread: [], secrets: [] });
  assert.equal(verdictOf(report), '2 of 3 run here. What does not stays behind. 2 are here already and stay behind.');
  assert.equal(
    verdictOf({ rules: [here], actions: [] }),
    '1 of 1 runs here as it is. One is here already and stays behind.',
  );
});

test('actions that somebody may not write are told as left behind', () => {
  assert.deepEqual(withoutActions(empty, 0).problems, []);
  assert.match(withoutActions(empty, 2).problems.join(), /^2 actions are .* stay behind: .*create:actions/);
});
