import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { leavesOf } from '../../../contract/conditions.ts';
import { type QuestionContent, questionContent } from '../../../contract/questions.ts';
import { askFor } from '../../../test/consents.ts';
import { networkIdentity } from '../../../test/people.ts';
import { askLive, contentOf } from '../../../test/questions.ts';
import { openWorld } from '../../../test/sign-in-world.ts';
import { now } from '../../base/clock.ts';
import { uuid } from '../../base/ids.ts';
import { brandBySlug, createBrand } from '../../features/brands/brands.ts';
import type { Fields } from '../../features/conditions/conditions.ts';
import { entriesInForce } from '../../features/consents/consents.ts';
import { insertConsents } from '../../features/consents/store.ts';
import {
  type Customer,
  createAttribute,
  createCustomer,
  type FactDraft,
  findById,
  lastSignIn,
  learn,
  recordSignIn,
  sensitivePaths,
} from '../../features/customers/customers.ts';
import { addTags } from '../../features/notes/notes.ts';
import {
  audienceOf,
  chooseQuestion,
  type Guest,
  getQuestion,
  type LiveQuestion,
  toLive,
} from '../../features/questions/questions.ts';
import { setsOf } from '../login/question-guest.ts';
import { conditionFields } from './user-conditions.ts';

// Whatever is known of customers, whatever they said and were asked: whom "who would see this" finds is who is asked.

const world = await openWorld();
const { base } = world;
const { db } = base;
after(() => world.close());

const at = now();
const before = (days: number) => new Date(at.getTime() - days * 86_400_000);
const slugs = ['lumiere', 'other'] as const;
type Slug = (typeof slugs)[number];
const paths = ['user_metadata.health', 'user_metadata.job', 'user_metadata.scents', 'given_name', 'name'];
const words = fc.constantFrom<string>('rose', 'oud');
const value = fc.oneof(words, fc.uniqueArray(words, { minLength: 1 }));
const days = fc.constantFrom(1, 2, 5, 9);

const facts: fc.Arbitrary<FactDraft> = fc
  .record({
    path: fc.constantFrom(...paths),
    source: fc.constantFrom('customer' as const, 'asked' as const, 'umbrella' as const, 'rule' as const),
    origin: fc.constantFrom('a', 'b'),
    confidence: fc.constantFrom(0.3, 0.6, 1),
    at: days.map(before),
    kind: fc.constantFrom('said' as const, 'said' as const, 'said' as const, 'excluded' as const, 'withdrawn' as const),
    text: words,
    value,
  })
  .map(({ kind, text, value: said, path, ...one }) => {
    const given = path.startsWith('user_metadata') ? said : text;
    return kind === 'withdrawn' ? { ...one, path, kind } : { ...one, path, kind, value: given };
  });
const scope = fc.record({
  slug: fc.constantFrom(null, ...slugs),
  purpose: fc.constantFrom('email' as const, 'email' as const, 'profiling' as const),
  topic: fc.constantFrom(null, null, 'deals', 'news'),
});
const asks = fc.record({
  question: fc.constantFrom('mine' as const, 'another' as const),
  key: fc.constantFrom('f0', 'f1'),
  days,
  number: fc.integer({ min: 1, max: 4 }),
  outcome: fc.constantFrom(null, 'answered', 'answered', 'skipped', 'not_now', 'never'),
});
const people = fc.record({
  facts: fc.array(facts, { maxLength: 5 }),
  said: fc.array(fc.record({ scope, given: fc.boolean() }), { maxLength: 3 }),
  asks: fc.array(asks, { maxLength: 2 }),
  tags: fc.subarray(['regular', 'vip']),
  /** One after the other; of sign-ins of long ago nothing was kept. */
  visited: fc.uniqueArray(
    fc.record({
      slug: fc.constantFrom(...slugs),
      device: fc.constantFrom(null, 'phone' as const, 'desktop' as const),
      kept: fc.constantFrom(true, true, true, false),
    }),
    { minLength: 1, selector: ({ slug }) => slug },
  ),
  number: fc.integer({ min: 1, max: 4 }),
});

