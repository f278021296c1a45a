import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from './value-text.ts';

test('a value of several parts is told in words, part by part', () => {
  const income = { area: 'ZIP 80302', found_by: 'position', median_household_income: 91_700, currency: null };
  assert.equal(textOf(income), 'Area: ZIP 80302, Found by: position, Median household income: 91700');
  assert.equal(textOf({ within: { deep: [1] }, is_so: true }), 'Within: {"deep":[1]}, Is so: Yes');
  assert.equal(textOf([{ id: '1', name: 'Curl Theory' }, { x: 1 }]), 'Curl Theory, X: 1');
  assert.equal(textOf({}), '');
});
