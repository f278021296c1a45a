import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longList, ruleInWords, textAt, textOf } from './value-text.ts';

test('a value of several parts is told in words, part by part', () => {
  const income = { area: 'ZIP 80302', found_by: 'position', median_household_income: 91_700, currency: null };
  assert.equal(textOf(income), 'Area: ZIP 80302, Found by: position, Median household income: 91700');
  assert.equal(textOf({ within: { deep: [1] }, is_so: true }), 'Within: {"deep":[1]}, Is so: Yes');
  assert.equal(textOf([{ id: '1', name: 'Curl Theory' }, { x: 1 }]), 'Curl Theory, X: 1');
  assert.equal(textOf({}), '');
});

test('what ready rules keep as an object is a sentence, and anybody else’s value at such a path is as it is', () => {
  const income = { area: 'ZIP 80302', found_by: 'position', median_household_income: 91_700, currency: 'USD' };
  const said = 'about $91,700 a year in ZIP 80302: an estimate for the area, not the person';
  assert.equal(textAt('app_metadata.income_area', income), said);
  const source = { portal: 'Lumière Shop', connection: 'google-oauth2', on: '2026-03-03' };
  assert.equal(textAt('app_metadata.first_source', source), 'Lumière Shop, with Google, on Mar 3, 2026');
  assert.equal(textAt('app_metadata.first_source', { channel: 'fair' }), 'Channel: fair');
  assert.equal(textAt('app_metadata.income_area', 'ours'), 'ours');
});

test('the day that somebody came first is that of whoever reads it, as of all other dates', () => {
  const { TZ: before } = process.env;
  const source = { portal: 'Shop', connection: 'email', on: '2026-03-03', at: '2026-03-03T23:30:00.000Z' };
  try {
    process.env.TZ = 'Pacific/Auckland';
    assert.equal(textAt('app_metadata.first_source', source), 'Shop, with a code, on Mar 4, 2026');
    process.env.TZ = 'America/Los_Angeles';
    assert.equal(textAt('app_metadata.first_source', source), 'Shop, with a code, on Mar 3, 2026');
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test('of a list of more than twelve the first twelve are shown', () => {
  const likes = Array.from({ length: 13 }, (_, index) => ({ name: `Page ${index + 1}` }));
  const short = longList(likes);
  assert.equal(short?.count, 13);
  assert.match(short?.text ?? '', /^Page 1, .*, Page 12$/);
  assert.equal(longList(likes.slice(1)), undefined);
  assert.equal(longList('a text of more than twelve letters'), undefined);
});

test('a rule is called by its name', () => {
  const place = 'Country, city and time zone';
  assert.equal(ruleInWords('library:place', place), 'the ready rule “Country, city and time zone”');
  assert.equal(ruleInWords('library:gone-rule', null), 'the ready rule “Gone rule”');
  assert.equal(ruleInWords('rule:rul_1', 'Keeps a size'), 'the rule “Keeps a size”');
  assert.equal(ruleInWords('rule:rul_1', null), 'a rule that was removed (rul_1)');
  assert.equal(ruleInWords('actions', null), 'an action');
});
