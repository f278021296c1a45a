import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRule } from './test-run-rule.ts';
import { welcomeMark } from './welcome-mark.ts';

test('the ID token says whether it is the first sign-in', async () => {
  for (const loginsCount of [1, 2]) {
    const { context } = await runRule(welcomeMark, { context: { stats: { loginsCount } } });
    assert.deepEqual(context.idToken, { 'https://example.com/is_new': loginsCount === 1 });
  }
});

test('its claim is a web address of your own', () => {
  assert.throws(() => welcomeMark.settings.parse({ claim: 'sub' }));
  assert.ok(welcomeMark.settings.parse({ claim: 'https://lumiere.example/new' }));
});
