import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../server/base/json.ts';
import { fullContact, fullContactSource } from './fullcontact.ts';
import { runRule } from './test-run-rule.ts';

const settings = fullContactSource.settings.parse({ key: 'the-key', confidence: 'MED' });
const read = (status: number, json?: Json, headers = {}) =>
  fullContactSource.read(settings, { status, json, headers: new Headers(headers) });

const person = {
  fullName: 'Sofia Marchetti',
  ageRange: '25-34',
  gender: 'Female',
  location: 'Milan, Italy',
  title: 'Perfumer',
  organization: 'Atelier Nacre',
  twitter: 'https://twitter.com/sofia',
  linkedin: null,
  bio: 'x'.repeat(10_000),
  details: { age: null, employment: [{ name: 'Atelier Nacre', current: true }] },
  updated: '2026-01-01',
};

test('it is asked by the e-mail address, with its key, for no less than the confidence of the form', () => {
  const request = fullContactSource.request(settings, { email: 'sofia@example.com' });
  assert.equal(request.method, 'POST');
  assert.equal(request.url, 'https://api.fullcontact.com/v3/person.enrich');
  assert.equal(request.headers.authorization, 'Bearer the-key');
  assert.deepEqual(JSON.parse(request.body ?? ''), { email: 'sofia@example.com', confidence: 'MED' });
});

test('what it tells becomes facts, each with its confidence; no blob, and nothing that was not asked for', () => {
  const confidence = 0.8;
  assert.deepEqual(read(200, person), {
    status: 'hit',
    facts: [
      { path: 'app_metadata.job_title', value: 'Perfumer', confidence },
      { path: 'app_metadata.employer', value: 'Atelier Nacre', confidence },
      { path: 'app_metadata.place', value: 'Milan, Italy', confidence },
      { path: 'app_metadata.age_range', value: '25-34', confidence },
      { path: 'app_metadata.handles', value: { twitter: 'https://twitter.com/sofia' }, confidence },
    ],
  });
  assert.deepEqual(read(200, { title: '  ', organization: 7, location: 'a\u0000b' }), {
    status: 'hit',
    facts: [{ path: 'app_metadata.place', value: 'a b', confidence }],
  });
});

test('the HTTP status is minded: an error is never a profile', () => {
  assert.deepEqual(read(202, { message: 'Queued' }), { status: 'later' });
  assert.deepEqual(read(404, { message: 'Not found' }), { status: 'miss' });
  assert.partialDeepStrictEqual(read(422, { message: 'Bad e-mail' }), { status: 'failed', final: true });
  assert.partialDeepStrictEqual(read(403, { message: 'Quota' }), { status: 'failed', pauseSeconds: 3600 });
  assert.partialDeepStrictEqual(read(429, null, { 'retry-after': '120' }), { status: 'failed', pauseSeconds: 120 });
  assert.partialDeepStrictEqual(read(429, null, { 'retry-after': 'soon' }), { pauseSeconds: 60 });
  for (const status of [301, 500, 503]) assert.equal(read(status, person).status, 'failed');
  assert.equal(read(200, undefined).status, 'failed', 'no JSON');
  assert.equal(read(200, [person]).status, 'failed', 'no person');
  assert.throws(() => fullContactSource.settings.parse({ key: 'k', notFoundDays: 7 }), 'not again for 30 days');
});

const form = { key: 'the-key' };

test('only a proven address is asked about; what is found is seen by later rules', async () => {
  const user = { email: 'sofia@example.com', email_verified: true };
  const found = { status: 'hit', facts: [{ path: 'app_metadata.employer', value: 'Atelier Nacre', confidence: 0.95 }] };
  const run = await runRule(fullContact, { user, settings: form, answers: { enrichment_ask: found } });
  assert.deepEqual(run.called, [{ name: 'enrichment_ask', argument: { email: 'sofia@example.com' } }]);
  assert.deepEqual(run.user.app_metadata, { employer: 'Atelier Nacre' });
  for (const other of [{}, { email: 'sofia@example.com' }, { ...user, email_verified: false }]) {
    assert.deepEqual((await runRule(fullContact, { user: other, settings: form })).called, []);
  }
  const later = await runRule(fullContact, { user, settings: form, answers: { enrichment_ask: { status: 'later' } } });
  assert.deepEqual([later.error, later.user.app_metadata], [undefined, undefined]);
});
