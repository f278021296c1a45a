import { test } from 'node:test';
import { assertTranslated, assertUsed } from '../../../test/page-texts.ts';
import { texts } from './texts.ts';

test('every sentence of the account pages is there in every language', () => assertTranslated(texts));

test('every key is written and used', async () => {
  // Refusals are put into words by the hosted pages' code; the layout has its own; what was done stands in the address.
  const elsewhere = /^(problem|layout|done)\./;
  await assertUsed(texts, [new URL('./', import.meta.url)], (key) => elsewhere.test(key));
});
