import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membersAt, namedBelow, nameOf } from './script-members.ts';

const finder = membersAt({
  parameters: ['user', 'context'],
  all: [
    { path: 'user', type: 'object', about: '' },
    { path: 'user.email', type: 'string', about: 'The address' },
    { path: 'user.app_metadata', type: 'object', about: '' },
    { path: 'user.app_metadata.plan', type: 'string', about: '' },
    { path: 'configuration', type: 'object', about: '' },
  ],
});
const names = (typed: string, text: string) => finder.below(typed, text).members.map(nameOf);

test('members are offered below what was typed', () => {
  assert.deepEqual(names('user.', 'function (user, context, callback) {}'), ['email', 'app_metadata']);
  assert.deepEqual(names('user.app_metadata.pl', ''), ['plan']);
  assert.equal(finder.below('user.app_metadata.pl', '').own, 'pl');
  assert.deepEqual(names('us', ''), ['user', 'configuration']);
});

test('parameters may have other names', () => {
  for (const text of [
    'function addIt(u, ctx, cb) {',
    'async (u, ctx, cb) => {',
    'exports.onExecute = async (u, ctx) => {',
  ]) {
    assert.deepEqual(names('u.', text), ['email', 'app_metadata'], text);
    assert.equal(finder.named('u.email', text)?.about, 'The address', text);
  }
});

test('names that people gave are offered as code writes them', () => {
  const all = namedBelow('configuration', ['CRM_KEY', 'crm-key', '1.a"b'], 'A value');
  const { below, named } = membersAt({ parameters: [], all });
  assert.deepEqual(below('configuration.', '').members.map(nameOf), ['CRM_KEY', '["crm-key"]', '["1.a\\"b"]']);
  assert.equal(named('configuration.CRM_KEY', '')?.about, 'A value');
});
