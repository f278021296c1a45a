import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { librarySources } from '../../../rules-library/library.ts';
import {
  brand,
  type EnrichmentScene,
  openEnrichmentScene,
  patient,
  says,
  saysLater,
} from '../../../test/enrichment-scene.ts';
import { disprove, findBySubject } from '../customers/customers.ts';
import { ask } from './enrichment.ts';

let scene: EnrichmentScene;
before(async () => {
  scene = await openEnrichmentScene();
});
after(() => scene.close());
beforeEach(() => scene.clear());

const found = { title: 'Owner of the old address' };

test('an address that is not theirs any more is not asked about later; the new one is at the next sign-in', async () => {
  const subject = await scene.newcomer();
  await scene.allow(subject);
  scene.answer = says(503);
  await scene.lookUp(subject, { email: 'old@example.com' });
  await scene.proves(subject, 'new@example.com');
  scene.asked.length = 0;
  scene.answer = says(200, found);
  await scene.finishNow(subject);
  assert.deepEqual([scene.asked, await scene.learned(subject), await scene.jobsOf(subject)], [[], [], []]);
  assert.equal((await scene.lookUp(subject, { email: 'new@example.com' })).status, 'hit');
  assert.partialDeepStrictEqual(scene.asked, [{ email: 'new@example.com' }]);
});

test('nor is one of which the umbrella says that it is not verified', async () => {
  const subject = await scene.newcomer();
  await scene.allow(subject);
  scene.answer = says(503);
  await scene.lookUp(subject, { email: 'doubted@example.com' });
  const customer = await findBySubject(scene.base.db, subject);
  await disprove(scene.base.db, customer?.id ?? '', 'email', 'doubted@example.com');
  scene.asked.length = 0;
  await scene.finishNow(subject);
  assert.deepEqual(scene.asked, []);
});

test('an answer that comes when the address is not theirs any more is kept as one, and nothing is learned', async () => {
  const subject = await scene.newcomer();
  await scene.allow(subject);
  const atOnce = saysLater(says(200, found));
  scene.answer = atOnce.answer;
  const signIn = scene.lookUp(subject, { email: 'old@example.com' });
  await scene.untilAsked(1);
  await scene.proves(subject, 'new@example.com');
  atOnce.goOn();
  assert.deepEqual(await signIn, { status: 'hit', facts: [] });
  assert.deepEqual([await scene.learned(subject), await scene.jobsOf(subject)], [[], []]);
  assert.partialDeepStrictEqual(await scene.state(), { lastDays: { hits: 1 } });

  const other = await scene.newcomer();
  await scene.allow(other);
  scene.answer = says(503);
  await scene.lookUp(other, { email: 'first@example.com' });
  const later = saysLater(says(200, found));
  scene.answer = later.answer;
  const job = scene.finishNow(other);
  await scene.untilAsked(3);
  await scene.proves(other, 'second@example.com');
  later.goOn();
  await job;
  assert.deepEqual(await scene.learned(other), []);
});

test('what is not theirs by what is stored is not asked about', async () => {
  const subject = await scene.newcomer();
  const settings = { key: 'the-key', address: scene.address };
  const typed = { source: patient, settings, brand, subject, question: { email: 'somebody@example.com' } };
  assert.deepEqual(await ask(scene.base, typed), { status: 'later' });
  assert.deepEqual([scene.asked, await scene.jobsOf(subject)], [[], []]);
});

test('each service minds it whose rule asks by a proven address; a first sign-in stays one', () => {
  const customer = { email: 'ada@example.com', email_verified: true };
  const about = (one: typeof customer, email = 'Ada@Example.com') =>
    librarySources.map(({ id, holds }) => [id, holds?.({ email }, one)]);
  const all = (value: boolean) => [
    ['fullcontact', value],
    ['first-sign-in-webhook', undefined],
    ['crm-upsert', value],
  ];
  assert.deepEqual(about(customer), all(true));
  assert.deepEqual(about({ ...customer, email_verified: false }), all(false));
  assert.deepEqual(about(customer, 'other@example.com'), all(false));
});
