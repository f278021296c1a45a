import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerIds, triggers } from '../../../contract/action-triggers.ts';
import { membersAt, nameOf } from '../../ui/script-members.ts';
import { membersOf } from './members.ts';

const code = 'exports.onExecute = async (event, api) => {';
const offered = (trigger: (typeof triggerIds)[number], typed: string) => {
  const { members } = membersAt(membersOf(trigger, [])).below(typed, code);
  return members.map(nameOf).sort();
};

test('the editor of an action offers what its trigger has, and nothing that is refused there', () => {
  assert.deepEqual(offered('post-change-password', 'api.'), ['cache']);
  assert.deepEqual(offered('credentials-exchange', 'api.'), ['access', 'accessToken', 'cache', 'transaction']);
  assert.deepEqual(offered('credentials-exchange', 'api.accessToken.'), ['setCustomClaim']);
  assert.ok(offered('post-login', 'api.accessToken.').includes('addScope'));
  assert.ok(!offered('credentials-exchange', 'event.').includes('user'));
  assert.ok(offered('send-phone-message', 'event.').includes('message_options'));
  assert.ok(!offered('post-login', 'event.').includes('message_options'));
  const deny = (trigger: (typeof triggerIds)[number]) =>
    membersAt(membersOf(trigger, [])).named('api.access.deny', code);
  assert.match(deny('pre-user-registration')?.type ?? '', /userMessage/);
  assert.match(deny('credentials-exchange')?.type ?? '', /code/);
});

test('everything that a trigger’s event has is offered with what it is', () => {
  for (const trigger of triggerIds) {
    const { event, eventMay = [] } = triggers[trigger];
    assert.deepEqual(offered(trigger, 'event.'), [...event, ...eventMay].sort(), trigger);
    for (const { path, about } of membersOf(trigger, []).all) assert.notEqual(about, '', path);
  }
});

test('the names of its secrets are offered, as code writes them', () => {
  const { below, named } = membersAt(membersOf('post-login', ['CRM_KEY', 'crm.key']));
  assert.deepEqual(below('event.secrets.', code).members.map(nameOf), ['CRM_KEY', '["crm.key"]']);
  assert.match(named('event.secrets.CRM_KEY', code)?.about ?? '', /secret/);
});
