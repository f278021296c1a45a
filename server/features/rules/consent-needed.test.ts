import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { uuid } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { allows } from './consent-needed.ts';
import type { LibraryRule } from './library-rule.ts';
import { addLibraryRule, createRule, offerLibrary, runRules } from './rules.ts';

const here = uuid();
const other = uuid();
const said = (brand: string | null, state: string, topic: string | null = null, purpose = 'profiling') => {
  return { brand, purpose, topic, state };
};
const contextOf = (...consents: JsonObject[]) => ({
  brand: { id: here, name: 'Here' },
  consents,
  idToken: {},
  accessToken: {},
});

test('what counts is the yes to the whole purpose, of the brand or else of the umbrella', () => {
  const needs = { needsConsent: 'profiling' } as const;
  const yes = [[said(here, 'given')], [said(null, 'given')], [said(null, 'withdrawn'), said(here, 'given')]];
  const no = [
    [],
    [said(other, 'given')],
    [said(here, 'withdrawn'), said(null, 'given')],
    [said(here, 'pending')],
    [said(here, 'under_age')],
    [said(here, 'given', 'birthday')],
    [said(here, 'given', null, 'enrichment')],
  ];
  for (const consents of yes) assert.equal(allows(contextOf(...consents), needs), true, JSON.stringify(consents));
  for (const consents of no) assert.equal(allows(contextOf(...consents), needs), false, JSON.stringify(consents));
  assert.equal(allows({}, needs), false);
  assert.equal(allows({}, { needsConsent: null }), true);
});

test('a yes to a topic is enough only for rules that say so', () => {
  const likes = contextOf(said(here, 'given', 'facebook', 'enrichment'));
  assert.equal(allows(likes, { needsConsent: 'enrichment', topicIsEnough: true }), true);
  assert.equal(allows(likes, { needsConsent: 'enrichment' }), false);
  const refused = contextOf(said(here, 'withdrawn', 'facebook', 'enrichment'), said(other, 'given', 'x', 'enrichment'));
  assert.equal(allows(refused, { needsConsent: 'enrichment', topicIsEnough: true }), false);
  const everywhere = said(null, 'given', 'facebook', 'enrichment');
  const needs = { needsConsent: 'enrichment', topicIsEnough: true } as const;
  assert.equal(allows(contextOf(everywhere), needs), true);
  const noneHere = said(here, 'withdrawn', null, 'enrichment');
  assert.equal(allows(contextOf(everywhere, noneHere), needs), false, 'a no to all of it here');
  assert.equal(
    allows(contextOf(noneHere, said(here, 'given', 'facebook', 'enrichment')), needs),
    true,
    'a later yes here',
  );
});

const nosy: LibraryRule = {
  id: 'nosy',
  name: 'Nosy',
  card: { does: 'Looks.', why: 'To see.', needs: 'Nothing.', consentWhy: 'It looks.' },
  needsConsent: 'profiling',
  callsOutside: false,
  settings: z.strictObject({}),
  onFailure: 'go_on',
  deadlineMs: 2000,
  run(user, context, callback) {
    user.seen = true;
    callback(null, user, context);
  },
};

let base: Base;
before(async () => {
  base = await testBase();
  offerLibrary(base, [nosy]);
  const author = { by: 'machine', name: 'Machine' };
  // It writes a consent of its own into what the rules after it see.
  const forger = `function (user, context, callback) {
    context.consents = [{ brand: null, purpose: 'profiling', topic: null, state: 'given' }];
    callback(null, user, context);
  }`;
  await createRule(base, { name: 'Forger', script: forger }, author);
  await addLibraryRule(base, { library: 'nosy', settings: {} }, author);
  await base.settings.refresh();
});
after(() => base.close());

test('a library rule is not run without the consent that it needs, whatever rules before it say', async () => {
  const run = async (...consents: JsonObject[]) => {
    const auth0 = { domain: 'id.test', baseUrl: 'https://id.test/api/v2', accessToken: 'token' };
    const input = { user: { user_id: 'auth0|1' }, context: contextOf(...consents) };
    const { user, runs } = await runRules(base, { customer: uuid(), input, host: async () => null, auth0 });
    return { seen: user.seen, runs: runs.length };
  };
  assert.deepEqual(await run(said(null, 'given')), { seen: true, runs: 2 });
  assert.deepEqual(await run(), { seen: undefined, runs: 1 });
  assert.deepEqual(await run(said(here, 'withdrawn'), said(null, 'given')), { seen: undefined, runs: 1 });
});
