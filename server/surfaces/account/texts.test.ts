import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertTranslated, assertUsed } from '../../../test/page-texts.ts';
import { timelineNames } from '../../features/accounts/accounts.ts';
import { texts } from './texts.ts';

test('every sentence of the account pages is there in every language', () => assertTranslated(texts));

test('every key is written and used', async () => {
  // Refusals are put into words by the hosted pages' code; the layout has its own; what was done stands in the
  // address, and what happened in the timeline.
  const elsewhere = /^(problem|layout|done|event)\./;
  await assertUsed(texts, [new URL('./', import.meta.url)], (key) => elsewhere.test(key));
});

test('every name of the timeline has a sentence', () => {
  // Those of the management API and of taking a merge apart stand in no list.
  const names = [...Object.keys(timelineNames), 'profile_changed', 'profile_created', 'unmerged'];
  const silent = names.filter((name) => !Object.hasOwn(texts.en, `event.${name}`));
  assert.deepEqual(silent, []);
});
