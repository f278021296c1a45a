import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { condition } from '../../../contract/conditions.ts';
import { testDatabase } from '../../../test/database.ts';
import { uuid } from '../../base/ids.ts';
import { compile, matches } from '../conditions/conditions.ts';
import { assign } from '../experiments/experiments.ts';
import { fieldsOfQuestion, percentage, placeInLot } from './percentage.ts';

// Where a customer stands in the lot of a question is the same in SQL and in memory.

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

const place = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
);
const leaves = fc.record({
  attribute: fc.constant(percentage),
  is: fc.constantFrom('less', 'at_least', 'greater', 'at_most', 'equals'),
  value: place,
});

async function inSql(question: string, customers: readonly string[], one: unknown): Promise<boolean[]> {
  const holds = compile(
    condition.parse(one),
    fieldsOfQuestion(question, () => undefined),
  );
  const { rows } = await sql<{ holds: boolean }>`
    select ${holds} as holds from unnest(${[...customers]}::uuid[]) with ordinality as customers (id, place)
    order by place`.execute(database.db);
  return rows.map((row) => row.holds);
}

test('SQL and memory agree on everybody, at the edges, too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.array(fc.uuid(), { minLength: 1, maxLength: 8 }), leaves, async (id, all, leaf) => {
      const [first = ''] = all;
      for (const one of [leaf, { ...leaf, value: placeInLot(id, first) }]) {
        const inMemory = all.map((customer) => matches(condition.parse(one), () => placeInLot(id, customer)));
        assert.deepEqual(await inSql(id, all, one), inMemory, JSON.stringify(one));
      }
    }),
    { numRuns: 120 },
  );
});

test('a fifth is a fifth, grows by who is in it already, and has nothing to do with another question or the hold-out', () => {
  const [one, other] = [uuid(), uuid()];
  const all = Array.from({ length: 6000 }, () => uuid());
  const below = (id: string, share: number) => all.filter((customer) => placeInLot(id, customer) < share);
  const isAbout = (part: number, of: number, share: number) => Math.abs(part / of - share) < 0.04;
  const fifth = below(one, 20);
  assert.ok(isAbout(fifth.length, all.length, 0.2), `${fifth.length}`);
  const third = new Set(below(one, 33));
  assert.ok(fifth.every((customer) => third.has(customer)));
  const both = fifth.filter((customer) => placeInLot(other, customer) < 50);
  assert.ok(isAbout(both.length, fifth.length, 0.5), `${both.length}`);
  const arms = [
    { key: 'held_out', weight: 50 },
    { key: 'asked', weight: 50 },
  ];
  const held = fifth.filter((customer) => assign(`${one} hold-out`, customer, arms) === 'held_out');
  assert.ok(isAbout(held.length, fifth.length, 0.5), `${held.length}`);
});
