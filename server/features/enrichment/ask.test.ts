import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { fullContactSource } from '../../../rules-library/fullcontact.ts';
import { brand, type EnrichmentScene, openEnrichmentScene, says } from '../../../test/enrichment-scene.ts';
import { findBySubject, learn, timelineOf } from '../customers/customers.ts';
import { type Asking, ask, changeSource, eraseEnrichment, exportEnrichment } from './enrichment.ts';

let scene: EnrichmentScene;
const found = { title: 'Perfumer', organization: 'Atelier Nacre' };

before(async () => {
  scene = await openEnrichmentScene();
});
after(() => scene.close());
beforeEach(() => scene.clear());

/** What the timeline says that this source changed, the newest first. */
async function toldOf(subject: string) {
  const { db } = scene.base;
  const customer = await findBySubject(db, subject);
  const { entries } = await timelineOf(db, customer?.id ?? '', { perPage: 10, names: ['profile_changed'] });
  return entries.map(({ subject: whose, source, data }) => ({ whose, source, ...data }));
}

test('what is found becomes facts of the profile with their source, and is not asked for again', async () => {
  const subject = await scene.newcomer();
  scene.answer = says(200, found);
  const told = await scene.lookUp(subject);
  assert.equal(told.status, 'hit');
  assert.deepEqual(await scene.learned(subject), [
    ['app_metadata.employer', 'Atelier Nacre', 'library:fullcontact', 0.95],
    ['app_metadata.job_title', 'Perfumer', 'library:fullcontact', 0.95],
  ]);
  assert.deepEqual(await scene.lookUp(subject), { status: 'hit', facts: [] });
  assert.equal(scene.asked.length, 1);
  assert.deepEqual(await scene.jobsOf(subject), []);
  assert.partialDeepStrictEqual(await scene.state(), { lastDays: { hits: 1, misses: 0, failures: 0 }, paused: null });
});

test('the timeline says what was found, also by a job later, and nothing of what changed no value', async () => {
  const subject = await scene.newcomer();
  const row = { whose: subject, source: 'rules', by: 'library:fullcontact' };
  scene.answer = says(200, found);
  await scene.lookUp(subject);
  const first = { ...row, paths: ['app_metadata.job_title', 'app_metadata.employer'] };
  assert.deepEqual(await toldOf(subject), [first]);

  await scene.allow(subject);
  const due = "update enrichment_answers set ask_again_at = now() - interval '1 second' where subject = $1";
  await scene.base.pool.query(due, [subject]);
  scene.answer = says(503);
  assert.deepEqual(await scene.lookUp(subject), { status: 'later' });
  scene.answer = says(200, { ...found, title: 'Nose' });
  await scene.finishNow(subject);
  assert.deepEqual(await toldOf(subject), [{ ...row, paths: ['app_metadata.job_title'] }, first]);

  const other = await scene.newcomer();
  const said = { path: 'app_metadata.job_title', source: 'umbrella', origin: 'crm', at: new Date() } as const;
  await learn(scene.base.db, other, [{ ...said, value: 'Buyer' }]);
  scene.answer = says(200, { title: 'Perfumer' });
  assert.equal((await scene.lookUp(other)).status, 'hit');
  assert.deepEqual(await toldOf(other), [], 'the company’s own word holds');
});

test('who was not found is not asked about for 30 days, also with another address within a day', async () => {
  const subject = await scene.newcomer();
  scene.answer = says(404);
  assert.deepEqual(await scene.lookUp(subject), { status: 'miss' });
  assert.deepEqual(await scene.lookUp(subject), { status: 'miss' });
  assert.deepEqual(await scene.lookUp(subject, { email: 'new@example.com' }), { status: 'miss' });
  assert.equal(scene.asked.length, 1);
  await scene.base.pool.query(
    "update enrichment_answers set asked_at = asked_at - interval '25 hours' where subject = $1",
    [subject],
  );
  assert.deepEqual(await scene.lookUp(subject), { status: 'miss' });
  assert.equal(scene.asked.length, 1, 'the same question');
  await scene.lookUp(subject, { email: 'new@example.com' });
  assert.equal(scene.asked.length, 2, 'another question, a day later');
  const { rows } = await scene.base.pool.query(
    'select ask_again_at - asked_at as rest from enrichment_answers where subject = $1',
    [subject],
  );
  assert.equal(rows[0]?.rest.days, 30);
});

