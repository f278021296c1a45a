import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signInMilestones } from './sign-in-milestones.ts';
import { factsOf, runRule } from './test-run-rule.ts';

test('at a milestone, and only then, it is told and kept', async () => {
  const at = (loginsCount: number) => runRule(signInMilestones, { context: { stats: { loginsCount } } });
  const fifth = await at(5);
  assert.deepEqual(factsOf(fifth), { 'app_metadata.milestone': 5 });
  assert.deepEqual(fifth.context.idToken, { 'https://example.com/milestone': 5 });
  assert.partialDeepStrictEqual(fifth.user, { app_metadata: { milestone: 5 } });
  for (const other of [1, 4, 6]) {
    const { learned, context } = await at(other);
    assert.deepEqual([learned, context.idToken], [[], {}]);
  }
});
