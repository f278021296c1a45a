import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from './place.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const geoip = { country_code: 'FR', city_name: 'Lyon', time_zone: 'Europe/Paris' };

test('country, city and time zone, with how sure they are', async () => {
  const run = await runRule(place, { context: { request: { geoip } } });
  assert.deepEqual(factsOf(run), {
    'app_metadata.country': 'FR',
    'app_metadata.city': 'Lyon',
    zoneinfo: 'Europe/Paris',
  });
  assert.ok(run.learned.every(({ confidence }) => confidence === 0.6));
  assert.partialDeepStrictEqual(run.user, { zoneinfo: 'Europe/Paris', app_metadata: { city: 'Lyon' } });
});

test('without the city; a time zone that is known stays; where no place is known nothing is learned', async () => {
  const run = await runRule(place, {
    user: { zoneinfo: 'Asia/Tokyo' },
    context: { request: { geoip } },
    settings: { city: false },
  });
  assert.equal('app_metadata.city' in factsOf(run), false);
  assert.equal(run.user.zoneinfo, 'Asia/Tokyo');
  for (const context of [{}, { request: {} }, { request: { geoip: null } }]) {
    assert.deepEqual((await runRule(place, { context })).learned, []);
  }
});

test('a refresh is no visit, and the address of a portal’s server says nothing of the customer', async () => {
  for (const context of [{ protocol: 'oauth2-refresh-token' }, { protocol: 'oauth2-password', sender: 'portal' }]) {
    const run = await runRule(place, { context: { ...context, request: { geoip } } });
    assert.deepEqual([run.learned, run.called], [[], []]);
  }
});
