import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolesInTokens } from './roles-in-tokens.ts';
import { runRule } from './test-run-rule.ts';

const claim = 'https://example.com/roles';
const user = { app_metadata: { roles: ['vip', 'partner', 7] } };

test('the roles of the profile stand in both tokens, or in one', async () => {
  const { context } = await runRule(rolesInTokens, { user });
  assert.deepEqual(context.idToken, { [claim]: ['vip', 'partner'] });
  assert.deepEqual(context.accessToken, { [claim]: ['vip', 'partner'] });
  const api = await runRule(rolesInTokens, { user, settings: { inIdToken: false } });
  assert.deepEqual(api.context.idToken, {});
});

test('only those that may be told; who has none has an empty list, never one of user_metadata', async () => {
  const { context } = await runRule(rolesInTokens, { user, settings: { only: ['vip'] } });
  assert.deepEqual(context.idToken, { [claim]: ['vip'] });
  for (const other of [
    {},
    { app_metadata: { roles: 'vip' } },
    { user_metadata: { roles: ['vip'] } },
    { roles: ['vip'] },
  ]) {
    assert.deepEqual((await runRule(rolesInTokens, { user: other })).context.idToken, { [claim]: [] });
  }
});
