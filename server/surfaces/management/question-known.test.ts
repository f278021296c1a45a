import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { now } from '../../base/clock.ts';
import { findByUserId, identitiesOf } from '../../features/customers/customers.ts';
import { countAttributeShares } from '../../features/questions/questions.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let question: string;
let fresh: string;
const brands: Record<string, string> = {};
const day = 86_400_000;
const job = 'user_metadata.job';

before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  const made = async (path: string, body: object) => object(await api.call('POST', path, body));
  const connection = 'Username-Password-Authentication';
  await made('/connections', { name: connection, strategy: 'auth0' });
  for (const slug of ['north', 'south']) {
    brands[slug] = String((await made('/brands', { slug, name: slug })).id);
  }
  const people: [name: string, brands: string[], more: object][] = [
    ['knows', ['north'], { user_metadata: { job: 'baker' } }],
    ['fresh', ['north', 'south'], {}],
    ['emptied', ['south'], { user_metadata: { job: null } }],
    ['nowhere', [], { user_metadata: { job: 'smith' }, given_name: 'Ada' }],
  ];
  for (const [name, places, more] of people) {
    const draft = { connection, email: `${name}@example.com`, password: 'correct horse battery', verify_email: false };
    const { user_id } = await made('/users', { ...draft, ...more });
    if (name === 'fresh') fresh = String(user_id);
    const customer = await findByUserId(api.base.db, String(user_id));
    const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
    assert.ok(identity);
    const { subject } = identity;
    for (const slug of places) {
      const visit = { subject, brand: brands[slug] ?? '', first_at: now(), last_at: now() };
      await api.base.db.insertInto('visits').values(visit).execute();
    }
  }
  const field = (path: string) => ({ type: 'text', key: path.replace(/\W/g, '-'), labels: { en: 'x' }, path });
  const content = { variants: [{ key: 'a', heading: { en: 'x' }, fields: [field(job), field('given_name')] }] };
  question = String((await made('/questions', { name: 'Work', state: 'live', content })).id);
  const draft = { variants: [{ key: 'a', heading: { en: 'x' }, fields: [field('user_metadata.other')] }] };
  await made('/questions', { name: 'Draft', content: draft });
});
after(() => api.close());

const known = async (query = '') => (await api.call('GET', `/questions/${question}/known${query}`)).body;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

test('of how many customers what is asked for is known is counted each day, of all and of each brand', async () => {
  assert.deepEqual(await known(), {
    attributes: [
      { path: job, days: [] },
      { path: 'given_name', days: [] },
    ],
  });
  const at = now();
  await countAttributeShares(api.base.db, new Date(at.getTime() - day));
  const yesterday = dayOf(new Date(at.getTime() - day));
  const first = { day: yesterday, known: 2, customers: 4 };
  assert.deepEqual(await known(), {
    attributes: [
      { path: job, days: [first] },
      { path: 'given_name', days: [{ ...first, known: 1 }] },
    ],
  });
  const user = `/users/${encodeURIComponent(fresh)}`;
  assert.equal((await api.call('PATCH', user, { user_metadata: { job: 'cook' } })).status, 200);
  // Twice on a day: the later count holds.
  await countAttributeShares(api.base.db, at);
  await countAttributeShares(api.base.db, at);
  const today = { day: dayOf(at), known: 3, customers: 4 };
  assert.partialDeepStrictEqual(await known(), { attributes: [{ path: job, days: [first, today] }] });
  assert.partialDeepStrictEqual(await known(`?brand=${brands.north}`), {
    attributes: [
      {
        path: job,
        days: [
          { day: yesterday, known: 1, customers: 2 },
          { day: dayOf(at), known: 2, customers: 2 },
        ],
      },
    ],
  });
  assert.partialDeepStrictEqual(await known(`?brand=${brands.south}&from=${at.toISOString()}`), {
    attributes: [{ path: job, days: [{ day: dayOf(at), known: 1, customers: 2 }] }],
  });
  const counted = await api.base.db.selectFrom('attribute_shares').select('path').distinct().execute();
  assert.deepEqual(counted.map(({ path }) => path).sort(), ['given_name', job], 'of drafts nothing is counted');
});

test('a name that was made of the e-mail address is not known', async () => {
  const fields = [{ type: 'text', key: 'n', labels: { en: 'x' }, path: 'nickname' }];
  const content = { variants: [{ key: 'a', heading: { en: 'x' }, fields }] };
  const { id } = object(await api.call('POST', '/questions', { name: 'Name', state: 'live', content }));
  const said = object(await api.call('PATCH', `/users/${encodeURIComponent(fresh)}`, { nickname: 'fresh' }));
  assert.equal(said.nickname, 'fresh', 'who says what the default is has said it');
  await countAttributeShares(api.base.db, now());
  const { body } = await api.call('GET', `/questions/${id}/known`);
  assert.partialDeepStrictEqual(body, { attributes: [{ path: 'nickname', days: [{ known: 1, customers: 4 }] }] });
  assert.equal((await api.call('DELETE', `/questions/${id}`)).status, 204);
});

test('what was counted long ago goes', async () => {
  await countAttributeShares(api.base.db, new Date(Date.now() - 900 * day));
  await countAttributeShares(api.base.db, now());
  const old = await api.base.db
    .selectFrom('attribute_shares')
    .select('day')
    .where('day', '<', new Date(Date.now() - 850 * day))
    .execute();
  assert.deepEqual(old, []);
});

test('security row 16: it is told of the caller’s own brands and of what they may see alone', async () => {
  const north = String(brands.north);
  const limited = await signInStaff(api, { ready: 'marketer', brands: [north] });
  const status = async (query: string) =>
    (await api.send('GET', `/questions/${question}/known${query}`, { headers: limited.headers })).status;
  assert.equal(await status(''), 403, 'all customers are more than those of their brand');
  assert.equal(await status(`?brand=${brands.south}`), 400);
  assert.equal(await status(`?brand=${north}`), 200);
  const blind = await signInStaff(api, { ready: 'marketer', reads: ['*', `-${job}`] });
  const { body } = await api.send('GET', `/questions/${question}/known`, { headers: blind.headers });
  assert.partialDeepStrictEqual(body, { attributes: [{ path: 'given_name' }] }, JSON.stringify(body));
  assert.doesNotMatch(JSON.stringify(body), /job/);
});
