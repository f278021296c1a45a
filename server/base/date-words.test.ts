import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayInWords, hourIn, momentInWords } from './date-words.ts';

const at = new Date('2026-03-03T23:05:00Z');

test('a day and a moment, in the words and the time of who reads', () => {
  assert.equal(dayInWords({ language: 'en', zone: undefined }, at), '3 March 2026');
  assert.equal(dayInWords({ language: 'de', zone: 'Europe/Berlin' }, at), '4. März 2026');
  assert.match(momentInWords({ language: 'en', zone: undefined }, at), /^3 March 2026.* 23:05 UTC$/);
  assert.match(momentInWords({ language: 'fr', zone: 'Europe/Paris' }, at), /^4 mars 2026.* 0?0:05$/);
});

test('the hour of the day, midnight as 0', () => {
  const midnight = new Date('2026-03-03T00:59:59Z');
  assert.deepEqual([hourIn(undefined, midnight), hourIn('Europe/Berlin', at), hourIn('Asia/Tokyo', at)], [0, 0, 8]);
  assert.equal(hourIn('Nowhere/Else', at), 23);
});

test('what is no time zone counts as none', () => {
  for (const zone of ['Nowhere/Else', '', 7, null, { a: 1 }, 'x'.repeat(5000)]) {
    assert.equal(dayInWords({ language: 'en', zone }, at), '3 March 2026');
  }
});
