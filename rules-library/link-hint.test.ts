import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkHint } from './link-hint.ts';
import { runRule } from './test-run-rule.ts';

async function hint(loginsCount: number, user: object, settings = {}): Promise<unknown> {
  const { context } = await runRule(linkHint, { user: { ...user }, context: { stats: { loginsCount } }, settings });
  return Object.values(context.idToken ?? {})[0];
}

const one = { identities: [{ provider: 'google-oauth2' }] };

test('an address to be proven comes first, then a second way in; who has both is left alone', async () => {
  assert.equal(await hint(2, { ...one, email: 'a@example.com', email_verified: false }), 'verify_email');
  assert.equal(await hint(2, { ...one, email: 'a@example.com', email_verified: true }), 'add_another_way');
  assert.equal(await hint(2, one), 'add_another_way');
  assert.equal(await hint(2, { identities: [{}, {}], email: 'a@example.com', email_verified: true }), undefined);
});

test('only now and then', async () => {
  const shown = [];
  for (let count = 1; count <= 12; count += 1) if (await hint(count, one)) shown.push(count);
  assert.deepEqual(shown, [2, 7, 12]);
  assert.equal(await hint(1, one, { from: 1, every: 1 }), 'add_another_way');
});