const leaf = fc.oneof(
  fc.record({
    attribute: fc.constant('sign_in.number'),
    is: fc.constantFrom('equals', 'at_least'),
    value: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ attribute: fc.constant('sign_in.number'), is: fc.constant('every'), value: fc.constant(2) }),
  fc.record({
    attribute: fc.constantFrom('brand', 'sign_in.brand'),
    is: fc.constant('equals'),
    value: fc.constantFrom(...slugs),
  }),
  fc.record({ attribute: fc.constant('tag'), is: fc.constant('equals'), value: fc.constantFrom('regular', 'vip') }),
  fc.record({
    attribute: fc.constant('consent'),
    is: fc.constant('equals'),
    value: fc.constantFrom('email', 'lumiere:email', 'other:email'),
  }),
  fc.record({
    attribute: fc.constantFrom('tag', 'consent', 'brand', 'sign_in.device', ...paths),
    is: fc.constant('exists'),
    value: fc.boolean(),
  }),
  fc.record({ attribute: fc.constantFrom(...paths), is: fc.constant('equals'), value: words }),
  fc.record({ attribute: fc.constant('sign_in.days_since_question'), is: fc.constant('at_least'), value: days }),
  fc.record({ attribute: fc.constant('sign_in.device'), is: fc.constant('equals'), value: fc.constant('phone') }),
  fc.record({ attribute: fc.constant('question.percentage'), is: fc.constant('less'), value: fc.constant(60) }),
);
const when = fc.oneof(
  fc.constant(null),
  leaf,
  leaf.map((one) => ({ not: one })),
  fc.tuple(leaf, leaf).map((both) => ({ any: both })),
);
const field = (key: string) =>
  fc.oneof(
    fc
      .record({ path: fc.constantFrom(...paths), confirm_below: fc.constantFrom(null, 0.5, 1) })
      .map((one) => ({ type: 'text', key, labels: { en: 'x' }, ...one })),
    fc.constantFrom(
      { type: 'consent', key, purpose: 'email' },
      { type: 'consent', key, purpose: 'email', topic: 'deals' },
      { type: 'topics', key, labels: { en: 'x' }, purpose: 'email', topics: ['deals', 'news'] },
    ),
  );
const variant = (key: string) =>
  fc
    .oneof(
      field('f0').map((one) => [one]),
      fc.tuple(field('f0'), field('f1')),
    )
    .map((fields) => ({ key, heading: { en: 'x' }, fields }));
const contents: fc.Arbitrary<QuestionContent> = fc
  .record({
    when,
    variants: fc.oneof(
      variant('a').map((one) => [one]),
      fc.tuple(variant('a'), variant('b')),
    ),
    hold_out: fc.constantFrom(0, 0, 40),
    not_now: fc.record({ unit: fc.constantFrom('sign_ins', 'days'), steps: fc.constant([1, 2, 4, 4]) }),
  })
  .filter((one) => questionContent.safeParse(one).success)
  .map((one) => questionContent.parse(one));

test('whom a question would find is exactly who is asked it', async () => {
  const ground = await openGround();
  const { brands } = ground;
  const all = fc.sample(people, { numRuns: 60, seed: 6 });
  const guests: Came[] = [];
  for (const [number, one] of all.entries()) guests.push(await insertPerson(one, number, ground));
  const ids = guests.map(({ customer }) => customer.id);
  const entries = (await entriesInForce(db, ...brands.values())).map((entry) => {
    return { entry, slug: slugs.find((slug) => brands.get(slug) === entry.brand) ?? null };
  });
  const idsOf = (seen: Seen) => seen && new Set(seen.map((slug) => brands.get(slug) ?? ''));
  const fieldsOf = new Map<Seen, Fields>();
  for (const seen of viewers) fieldsOf.set(seen, await conditionFields(base, () => true, idsOf(seen)));
  const row = toLive(await getQuestion(db, ground.mine));
  assert.ok(row);
  const sensitive = await sensitivePaths(base);
  assert.ok(sensitive.has('user_metadata.health'));
  const found = { asked: 0, left: 0 };
  const where = fc
    .record({ seen: fc.constantFrom(...viewers), slug: fc.constantFrom(null, ...slugs) })
    .filter(({ seen, slug }) => !seen || slug === null || seen.includes(slug));
  await fc.assert(
    fc.asyncProperty(contents, fc.constantFrom(0, 3), where, async (content, pauseDays, { seen, slug }) => {
      // Of another brand nothing is asked for at all.
      fc.pre(!seen || !namesOther(content, seen));
      const attributes = content.when ? leavesOf(content.when).map(({ attribute }) => attribute) : [];
      const brand = slug === null ? null : (brands.get(slug) ?? null);
      const question: LiveQuestion = { ...row, content, attributes, brand };
      const asked: boolean[] = [];
      for (const guest of guests) asked.push(await isAsked(question, guest, seen, pauseDays));
      const expected = ids.filter((_, place) => asked[place]).sort();
      for (const way of ['some', 'all'] as const) {
        const whom = audienceOf(question, {
          brands: slug === null ? seen : [slug],
          entries,
          sensitive,
          mayAsk: () => true,
          fields: fieldsOf.get(seen) ?? assert.fail('a viewer has fields'),
          last: lastSignIn(idsOf(seen)),
          pauseDays,
          at,
          of: way,
        });
        const { rows } = await sql<{ id: string }>`
          select id from customers where ${whom} and id = any(${ids}::uuid[])`.execute(db);
        assert.deepEqual(rows.map(({ id }) => id).sort(), expected);
      }
      found.asked += expected.length;
      found.left += ids.length - expected.length;
    }),
    { numRuns: 40 },
  );
  assert.ok(found.asked > 60 && found.left > 60, JSON.stringify(found));
});

/** Of which brands somebody is told; null: of all. */
type Seen = readonly Slug[] | null;
const viewers: readonly Seen[] = [null, null, ['lumiere'], ['other'], ['lumiere', 'other']];

