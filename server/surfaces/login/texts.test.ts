import { test } from 'node:test';
import { assertTranslated, assertUsed } from '../../../test/page-texts.ts';
import { texts } from './texts.ts';

test('every sentence of the hosted pages is there in every language', () => assertTranslated(texts));

test('every key is written and used', async () => {
  // Titles, the three parts of a link's page and what is wrong with an answer are put together from a beginning; the
  // layout has its own.
  const composed =
    /^(question\.fault|reset|email_verified|email_changed|unblock|unblock_factor|not_me)\.|_title$|^layout\./;
  await assertUsed(texts, [new URL('./', import.meta.url)], (key) => composed.test(key));
});
