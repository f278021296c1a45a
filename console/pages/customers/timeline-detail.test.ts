import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailOf } from './timeline-detail.ts';

test('a reason ends the line, since it is sentences of its own', () => {
  const reason = 'It failed, was late or was never reached. Its log says more.';
  const row = { rule: '4ad0', rule_name: 'CRM', reason, connection: 'Username-Password-Authentication' };
  assert.equal(detailOf(row), `with a password · why: ${reason}`);
});

test('what people can read is told by its name, what is for programs not at all', () => {
  const row = {
    identifier: 'ada@example.com',
    new_browser: 'Firefox',
    session: 'abc',
    connection: 'facebook',
    rule: '4ad0',
  };
  assert.equal(detailOf(row), 'typed: ada@example.com · new browser: Firefox · with Facebook · rule: 4ad0');
  assert.equal(detailOf({ amr: 'pwd', number: 3, reason: '' }), '');
});
