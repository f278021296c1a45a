import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRule } from './test-run-rule.ts';
import { verifiedEmail } from './verified-email.ts';

async function isRefused(user: object, settings = {}): Promise<boolean> {
  const { error } = await runRule(verifiedEmail, { user: { ...user }, settings });
  if (error) assert.equal(error.name, 'UnauthorizedError');
  return error !== undefined;
}

test('only a proven address counts, and only a true one', async () => {
  assert.equal(await isRefused({ email: 'a@example.com', email_verified: true }), false);
  for (const email_verified of [false, 'true', 1, null]) {
    assert.equal(await isRefused({ email: 'a@example.com', email_verified }), true);
  }
  assert.equal(await isRefused({ email: 'a@example.com' }), true);
});

test('who has no address comes in, unless the form says otherwise', async () => {
  assert.equal(await isRefused({}), false);
  assert.equal(await isRefused({}, { withoutEmail: 'refuse' }), true);
});
