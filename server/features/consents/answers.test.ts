import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { askFor } from '../../../test/consents.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { createBrand } from '../brands/brands.ts';
import { createCustomer } from '../customers/customers.ts';
import { type Answer, answerDue, listWordings, withdrawWording } from './consents.ts';

// Answers against what happens at the same moment: of two of these acts one waits for the other.

let ground: Base;
before(async () => {
  ground = await testBase();
});
after(() => ground.close());

/** A customer of a brand with terms in force, and what writes down their yes with this connection. */
async function asked(slug: string) {
  const brand = await createBrand(ground, { slug, name: slug });
  const texts = { en: { label: 'Yes to all.' } };
  const terms = await askFor(ground, { brand: brand.id, purpose: 'terms', required: true, texts });
  const at = new Date();
  const identity = { provider: 'auth0', connection: 'shop', isSocial: false, facts: [], proofs: [], at };
  const { customer, subject } = await createCustomer(ground.db, identity);
  const yes: Answer = { consent: terms, version: '1', language: 'en', given: true };
  const answering = { customer: customer.id, subject, brand, isNewcomer: true, at, post: async () => undefined };
  return {
    terms,
    yes,
    answer: (db: Base['db'], answers: readonly Answer[] = [yes]) =>
      answerDue({ ...ground, db }, { ...answering, source: 'sign_in', portal: 'shop', ip: '192.0.2.1' }, answers),
    written: () => ground.db.selectFrom('consents').selectAll().where('subject', '=', subject).execute(),
  };
}

test('the same form sent twice at once: the later waits, finds nothing due, and writes nothing', async () => {
  const { answer, written } = await asked('twice');
  const later = await transact(ground.db, async (tx) => {
    await answer(tx);
    const sent = answer(ground.db);
    await someoneWaits(ground.db);
    return { sent };
  });
  await later.sent;
  assert.equal((await written()).length, 1);
});

test('words are not withdrawn while a yes to them is being written', async () => {
  const { terms, answer, written } = await asked('withdrawn');
  const later = await transact(ground.db, async (tx) => {
    await answer(tx);
    const withdrawn = withdrawWording(ground, terms, '1');
    await someoneWaits(ground.db);
    return { withdrawn };
  });
  assert.equal((await later.withdrawn).status, 'withdrawn');
  assert.equal((await written()).length, 1);
  assert.equal((await listWordings(ground.db, terms))[0]?.status, 'withdrawn');
});

test('answers that do not fit what is due write nothing, whichever page let them through', async () => {
  const { yes, answer, written } = await asked('fitting');
  const changed = [[], [yes, { ...yes, consent: uuid() }], [{ ...yes, version: '2' }], [{ ...yes, consent: uuid() }]];
  for (const answers of changed) {
    await assert.rejects(answer(ground.db, answers), (error) => isProblem(error, 'consent_changed'));
  }
  const no = answer(ground.db, [{ ...yes, given: false }]);
  await assert.rejects(no, (error) => isProblem(error, 'invalid_body'), 'a no to what is required');
  assert.deepEqual(await written(), []);
});
