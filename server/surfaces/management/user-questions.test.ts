import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { findByUserId, identitiesOf } from '../../features/customers/customers.ts';
import {
  askingOf,
  type Given,
  getQuestion,
  keepAnswer,
  putOff,
  readAnswers,
  startAsking,
  toLive,
} from '../../features/questions/questions.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let user: string;
let who: { customer: string; subject: string };
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  const draft = { connection, email: 'ada@example.com', password: 'correct horse battery', verify_email: false };
  user = String(object(await api.call('POST', '/users', draft)).user_id);
  const customer = await findByUserId(api.base.db, user);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(customer && identity);
  who = { customer: customer.id, subject: identity.subject };
});
after(() => api.close());

const field = (name: string, label: string, more: object = {}) => {
  return { type: 'text', key: name, labels: { en: label }, path: `user_metadata.${name}`, ...more };
};
const choices = [
  { value: 'hair', labels: { en: 'Hair care' } },
  { value: 'scent', labels: { en: 'Fragrance' } },
];
const contentOf = (heading: string, fields: object[], when: object | null = null) => {
  return { variants: [{ key: 'a', heading: { en: heading }, fields }], when };
};
async function make(content: object, name = 'Kept'): Promise<string> {
  const made = await api.call('POST', '/questions', { name, state: 'live', content });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return String(object(made).id);
}

/** The customer is asked, and says this; null: not now. */
async function ask(id: string, given: Given | null): Promise<void> {
  const { db } = api.base;
  const question = toLive(await getQuestion(db, id));
  assert.ok(question);
  const [variant] = question.content.variants;
  assert.ok(variant);
  const chosen = { question, variant, fields: variant.fields, arm: 'asked' } as const;
  const at = { brand: null, portal: null, signIn: null, signInNumber: 1, device: null, country: null, language: 'en' };
  const where = { ...at, subject: who.subject, place: 'page', hour: 9, at: now() } as const;
  const asking = await askingOf(db, who.customer, await startAsking(db, chosen, where));
  assert.ok(asking);
  if (given === null) return void (await putOff(db, who.customer, asking.ask.id, 'not_now', now()));
  const { said, faults } = readAnswers(asking.fields, given);
  assert.equal(faults.size, 0);
  assert.equal(await keepAnswer(db, asking, { ...who, said, at: now() }), 'answered');
}
const asked = (page = '') => `/users/${encodeURIComponent(user)}/questions${page}`;

test('what a customer was asked and said is told in the words of then, of removed questions, too', async () => {
  const likes = { ...field('likes', 'You like'), type: 'choice', choices, not_for_me: true };
  const id = await make(
    contentOf('What do you do?', [field('job', 'Where do you work?'), likes, field('pet', 'Pet?')]),
  );
  await ask(id, { job: 'Mill', likes: { not_for_me: true } });
  await api.call('PATCH', `/questions/${id}`, { content: contentOf('Other words', [field('town', 'Town?')]) });
  await ask(id, null);
  await api.call('PATCH', `/users/${encodeURIComponent(user)}`, { user_metadata: { job: 'Bakery' } });
  await api.call('DELETE', `/questions/${id}`);
  const { body } = await api.call('GET', asked());
  assert.partialDeepStrictEqual(body, [
    { heading: { en: 'Other words' }, outcome: 'not_now', said: [{ labels: { en: 'Town?' }, answer: null }] },
    {
      heading: { en: 'What do you do?' },
      outcome: 'answered',
      said: [
        { labels: { en: 'Where do you work?' }, path: 'user_metadata.job', answer: 'value', value: 'Mill' },
        { labels: { en: 'You like' }, answer: 'not_for_me', value: null },
        { labels: { en: 'Pet?' }, answer: null },
      ],
    },
  ]);
  await api.call('PATCH', `/users/${encodeURIComponent(user)}`, { user_metadata: { job: null } });
  const { body: later } = await api.call('GET', asked());
  assert.partialDeepStrictEqual(later, [{}, { said: [{ answer: 'taken_back', value: null }, {}, {}] }]);
  await api.run({ name: 'no users', call: ['GET', asked()], scopes: 'read:questions', status: 403 });
});

test('what was said to a question the last time is not told of the time before', async () => {
  const id = await make(contentOf('Where do you live now?', [field('place', 'Place?')]));
  for (const place of ['Bern', 'Rome']) {
    await ask(id, { place });
    await sleep(2); // the next one is at another time
  }
  const { body } = await api.call('GET', asked('?per_page=2'));
  assert.partialDeepStrictEqual(body, [
    { said: [{ value: 'Rome' }] },
    { said: [{ answer: 'taken_back', value: null }] },
  ]);
});

test('security row 16: that somebody was asked tells nothing of what the caller may not see', async () => {
  const value = { attribute: 'app_metadata.hiv', is: 'equals', value: true };
  const byHidden = await make(contentOf('By what is hidden', [field('a', 'A?')], value));
  const forHidden = await make(contentOf('For what is hidden', [field('secret', 'Secret?')]));
  const plain = await make(contentOf('Plain', [field('b', 'B?')]));
  for (const id of [plain, byHidden, forHidden]) await ask(id, id === byHidden ? { a: 'x' } : null);
  const consent = { type: 'consent', key: 'mail', purpose: 'email' };
  await ask(await make(contentOf('A consent', [consent])), null);
  const reads = ['*', '-app_metadata.hiv', '-user_metadata.secret'];
  const { headers } = await signInStaff(api, { ready: 'marketer', reads, scopes: ['read:users', 'read:questions'] });
  const seen = await api.send('GET', asked('?per_page=1'), { headers });
  assert.partialDeepStrictEqual(seen.body, [{ question: plain }]);
  const all = await api.send('GET', asked(), { headers });
  assert.doesNotMatch(
    JSON.stringify(all.body),
    new RegExp([byHidden, forHidden, 'hidden', 'Secret', 'consent"'].join('|')),
  );
  const { body } = await api.call('GET', asked());
  assert.match(JSON.stringify(body), /By what is hidden/);
});

test('security row 16: the timeline names a question that was answered to whoever may see it with the questions', async () => {
  const plain = await make(contentOf('Plain', [field('d', 'D?')]), 'About their work');
  const value = { attribute: 'app_metadata.hiv', is: 'equals', value: true };
  const byHidden = await make(contentOf('By what is hidden', [field('e', 'E?')], value), 'About their health');
  await ask(plain, { d: 'Mill' });
  await ask(byHidden, { e: 'x' });
  const path = `/users/${encodeURIComponent(user)}/timeline?name=question_answered&take=2`;
  const questionsOf = ({ body }: { body: unknown }) => {
    const { timeline } = z.object({ timeline: z.array(z.object({ data: z.looseObject({}) })) }).parse(body);
    return timeline.map(({ data }) => data.question);
  };
  assert.deepEqual(questionsOf(await api.call('GET', path)), ['About their health', 'About their work']);
  const reads = ['*', '-app_metadata.hiv'];
  const scopes = ['read:users', 'read:logs_users'];
  const marketer = await signInStaff(api, { ready: 'marketer', reads, scopes: [...scopes, 'read:questions'] });
  assert.deepEqual(questionsOf(await api.send('GET', path, marketer)), [undefined, 'About their work']);
  const other = await signInStaff(api, { ready: 'marketer', reads: ['*'], scopes });
  assert.deepEqual(questionsOf(await api.send('GET', path, other)), [undefined, undefined]);
});