test('50 sign-ins of one customer at once ask once', async () => {
  const subject = await scene.newcomer();
  scene.answer = says(200, found);
  const all = await Promise.all(Array.from({ length: 50 }, () => scene.lookUp(subject)));
  assert.equal(scene.asked.length, 1);
  assert.equal(all.filter(({ status }) => status !== 'hit' && status !== 'later').length, 0);
});

test('a slow answer holds no sign-in, and is kept all the same', async () => {
  const subject = await scene.newcomer();
  const hold = Promise.withResolvers<void>();
  scene.answer = async (request, response, question) => {
    await hold.promise;
    await says(200, found)(request, response, question);
  };
  const question = { email: 'slow@example.com' };
  assert.deepEqual(await scene.lookUp(subject, question, fullContactSource), { status: 'later' });
  assert.deepEqual(await scene.lookUp(subject, question), { status: 'later' }, 'nobody asks beside it');
  hold.resolve();
  for (let tries = 0; (await scene.learned(subject)).length === 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal((await scene.learned(subject)).length, 2);
  assert.equal(scene.asked.length, 1);
  assert.deepEqual(await scene.jobsOf(subject), []);
});

test('what fails at the sign-in is finished by a job, as long as the customer allows it', async () => {
  const subject = await scene.newcomer();
  await scene.allow(subject);
  scene.answer = says(503);
  assert.deepEqual(await scene.lookUp(subject), { status: 'later' });
  await scene.finishNow(subject);
  assert.equal((await scene.jobsOf(subject)).length, 1, 'it will be tried again');
  scene.answer = says(202);
  await scene.finishNow(subject);
  scene.answer = says(200, found);
  await scene.finishNow(subject);
  assert.equal((await scene.learned(subject)).length, 2);
  assert.deepEqual(await scene.jobsOf(subject), []);
  const lastFailure = { why: 'It answered 503.' };
  assert.partialDeepStrictEqual(await scene.state(), {
    lastDays: { hits: 1, failures: 2 },
    failuresInRow: 0,
    lastFailure,
  });

  const other = await scene.newcomer();
  await scene.allow(other);
  scene.answer = says(503);
  await scene.lookUp(other);
  await scene.allow(other, false);
  scene.asked.length = 0;
  scene.answer = says(200, found);
  await scene.finishNow(other);
  assert.deepEqual([scene.asked, await scene.learned(other)], [[], []], 'taken back meanwhile: nobody is asked');
});

test('after the last try it is given up for a day', async () => {
  const subject = await scene.newcomer();
  await scene.allow(subject);
  scene.answer = says(500);
  await scene.lookUp(subject);
  for (let tries = 0; tries < 10 && (await scene.jobsOf(subject)).length > 0; tries += 1) {
    await scene.base.pool.query('update enrichment_sources set paused_until = null');
    await scene.finishNow(subject);
  }
  const { rows } = await scene.base.pool.query(
    'select status, question, ask_again_at > now() as rests from enrichment_answers where subject = $1',
    [subject],
  );
  assert.deepEqual(rows, [{ status: 'failed', question: null, rests: true }]);
});

test('after five failures in a row nobody waits for it any more, until one call finds it well', async () => {
  scene.answer = says(500);
  for (let count = 0; count < 5; count += 1) await scene.lookUp(await scene.newcomer());
  assert.match((await scene.state()).paused?.why ?? '', /answered 500/);
  scene.asked.length = 0;
  const subject = await scene.newcomer();
  assert.deepEqual(await scene.lookUp(subject), { status: 'paused' });
  assert.equal(scene.asked.length, 0);
  // The pause is over: of many, one tries.
  await scene.base.pool.query("update enrichment_sources set paused_until = now() - interval '1 second'");
  const subjects = await Promise.all(Array.from({ length: 10 }, scene.newcomer));
  let held = 0;
  const others = Promise.withResolvers<void>();
  // Once it is found well all may ask: it answers when the others have been told that it rests.
  scene.answer = async (request, response, question) => {
    await others.promise;
    await says(200, found)(request, response, question);
  };
  const many = await Promise.all(
    subjects.map(async (one) => {
      const told = await scene.lookUp(one);
      if (told.status === 'paused' && ++held === 9) others.resolve();
      return told;
    }),
  );
  scene.answer = says(200, found);
  assert.equal(many.filter(({ status }) => status === 'hit').length, 1);
  assert.equal(scene.asked.length, 1);
  assert.equal((await scene.state()).paused, null);
  assert.equal((await scene.lookUp(subject)).status, 'hit');
});

test('what it refuses for the data of some customers is a failure, and keeps no other waiting', async () => {
  scene.answer = says(500);
  for (let count = 0; count < 4; count += 1) await scene.lookUp(await scene.newcomer());
  scene.answer = says(422);
  for (let count = 0; count < 6; count += 1)
    assert.equal((await scene.lookUp(await scene.newcomer())).status, 'failed');
  const { paused, lastFailure } = await scene.state();
  assert.equal(paused, null);
  assert.match(lastFailure?.why ?? '', /refused the request \(422\)/);
});

test('a wrong key pauses it at once, and staff can go on at once', async () => {
  scene.answer = says(403, { message: 'Quota exceeded' });
  await scene.lookUp(await scene.newcomer());
  const { paused, version } = await scene.state();
  assert.match(paused?.why ?? '', /key is wrong, or its quota/);
  await assert.rejects(
    changeSource(scene.base, fullContactSource, { resume: true, ifVersion: version + 7 }),
    /changed this meanwhile/,
  );
  assert.equal((await changeSource(scene.base, fullContactSource, { resume: true })).paused, null);
});

test('what a call costs is counted by what it costs then', async () => {
  await changeSource(scene.base, fullContactSource, { costPerCall: 0.05, costFor: 'hit', currency: 'EUR' });
  scene.answer = says(200, found);
  await scene.lookUp(await scene.newcomer());
  scene.answer = says(404);
  await scene.lookUp(await scene.newcomer());
  await changeSource(scene.base, fullContactSource, { costPerCall: 0.1, costFor: 'call' });
  await scene.lookUp(await scene.newcomer());
  const { lastDays, days, costPerCall } = await scene.state();
  assert.deepEqual(lastDays, { hits: 1, misses: 2, failures: 0, cost: { EUR: 0.15 } });
  assert.deepEqual([days.length, costPerCall], [1, 0.1]);
});

test('security row 11: an address inside is not called, and of an answer nothing but facts is kept', async () => {
  const subject = await scene.newcomer();
  await scene.proves(subject, 'a@example.com');
  const inside: Asking = {
    source: fullContactSource,
    settings: { key: 'k', address: 'http://169.254.169.254/latest/meta-data' },
    brand,
    subject,
    question: { email: 'a@example.com' },
  };
  assert.deepEqual(await ask(scene.base, inside), { status: 'failed' });
  assert.deepEqual(await scene.learned(subject), []);
  assert.match(JSON.stringify(await scene.state()), /"failures":1/);
});

test('what was asked goes with the customer, and is handed to them', async () => {
  const subject = await scene.newcomer();
  scene.answer = says(404);
  await scene.lookUp(subject, { email: 'private@example.com' });
  const customer = await findBySubject(scene.base.db, subject);
  assert.ok(customer);
  const told = await exportEnrichment(scene.base.db, customer.id);
  assert.partialDeepStrictEqual(told, { enrichment: [{ source: 'fullcontact', status: 'miss' }] });
  const erased = {
    customer: customer.id,
    customers: [customer.id],
    subjects: [subject],
    userIds: [],
    emails: [],
    phones: [],
    sharedEmails: [],
    at: new Date(),
  };
  await eraseEnrichment(scene.base.db, erased);
  assert.deepEqual(await exportEnrichment(scene.base.db, customer.id), { enrichment: [] });
});

test('an answer that comes after the customer was erased is not kept', async () => {
  const subject = await scene.newcomer();
  const hold = Promise.withResolvers<void>();
  scene.answer = async (request, response, question) => {
    await hold.promise;
    await says(200, found)(request, response, question);
  };
  await scene.lookUp(subject, { email: 'slow@example.com' }, fullContactSource);
  await scene.base.pool.query('delete from enrichment_answers where subject = $1', [subject]);
  hold.resolve();
  for (let tries = 0; (await scene.state()).lastDays.hits === 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await scene.learned(subject), []);
});
