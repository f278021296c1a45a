import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { libraryRules } from '../../../../rules-library/library.ts';
import { testBase } from '../../../../test/base.ts';
import { passwordIdentity } from '../../../../test/people.ts';
import type { Base } from '../../../base/base.ts';
import { isProblem } from '../../../base/errors.ts';
import { give } from '../../../features/consents/consents.ts';
import { createCustomer } from '../../../features/customers/customers.ts';
import { offerLibrary } from '../../../features/rules/rules.ts';
import { demandConsent } from './demand-consent.ts';
import { readKept } from './kept.ts';

let base: Base;
before(async () => {
  base = await testBase();
  offerLibrary(base, libraryRules);
});
after(() => base.close());

test('what a library rule calls is refused for who does not allow what the rule needs', async () => {
  const { customer, subject } = await createCustomer(base.db, passwordIdentity('nosy@example.com'));
  const brand = '018f0000-0000-7000-8000-000000000001';
  const demand = async (source: string | undefined) =>
    demandConsent(base, { brand, kept: await readKept(base, customer.id) }, source);
  const isRefused = (error: unknown) => isProblem(error, 'access_denied');
  await assert.rejects(demand('library:income-by-area'), isRefused);
  await assert.rejects(demand('library:fullcontact'), isRefused);
  // These need none.
  for (const source of ['library:names', 'rule:rul_1', undefined]) await demand(source);
  const yes = { given: true, version: '1', wording: 'Yes?', language: 'en', source: 'account', at: new Date() };
  await give(base.db, { ...yes, subject, brand: null, purpose: 'profiling' });
  await demand('library:income-by-area');
  await assert.rejects(demand('library:fullcontact'), isRefused);
});
