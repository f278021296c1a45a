import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { findByUserId, identitiesOf, recordSignIn } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let user: string;
const brands: Record<string, string> = {};

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const connection = 'Username-Password-Authentication';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  for (const slug of ['north', 'south']) {
    brands[slug] = String(object(await api.call('POST', '/brands', { slug, name: slug })).id);
  }
  const draft = { connection, email: 'ada@example.com', password: 'correct horse battery', verify_email: false };
  user = String(object(await api.call('POST', '/users', { ...draft, user_metadata: { secret: 'planted' } })).user_id);
});
after(() => api.close());

/** The customer comes to a brand, as the hosted pages record it. */
async function come(brand: string, country = 'DE'): Promise<void> {
  const customer = await findByUserId(api.base.db, user);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(identity);
  const context = { portal: null, brand, connection: 'x', country, language: 'de', device: 'phone', hour: 9 } as const;
  const at = new Date();
  await recordSignIn(api.base.db, { subject: identity.subject, at, ip: null, brand: brands[brand], context });
}

const field = (path: string) => ({ type: 'text', key: 'f', labels: { en: 'Tell us', de: 'Sagen Sie' }, path });
async function make(name: string, path: string, when: object | null = null, more: object = {}): Promise<string> {
  const content = { variants: [{ key: 'a', heading: { en: `About ${name}` }, fields: [field(path)] }], when, ...more };
  const made = await api.call('POST', '/questions', { name, state: 'live', content });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return String(object(made).id);
}
const trialOf = (id: string) => `/questions/${id}/trial?user_id=${encodeURIComponent(user)}`;
const least = (value: number) => ({ attribute: 'sign_in.number', is: 'at_least', value });
const verdicts = (body: unknown) => {
  const { questions } = object({ status: 200, headers: {}, body });
  assert.ok(Array.isArray(questions));
  return questions.map(({ name, verdict }) => `${name}: ${verdict}`);
};

test('a question is tried with a customer: what they would be asked, why not the others, and the page', async () => {
  const late = await make('late', 'user_metadata.late', least(9));
  await make('known', 'user_metadata.secret');
  const second = await make('second', 'user_metadata.second', least(2));
  await make('behind', 'user_metadata.behind');
  const draft = await make('draft', 'user_metadata.draft');
  await api.call('PATCH', `/questions/${draft}`, { state: 'paused' });
  await api.call('PUT', '/questions/order', { ids: [late] });
  const never = await api.call('GET', trialOf(late));
  assert.partialDeepStrictEqual(never.body, { sign_in: null, questions: [], asked: null });

  await come('north');
  const before = await everything();
  const { body } = await api.call('GET', trialOf(late));
  assert.deepEqual(verdicts(body), ['late: condition', 'known: nothing_left', 'second: due', 'behind: due']);
  assert.partialDeepStrictEqual(body, {
    sign_in: { number: 2, brand: 'north', device: 'phone', hour: 9 },
    asked: second,
    held_out: false,
    instead: null,
  });
  assert.match(String(object({ status: 200, headers: {}, body }).html), /About second[\s\S]*Sagen Sie/);
  await api.call('PUT', '/questions/order', { ids: [draft] });
  const first = await api.call('GET', trialOf(draft));
  assert.equal(verdicts(first.body)[0], 'draft: due', 'what is not live is tried as if it were');
  assert.partialDeepStrictEqual(first.body, { asked: draft });
  assert.deepEqual(await everything(), before, 'nothing is written');

  await api.call('PATCH', `/users/${encodeURIComponent(user)}`, { blocked: true });
  assert.partialDeepStrictEqual((await api.call('GET', trialOf(draft))).body, { instead: 'blocked' });
  await api.call('PATCH', `/users/${encodeURIComponent(user)}`, { blocked: false });
});

/** What a trial could write: askings, facts, sign-ins, faults of conditions. */
async function everything(): Promise<unknown> {
  const { rows } = await sql`
    select (select count(*) from question_asks) as asks, (select count(*) from facts) as facts,
      (select jsonb_agg(jsonb_build_array(fault, version) order by id) from questions where state = 'live') as faults,
      (select jsonb_agg(to_jsonb(c)) from customers c) as customers, (select count(*) from timeline) as rows`.execute(
    api.base.db,
  );
  return rows;
}

test('each takes its scopes', async () => {
  const id = await make('scopes', 'user_metadata.scopes');
  await api.run({ name: 'no users', call: ['GET', trialOf(id)], scopes: 'read:questions', status: 403 });
  await api.run({ name: 'no questions', call: ['GET', trialOf(id)], scopes: 'read:users', status: 403 });
  const nobody = `/questions/${id}/trial?user_id=auth0%7Cnobody`;
  await api.run({ name: 'nobody', call: ['GET', nobody], status: 404 });
});

test('security row 16: a trial tells nothing of what the caller may not see, by verdict or page', async () => {
  await come('north', 'FR');
  const plain = await make('plain', 'user_metadata.plain');
  const value = { attribute: 'user_metadata.secret', is: 'equals', value: 'planted' };
  const guess = await make('guess', 'user_metadata.guess', { not: value });
  const place = await make('place', 'user_metadata.place', { attribute: 'sign_in.country', is: 'equals', value: 'FR' });
  await make('sure', 'user_metadata.secret');
  await api.call('PUT', '/questions/order', { ids: [guess, place, plain] });
  const { headers } = await signInStaff(api, { ready: 'marketer', reads: ['*', '-user_metadata.secret', '-last_ip'] });
  const see = async (id: string) => api.send('GET', trialOf(id), { headers });
  assert.equal((await see(guess)).status, 403);
  assert.equal((await see(place)).status, 403);
  const { body } = await see(plain);
  assert.deepEqual(verdicts(body).slice(0, 3), ['guess: hidden', 'place: hidden', 'plain: due']);
  assert.ok(verdicts(body).includes('sure: hidden'));
  assert.partialDeepStrictEqual(body, { asked: plain });
  assert.doesNotMatch(JSON.stringify(body), /planted|"FR"/);

  // Who is limited to a brand: neither others' customers, nor that one of theirs came to another brand, and how.
  const limited = await signInStaff(api, { ready: 'marketer', brands: [String(brands.south)] });
  const own = async () => api.send('GET', trialOf(plain), { headers: limited.headers });
  assert.equal((await own()).status, 404);
  await come('south');
  const atSouth = await own();
  assert.partialDeepStrictEqual(atSouth.body, { sign_in: { brand: 'south', number: 4 } });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await come('north');
  const next = { ...object(atSouth), sign_in: { ...Object(object(atSouth).sign_in), number: 5 } };
  assert.deepEqual((await own()).body, next, 'what was told stays, whatever came after it elsewhere');
});
