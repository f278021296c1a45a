import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incomeByArea } from './income-by-area.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const geoip = {
  country_code: 'US',
  postal_code: '94110',
  latitude: 37.7,
  longitude: -122.4,
  city_name: 'San Francisco',
};
const answers = { area_income: { code: '94110', median_income: 139_512, bound: null, by: 'postal_code' } };

test('the median income of the area is kept as an estimate of the area, with low confidence', async () => {
  const run = await runRule(incomeByArea, { context: { request: { geoip } }, answers });
  const { city_name: _, country_code: country, ...where } = geoip;
  assert.deepEqual(run.called, [{ name: 'area_income', argument: { country, ...where } }]);
  const area = {
    area: 'ZIP 94110',
    median_household_income: 139_512,
    currency: 'USD',
    estimate_of: 'the area, not the person',
    found_by: 'postal_code',
  };
  assert.deepEqual(factsOf(run), { 'app_metadata.income_area': area });
  assert.equal(run.learned[0]?.confidence, 0.2);
  assert.deepEqual(run.user.app_metadata, { income_area: area });
  assert.throws(() => incomeByArea.settings.parse({ confidence: 0.9 }), 'it is never more than a guess');
});

test('the end of the scale is told; an area that is not known teaches nothing; without a place nobody is asked', async () => {
  const rich = { area_income: { code: '10007', median_income: 250_000, bound: 'or_more', by: 'position' } };
  const run = await runRule(incomeByArea, { context: { request: { geoip } }, answers: rich });
  assert.partialDeepStrictEqual(factsOf(run), {
    'app_metadata.income_area': { bound: 'or_more', found_by: 'position' },
  });
  assert.deepEqual((await runRule(incomeByArea, { context: { request: { geoip } } })).learned, []);
  assert.deepEqual((await runRule(incomeByArea, { answers })).called, []);
});

test('a refresh is no visit, and the address of a portal’s server says nothing of the customer', async () => {
  for (const context of [{ protocol: 'oauth2-refresh-token' }, { protocol: 'oauth2-password', sender: 'portal' }]) {
    const run = await runRule(incomeByArea, { context: { ...context, request: { geoip } }, answers });
    assert.deepEqual([run.learned, run.called], [[], []]);
  }
});
