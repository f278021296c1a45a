import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSource } from './first-source.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const query = { utm_source: 'letter', utm_campaign: 'spring', state: 'secret', gclid: 'x' };
const context = {
  stats: { loginsCount: 1 },
  request: { query },
  brand: { id: '1', name: 'Lumière' },
  clientName: 'Lumière shop',
  connection: 'facebook',
};

test('the campaign, brand, portal and day of the very first sign-in; no other parameter', async () => {
  const run = await runRule(firstSource, { context });
  const { at } = Object(factsOf(run)['app_metadata.first_source']);
  assert.ok(Math.abs(Date.now() - Date.parse(at)) < 60_000, String(at));
  const expected = {
    utm_source: 'letter',
    utm_campaign: 'spring',
    brand: 'Lumière',
    portal: 'Lumière shop',
    connection: 'facebook',
    on: at.slice(0, 10),
    at,
  };
  assert.deepEqual(factsOf(run), { 'app_metadata.first_source': expected });
});

test('it is written once: not at a later sign-in, and not over what is there', async () => {
  const later = await runRule(firstSource, { context: { ...context, stats: { loginsCount: 2 } } });
  const known = await runRule(firstSource, { context, user: { app_metadata: { first_source: {} } } });
  assert.deepEqual([later.learned, known.learned], [[], []]);
});

test('nothing that goes on unseen is how they came: no refresh, no silent sign-in', async () => {
  assert.deepEqual((await runRule(firstSource, { context: { ...context, counts: false } })).learned, []);
});

test('of who comes without a campaign the portal is kept', async () => {
  const run = await runRule(firstSource, { context: { clientID: 'shop' } });
  assert.partialDeepStrictEqual(factsOf(run), { 'app_metadata.first_source': { portal: 'shop', connection: null } });
});

test('a campaign that no profile could hold is told as far as it is text', async () => {
  const told = { utm_source: 'let\u0000ter\n', utm_campaign: `${'x'.repeat(199)}\u{1f600}`, utm_medium: '\u0000' };
  const run = await runRule(firstSource, { context: { ...context, request: { query: told } } });
  const { utm_source, utm_campaign, utm_medium } = Object(factsOf(run)['app_metadata.first_source']);
  assert.deepEqual([utm_source, utm_medium], ['let ter', undefined]);
  assert.equal(utm_campaign, `${'x'.repeat(199)}\ufffd`);
});
