import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedCountries } from './allowed-countries.ts';
import { runRule } from './test-run-rule.ts';

async function isRefused(country: string | undefined, settings: Record<string, string | string[]>): Promise<boolean> {
  const context = country === undefined ? {} : { request: { geoip: { country_code: country } } };
  const { error } = await runRule(allowedCountries, { context, settings });
  if (error) assert.deepEqual(error, { name: 'UnauthorizedError', message: 'You cannot sign in from this country.' });
  return error !== undefined;
}

test('only from some, never from some, and who is in both is refused', async () => {
  assert.equal(await isRefused('DE', { allow: ['de', 'FR'] }), false);
  assert.equal(await isRefused('US', { allow: ['DE', 'FR'] }), true);
  assert.equal(await isRefused('US', { deny: ['US'] }), true);
  assert.equal(await isRefused('FR', { deny: ['US'] }), false);
  assert.equal(await isRefused('FR', { allow: ['FR'], deny: ['FR'] }), true);
  assert.equal(await isRefused('FR', {}), false);
});

test('where the country is not known it is as the form says', async () => {
  assert.equal(await isRefused(undefined, { allow: ['DE'] }), false);
  assert.equal(await isRefused(undefined, { allow: ['DE'], unknown: 'refuse' }), true);
});
