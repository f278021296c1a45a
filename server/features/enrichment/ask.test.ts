import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { fullContact, fullContactSource } from '../../../rules-library/fullcontact.ts';
import { libraryRules } from '../../../rules-library/library.ts';
import { testBase } from '../../../test/base.ts';
import { passwordIdentity } from '../../../test/people.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { finishEnrichment } from '../../finish-enrichment.ts';
import { give } from '../consents/consents.ts';
import { createCustomer, explain, findBySubject, learn, timelineOf } from '../customers/customers.ts';
import { addLibraryRule, offerLibrary } from '../rules/rules.ts';
import {
  type Asking,
  ask,
  changeSource,
  eraseEnrichment,
  exportEnrichment,
  type Source,
  sourceStates,
} from './enrichment.ts';

let base: Base;
let address: string;
type Answer = (request: IncomingMessage, response: ServerResponse, question: JsonObject) => void | Promise<void>;
let answer: Answer;
const asked: JsonObject[] = [];
const found = { title: 'Perfumer', organization: 'Atelier Nacre' };

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const question: JsonObject = JSON.parse(body);
  asked.push(question);
  await answer(request, response, question);
});

function says(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

before(async () => {
  base = await testBase();
  offerLibrary(base, libraryRules);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : 0;
  address = `http://127.0.0.1:${port}/v3/person.enrich`;
  await transact(base.db, (tx) => writeOutgoingHosts(tx, base.settings, [`127.0.0.1:${port}`]));
  const author = { by: 'machine', name: 'Machine' };
  await addLibraryRule(base, { library: fullContact.id, settings: { key: 'the-key', address } }, author);
  await base.settings.refresh();
});
after(async () => {
  await base.close();
  server.close();
});
beforeEach(async () => {
  asked.length = 0;
  await base.pool.query('delete from enrichment_days');
  await base.pool.query('update enrichment_sources set failures_in_row = 0, paused_until = null, paused_for = null');
});

let people = 0;
async function newcomer(): Promise<string> {
  people += 1;
  const { subject } = await createCustomer(base.db, passwordIdentity(`person${people}@example.com`));
  return subject;
}

// Whatever else this machine does, an answer that is there is waited for.
const patient: Source = { ...fullContactSource, patienceMs: 20_000 };
const brand = '018f0000-0000-7000-8000-000000000001';
function lookUp(subject: string, question: JsonObject = { email: `${subject}@example.com` }, source: Source = patient) {
  const asking: Asking = { source, settings: { key: 'the-key', address }, brand, subject, question };
  return ask(base, asking);
}

async function learned(subject: string) {
  const customer = await findBySubject(base.db, subject);
  const facts = await explain(base.db, customer?.id ?? '');
  return facts
    .filter(({ source }) => source === 'rule')
    .map(({ path, value, origin, confidence }) => [path, value, origin, confidence]);
}

/** What the timeline says that this source changed, the newest first. */
async function toldOf(subject: string) {
  const customer = await findBySubject(base.db, subject);
  const { entries } = await timelineOf(base.db, customer?.id ?? '', { perPage: 10, names: ['profile_changed'] });
  return entries.map(({ subject: whose, source, data }) => ({ whose, source, ...data }));
}

async function jobsOf(subject: string): Promise<JsonObject[]> {
  const { rows } = await base.pool.query('select payload from graphile_worker._private_jobs where key = $1', [
    `enrichment fullcontact ${subject}`,
  ]);
  return rows.map(({ payload }) => payload);
}

/** Runs the waiting job, as if its time had come. */
async function finishNow(subject: string): Promise<void> {
  const [payload] = await jobsOf(subject);
  assert.ok(payload, 'a job waits');
  await base.pool.query('select graphile_worker.remove_job($1)', [`enrichment fullcontact ${subject}`]);
  await finishEnrichment(base, payload);
}

async function state() {
  const states = await sourceStates(base.db, [fullContactSource]);
  const [one] = states;
  assert.ok(one);
  return one;
}

async function allow(subject: string, given = true): Promise<void> {
  const said = { purpose: 'enrichment', version: '1', wording: 'Yes?', language: 'en', source: 'account' } as const;
  await give(base.db, { subject, brand: null, given, ...said, at: new Date() });
}

test('what is found becomes facts of the profile with their source, and is not asked for again', async () => {
  const subject = await newcomer();
  answer = says(200, found);
  const told = await lookUp(subject);
  assert.equal(told.status, 'hit');
  assert.deepEqual(await learned(subject), [
    ['app_metadata.employer', 'Atelier Nacre', 'library:fullcontact', 0.95],
    ['app_metadata.job_title', 'Perfumer', 'library:fullcontact', 0.95],
  ]);
  assert.deepEqual(await lookUp(subject), { status: 'hit', facts: [] });
  assert.equal(asked.length, 1);
  assert.deepEqual(await jobsOf(subject), []);
  assert.partialDeepStrictEqual(await state(), { lastDays: { hits: 1, misses: 0, failures: 0 }, paused: null });
});

test('the timeline says what was found, also by a job later, and nothing of what changed no value', async () => {
  const subject = await newcomer();
  const row = { whose: subject, source: 'rules', by: 'library:fullcontact' };
  answer = says(200, found);
  await lookUp(subject);
  const first = { ...row, paths: ['app_metadata.job_title', 'app_metadata.employer'] };
  assert.deepEqual(await toldOf(subject), [first]);

  await allow(subject);
  const due = "update enrichment_answers set ask_again_at = now() - interval '1 second' where subject = $1";
  await base.pool.query(due, [subject]);
  answer = says(503);
  assert.deepEqual(await lookUp(subject), { status: 'later' });
  answer = says(200, { ...found, title: 'Nose' });
  await finishNow(subject);
  assert.deepEqual(await toldOf(subject), [{ ...row, paths: ['app_metadata.job_title'] }, first]);

  const other = await newcomer();
  const said = { path: 'app_metadata.job_title', source: 'umbrella', origin: 'crm', at: new Date() } as const;
  await learn(base.db, other, [{ ...said, value: 'Buyer' }]);
  answer = says(200, { title: 'Perfumer' });
  assert.equal((await lookUp(other)).status, 'hit');
  assert.deepEqual(await toldOf(other), [], 'the company’s own word holds');
});

test('who was not found is not asked about for 30 days, also with another address within a day', async () => {
  const subject = await newcomer();
  answer = says(404);
  assert.deepEqual(await lookUp(subject), { status: 'miss' });
  assert.deepEqual(await lookUp(subject), { status: 'miss' });
  assert.deepEqual(await lookUp(subject, { email: 'new@example.com' }), { status: 'miss' });
  assert.equal(asked.length, 1);
  await base.pool.query("update enrichment_answers set asked_at = asked_at - interval '25 hours' where subject = $1", [
    subject,
  ]);
  assert.deepEqual(await lookUp(subject), { status: 'miss' });
  assert.equal(asked.length, 1, 'the same question');
  await lookUp(subject, { email: 'new@example.com' });
  assert.equal(asked.length, 2, 'another question, a day later');
  const { rows } = await base.pool.query(
    'select ask_again_at - asked_at as rest from enrichment_answers where subject = $1',
    [subject],
  );
  assert.equal(rows[0]?.rest.days, 30);
});

test('50 sign-ins of one customer at once ask once', async () => {
  const subject = await newcomer();
  answer = says(200, found);
  const all = await Promise.all(Array.from({ length: 50 }, () => lookUp(subject)));
  assert.equal(asked.length, 1);
  assert.equal(all.filter(({ status }) => status !== 'hit' && status !== 'later').length, 0);
});

test('a slow answer holds no sign-in, and is kept all the same', async () => {
  const subject = await newcomer();
  const hold = Promise.withResolvers<void>();
  answer = async (request, response, question) => {
    await hold.promise;
    await says(200, found)(request, response, question);
  };
  const question = { email: 'slow@example.com' };
  assert.deepEqual(await lookUp(subject, question, fullContactSource), { status: 'later' });
  assert.deepEqual(await lookUp(subject, question), { status: 'later' }, 'nobody asks beside it');
  hold.resolve();
  for (let tries = 0; (await learned(subject)).length === 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal((await learned(subject)).length, 2);
  assert.equal(asked.length, 1);
  assert.deepEqual(await jobsOf(subject), []);
});

test('what fails at the sign-in is finished by a job, as long as the customer allows it', async () => {
  const subject = await newcomer();
  await allow(subject);
  answer = says(503);
  assert.deepEqual(await lookUp(subject), { status: 'later' });
  await finishNow(subject);
  assert.equal((await jobsOf(subject)).length, 1, 'it will be tried again');
  answer = says(202);
  await finishNow(subject);
  answer = says(200, found);
  await finishNow(subject);
  assert.equal((await learned(subject)).length, 2);
  assert.deepEqual(await jobsOf(subject), []);
  const lastFailure = { why: 'It answered 503.' };
  assert.partialDeepStrictEqual(await state(), { lastDays: { hits: 1, failures: 2 }, failuresInRow: 0, lastFailure });

  const other = await newcomer();
  await allow(other);
  answer = says(503);
  await lookUp(other);
  await allow(other, false);
  asked.length = 0;
  answer = says(200, found);
  await finishNow(other);
  assert.deepEqual([asked, await learned(other)], [[], []], 'taken back meanwhile: nobody is asked');
});

test('after the last try it is given up for a day', async () => {
  const subject = await newcomer();
  await allow(subject);
  answer = says(500);
  await lookUp(subject);
  for (let tries = 0; tries < 10 && (await jobsOf(subject)).length > 0; tries += 1) {
    await base.pool.query('update enrichment_sources set paused_until = null');
    await finishNow(subject);
  }
  const { rows } = await base.pool.query(
    'select status, question, ask_again_at > now() as rests from enrichment_answers where subject = $1',
    [subject],
  );
  assert.deepEqual(rows, [{ status: 'failed', question: null, rests: true }]);
});

test('after five failures in a row nobody waits for it any more, until one call finds it well', async () => {
  answer = says(500);
  for (let count = 0; count < 5; count += 1) await lookUp(await newcomer());
  assert.match((await state()).paused?.why ?? '', /answered 500/);
  asked.length = 0;
  const subject = await newcomer();
  assert.deepEqual(await lookUp(subject), { status: 'paused' });
  assert.equal(asked.length, 0);
  // The pause is over: of many, one tries.
  await base.pool.query("update enrichment_sources set paused_until = now() - interval '1 second'");
  const subjects = await Promise.all(Array.from({ length: 10 }, newcomer));
  let held = 0;
  const others = Promise.withResolvers<void>();
  // Once it is found well all may ask: it answers when the others have been told that it rests.
  answer = async (request, response, question) => {
    await others.promise;
    await says(200, found)(request, response, question);
  };
  const many = await Promise.all(
    subjects.map(async (one) => {
      const told = await lookUp(one);
      if (told.status === 'paused' && ++held === 9) others.resolve();
      return told;
    }),
  );
  answer = says(200, found);
  assert.equal(many.filter(({ status }) => status === 'hit').length, 1);
  assert.equal(asked.length, 1);
  assert.equal((await state()).paused, null);
  assert.equal((await lookUp(subject)).status, 'hit');
});

test('what it refuses for the data of some customers is a failure, and keeps no other waiting', async () => {
  answer = says(500);
  for (let count = 0; count < 4; count += 1) await lookUp(await newcomer());
  answer = says(422);
  for (let count = 0; count < 6; count += 1) assert.equal((await lookUp(await newcomer())).status, 'failed');
  const { paused, lastFailure } = await state();
  assert.equal(paused, null);
  assert.match(lastFailure?.why ?? '', /refused the request \(422\)/);
});

test('a wrong key pauses it at once, and staff can go on at once', async () => {
  answer = says(403, { message: 'Quota exceeded' });
  await lookUp(await newcomer());
  const { paused, version } = await state();
  assert.match(paused?.why ?? '', /key is wrong, or its quota/);
  await assert.rejects(
    changeSource(base, fullContactSource, { resume: true, ifVersion: version + 7 }),
    /changed this meanwhile/,
  );
  assert.equal((await changeSource(base, fullContactSource, { resume: true })).paused, null);
});

test('what a call costs is counted by what it costs then', async () => {
  await changeSource(base, fullContactSource, { costPerCall: 0.05, costFor: 'hit', currency: 'EUR' });
  answer = says(200, found);
  await lookUp(await newcomer());
  answer = says(404);
  await lookUp(await newcomer());
  await changeSource(base, fullContactSource, { costPerCall: 0.1, costFor: 'call' });
  await lookUp(await newcomer());
  const { lastDays, days, costPerCall } = await state();
  assert.deepEqual(lastDays, { hits: 1, misses: 2, failures: 0, cost: { EUR: 0.15 } });
  assert.deepEqual([days.length, costPerCall], [1, 0.1]);
});

test('security row 11: an address inside is not called, and of an answer nothing but facts is kept', async () => {
  const subject = await newcomer();
  const inside: Asking = {
    source: fullContactSource,
    settings: { key: 'k', address: 'http://169.254.169.254/latest/meta-data' },
    brand,
    subject,
    question: { email: 'a@example.com' },
  };
  assert.deepEqual(await ask(base, inside), { status: 'failed' });
  assert.deepEqual(await learned(subject), []);
  assert.match(JSON.stringify(await state()), /"failures":1/);
});

test('what was asked goes with the customer, and is handed to them', async () => {
  const subject = await newcomer();
  answer = says(404);
  await lookUp(subject, { email: 'private@example.com' });
  const customer = await findBySubject(base.db, subject);
  assert.ok(customer);
  const told = await exportEnrichment(base.db, customer.id);
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
  await eraseEnrichment(base.db, erased);
  assert.deepEqual(await exportEnrichment(base.db, customer.id), { enrichment: [] });
});

test('an answer that comes after the customer was erased is not kept', async () => {
  const subject = await newcomer();
  const hold = Promise.withResolvers<void>();
  answer = async (request, response, question) => {
    await hold.promise;
    await says(200, found)(request, response, question);
  };
  await lookUp(subject, { email: 'slow@example.com' }, fullContactSource);
  await base.pool.query('delete from enrichment_answers where subject = $1', [subject]);
  hold.resolve();
  for (let tries = 0; (await state()).lastDays.hits === 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await learned(subject), []);
});
