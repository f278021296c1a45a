import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { compareWays } from './compare-ways.ts';
import { insertQuestion } from './questions-store.ts';
import { resultsOf } from './results.ts';
import { type Dimension, dimensions, readBriefs, readTallies } from './results-store.ts';

const base = await testBase();
const { db } = base;
after(() => base.close());

const at = new Date('2026-06-01T12:00:00Z');
const from = new Date('2026-05-01T00:00:00Z');
const [question, other, north, south] = [uuid(), uuid(), uuid(), uuid()];

type Ask = { of: Record<Dimension, string | null>; outcome: string | null; seconds: number | null };

// Numbers that are always the same: parts of many sizes, among them what is not known.
const asks: Ask[] = Array.from({ length: 300 }, (_, number) => {
  const pick = <T>(step: number, all: readonly T[]) => all[Math.floor(number / step) % all.length] ?? null;
  const outcome = pick(1, ['answered', 'skipped', 'not_now', 'never', null, 'answered', 'answered']);
  const signIn = 1 + (number % 13);
  return {
    outcome,
    seconds: outcome === null ? null : 1 + ((number * 7) % 50),
    of: {
      variant: pick(3, ['a', 'b']),
      brand: pick(5, [north, south]),
      portal: pick(2, ['shop', 'app', null]),
      device: pick(7, ['phone', 'tablet', 'desktop', null]),
      country: pick(11, ['DE', 'FR', null]),
      language: pick(13, ['de', 'en']),
      sign_in: signIn > 9 ? '10' : String(signIn),
      hour: String(number % 24),
    },
  };
});

async function insert(id: string, { of, outcome, seconds }: Ask, number: number): Promise<void> {
  const shown = new Date(at.getTime() - 86_400_000);
  await sql`insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, brand, portal,
      sign_in_number, device, country, language, hour, shown_at, outcome, ended_at)
    values (${uuid()}, ${uuid()}, ${id}, 1, ${of.variant}, 'asked', 'page', '{}', ${of.brand}, ${of.portal},
      ${1 + (number % 13)}, ${of.device}, ${of.country}, ${of.language}, ${number % 24}, ${shown}, ${outcome},
      ${seconds === null ? null : new Date(shown.getTime() + seconds * 1000)})`.execute(db);
}

function median(all: readonly number[]): number | null {
  const sorted = [...all].sort((a, b) => a - b);
  const [low = null, high = null] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === null || high === null ? null : (low + high) / 2;
}

function tallyOf(rows: readonly Ask[]) {
  const count = (outcome: string | null) => rows.filter((one) => one.outcome === outcome).length;
  return {
    shown: rows.length,
    answered: count('answered'),
    skipped: count('skipped'),
    not_now: count('not_now'),
    never: count('never'),
    abandoned: count(null),
    seconds: median(rows.flatMap(({ outcome, seconds }) => (outcome === 'answered' && seconds ? [seconds] : []))),
  };
}

test('each part of the results is what its askings say', async () => {
  const columns = { name: 'x', state: 'live', brand: null, starts_at: null, ends_at: null } as const;
  for (const id of [question, other]) await insertQuestion(db, id, columns, at);
  for (const [number, ask] of asks.entries()) await insert(question, ask, number);
  for (const [number, ask] of asks.slice(0, 4).entries()) await insert(other, ask, number);
  for (const brands of [null, [north]]) {
    const seen = asks.filter(({ of }) => brands === null || (of.brand !== null && brands.includes(of.brand)));
    const { all, by } = await readTallies(db, { question, from, until: at, brands }, at);
    assert.partialDeepStrictEqual(all, tallyOf(seen));
    for (const dimension of dimensions) {
      const tallies = by.get(dimension) ?? [];
      const names = new Set(seen.map(({ of }) => of[dimension]));
      assert.deepEqual(new Set(tallies.map(({ of }) => of)), names, dimension);
      assert.equal(tallies.length, names.size);
      for (const tally of tallies) {
        assert.partialDeepStrictEqual(tally, tallyOf(seen.filter(({ of }) => of[dimension] === tally.of)), dimension);
      }
    }
  }
  const briefs = await readBriefs(db, { from, until: at, brands: null });
  const answered = asks.filter(({ outcome }) => outcome === 'answered').length;
  assert.deepEqual(
    new Set(briefs),
    new Set([
      { question, shown: 300, answered },
      { question: other, shown: 4, answered: 1 },
    ]),
  );
});

test('results are given up after two seconds', { timeout: 15_000 }, async () => {
  await db.transaction().execute(async (tx) => {
    await sql`lock table question_asks in access exclusive mode`.execute(tx);
    const isBusy = (error: unknown) => isProblem(error, 'busy');
    const which = { question, from, until: at, brands: null };
    await Promise.all([
      assert.rejects(resultsOf(db, which, at), isBusy),
      assert.rejects(compareWays(db, which), isBusy),
      assert.rejects(readBriefs(db, which), isBusy),
    ]);
  });
});

test('the list counts nobody who was held out, and no question that was removed', async () => {
  const listed = async () => (await readBriefs(db, { from, until: at, brands: null })).map((one) => one.question);
  await sql`update question_asks set arm = 'held_out' where question = ${other}`.execute(db);
  assert.deepEqual(await listed(), [question]);
  await sql`update questions set removed_at = ${at} where id = ${question}`.execute(db);
  assert.deepEqual(await listed(), []);
});