function namesOther({ when }: QuestionContent, seen: readonly string[]): boolean {
  const others = slugs.filter((slug) => !seen.includes(slug));
  const values = when ? leavesOf(when).map(({ attribute, value }) => ({ attribute, value: String(value) })) : [];
  return values.some(({ attribute, value }) =>
    others.some((slug) => (attribute === 'brand' && value === slug) || value.startsWith(`${slug}:`)),
  );
}

type Came = {
  readonly customer: Customer;
  readonly visits: readonly (Pick<Guest, 'signIn' | 'brand'> & { slug: Slug })[];
};

/** As they came last, as far as somebody is told of it. */
async function isAsked(
  question: LiveQuestion,
  { customer, visits }: Came,
  seen: Seen,
  pauseDays: number,
): Promise<boolean> {
  const last = visits.findLast(({ slug }) => !seen || seen.includes(slug));
  if (!last) return false;
  const { place } = question.content;
  const { consented, sets: all } = setsOf(base, customer.id);
  const sets = async (attribute: string) => {
    const values = await all(attribute);
    const isSeen = (value: string) =>
      slugs.every((slug) => value.split(':')[0] !== slug || !seen || seen.includes(slug));
    return attribute === 'consent' || attribute === 'brand' ? values.filter(isSeen) : values;
  };
  const { signIn, brand } = last;
  const guest = { customer, signIn, brand, place, number: customer.logins_count + 1, at, consented, sets };
  const broken = (_: LiveQuestion, error: unknown) => assert.fail(String(error));
  return (await chooseQuestion(base, [question], guest, pauseDays, broken)).chosen?.arm === 'asked';
}

type Ground = { mine: string; another: string; brands: ReadonlyMap<string, string> };

async function openGround(): Promise<Ground> {
  const lumiere = await brandBySlug(db, 'lumiere');
  const other = await createBrand(base, { slug: 'other', name: 'Other' });
  assert.ok(lumiere);
  const described = { path: 'user_metadata.health', type: 'text', labels: { en: 'Health' }, sensitive: true } as const;
  await createAttribute(db, described, before(20));
  const texts = { en: { label: 'Mail me.' } };
  await askFor(base, { brand: null, purpose: 'email', texts });
  await askFor(base, { brand: lumiere.id, purpose: 'email', topic: 'deals', texts });
  await askFor(base, { brand: other.id, purpose: 'email', topic: 'news', texts });
  const one = { type: 'text', key: 'f0', labels: { en: 'x' }, path: 'user_metadata.job' };
  const ask = () => askLive(base, { name: 'One', content: contentOf([one]) });
  const brands = new Map([
    ['lumiere', lumiere.id],
    ['other', other.id],
  ]);
  return { mine: await ask(), another: await ask(), brands };
}

type Person = typeof people extends fc.Arbitrary<infer One> ? One : never;

async function insertPerson(one: Person, number: number, { brands, ...questions }: Ground): Promise<Came> {
  const email = `person-${number}@example.com`;
  const identity = networkIdentity('google-oauth2', `${number}`, { email }, { proves: email, at: before(20) });
  const { customer, subject } = await createCustomer(db, identity);
  for (const fact of one.facts) await learn(db, subject, [fact]);
  const proof = { version: '1', wording: 'Mail me.', language: 'en', source: 'account', at: before(1) } as const;
  const nowhere = { portal: null, place: null, client: null, ip: null, confirmation: null };
  await insertConsents(
    db,
    one.said.map(({ scope: { slug, purpose, topic }, given }) => {
      const brand = slug === null ? null : (brands.get(slug) ?? null);
      return { subject, brand, purpose, topic, given, ...proof, ...nowhere };
    }),
  );
  for (const { question, key, days: ago, number: signIn, outcome } of one.asks) {
    const at = before(ago);
    await sql`
      insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, sign_in_number,
        hour, shown_at, outcome, ended_at)
      values (${subject}, ${uuid()}, ${questions[question]}, 1, 'a', 'asked', 'page', ${[key]}, ${signIn}, 12,
        ${at}, ${outcome}, ${outcome && at})`.execute(db);
    await sql`update subjects set last_asked_at = greatest(last_asked_at, ${at}) where id = ${subject}`.execute(db);
  }
  if (one.tags.length > 0) await addTags(db, customer.id, { kind: 'staff', id: 'auth0|x', name: null }, one.tags);
  const visits: Came['visits'][number][] = [];
  for (const [place, { slug, device, kept }] of one.visited.entries()) {
    const signIn = {
      portal: null,
      brand: slug,
      connection: 'google-oauth2',
      country: null,
      language: 'en',
      device,
      hour: 12,
    };
    const brand = brands.get(slug) ?? '';
    const context = kept ? signIn : undefined;
    await recordSignIn(db, { subject, brand, context, at: before(9 - place), ip: null });
    if (kept) visits.push({ slug, signIn, brand });
  }
  await sql`update customers set logins_count = ${one.number} where id = ${customer.id}`.execute(db);
  await sql`update customers set last_asked_at = (select last_asked_at from subjects where id = ${subject})
    where id = ${customer.id}`.execute(db);
  const found = await findById(db, customer.id);
  assert.ok(found);
  return { customer: found, visits };
}
