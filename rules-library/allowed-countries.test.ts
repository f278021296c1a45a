import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../server/base/json.ts';
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
  assert.equal(await isRefused('FR', { allow: ['FR', 'DE'], deny: ['FR'] }), true);
  assert.equal(await isRefused('DE', { allow: ['FR', 'DE'], deny: ['FR'] }), false);
  assert.equal(await isRefused('FR', {}), false);
});

test('where the country is not known it is as the form says', async () => {
  assert.equal(await isRefused(undefined, { allow: ['DE'] }), false);
  assert.equal(await isRefused(undefined, { allow: ['DE'], unknown: 'refuse' }), true);
});

test('a portal’s server may refresh from wherever it is; of a password that it sends the country is not known', async () => {
  const from = (settings: JsonObject, protocol: string, sender: string) =>
    runRule(allowedCountries, { context: { protocol, sender, request: { geoip: { country_code: 'US' } } }, settings });
  const refreshed = await from({ allow: ['DE'], unknown: 'refuse' }, 'oauth2-refresh-token', 'portal');
  assert.equal(refreshed.error, undefined);
  const app = await from({ allow: ['DE'] }, 'oauth2-refresh-token', 'customer');
  assert.equal(app.error?.name, 'UnauthorizedError');
  assert.equal((await from({ allow: ['DE'] }, 'oauth2-password', 'portal')).error, undefined);
  const strict = await from({ allow: ['DE'], unknown: 'refuse' }, 'oauth2-password', 'portal');
  assert.equal(strict.error?.name, 'UnauthorizedError');
});

test('settings by which nobody could ever come in are refused', () => {
  const { settings } = allowedCountries;
  assert.throws(() => settings.parse({ allow: ['us'], deny: ['US'] }), /nobody could ever sign in/);
  settings.parse({ allow: [...['us'], 'FR'], deny: ['US'] });
  settings.parse({ allow: [], deny: ['US'] });
});
