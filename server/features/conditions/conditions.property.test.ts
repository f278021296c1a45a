import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Condition, condition } from '../../../contract/conditions.ts';
import { testDatabase } from '../../../test/database.ts';
import { isProblem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { attributesIn, compile, type Field, matches } from './conditions.ts';

// A condition means the same in SQL and on one customer.

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

type Row = {
  text: string | null;
  count: number | null;
  flag: boolean | null;
  at: Date | null;
  json: Json;
  tags: string[];
};

const words = fc.constantFrom(
  'rose',
  'Rose',
  'ROSE oud',
  'é',
  'É',
  '%',
  '_',
  "o'",
  '\\',
  '',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
);
const numbers = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e21, -1e-7));
const scalars = fc.oneof(words, numbers, fc.boolean());
const moments = fc.constantFrom('2023-12-31', '2024-01-01', '2024-01-01T00:00:00Z', '2024-01-02T10:00:00Z');
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });

const rows: fc.Arbitrary<Row> = fc.record({
  text: orNull(words),
  count: orNull(fc.integer({ min: -3, max: 3 })),
  flag: orNull(fc.boolean()),
  at: orNull(moments.map((one) => new Date(one))),
  json: fc.oneof(scalars, fc.constant(null), fc.array(fc.oneof(scalars, fc.constant(null))), fc.constant({ a: 1 })),
  tags: fc.uniqueArray(fc.constantFrom('vip', 'rose', 'old')),
});

// Every question can be asked of the fourth, few of the others.
const attribute = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('text', 'count', 'flag', 'at', 'tags') },
  { weight: 2, arbitrary: fc.constant('json') },
);
const leaves = fc.oneof(
  fc.record({ attribute, is: fc.constant('equals'), value: scalars }),
  fc.record({ attribute, is: fc.constant('one_of'), value: fc.array(scalars, { minLength: 1, maxLength: 4 }) }),
  fc.record({ attribute, is: fc.constantFrom('contains', 'starts_with'), value: words.filter((one) => one !== '') }),
  fc.record({ attribute, is: fc.constantFrom('greater', 'less', 'at_least', 'at_most'), value: numbers }),
  fc.record({ attribute, is: fc.constant('every'), value: fc.integer({ min: 2, max: 3 }) }),
  fc.record({ attribute, is: fc.constantFrom('before', 'after'), value: moments }),
  fc.record({ attribute, is: fc.constant('exists'), value: fc.boolean() }),
);
const { conditions } = fc.letrec<{ conditions: unknown }>((tie) => ({
  conditions: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 4 },
    leaves,
    fc.record({ all: fc.array(tie('conditions'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('conditions'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('conditions') }),
  ),
}));
const trees: fc.Arbitrary<Condition> = conditions
  .filter((one) => condition.safeParse(one).success)
  .map((one) => condition.parse(one));

const fields: Readonly<Record<string, Field>> = {
  text: { type: 'text', sql: sql`r.text` },
  count: { type: 'number', sql: sql`r.count` },
  flag: { type: 'boolean', sql: sql`r.flag` },
  at: { type: 'instant', sql: sql`r.at` },
  json: { type: 'json', sql: sql`nullif(r.json, 'null'::jsonb)` },
  tags: {
    type: 'set',
    has: (values) => sql`(cardinality(r.tags) > 0 and (${values}::text[] is null or r.tags && ${values}::text[]))`,
  },
};

function read(row: Row, name: string): Json | Date | undefined {
  const values: Readonly<Record<string, Json | Date>> = { ...row, tags: row.tags.length === 0 ? null : row.tags };
  return values[name];
}

test('SQL and memory agree on every row, or both have no such question', async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(trees, fc.array(rows, { minLength: 1, maxLength: 12 }), async (one, all) => {
      const compiled = tryCompile(one);
      if (!compiled) return;
      asked += 1;
      const values = all.map(
        (row, number) => sql`(${number}::integer, ${row.text}::text, ${row.count}::integer, ${row.flag}::boolean,
          ${row.at}::timestamptz, ${JSON.stringify(row.json)}::jsonb, ${row.tags}::text[])`,
      );
      const found = await sql<{ number: number; holds: boolean }>`
        select number, ${compiled} as holds
        from (values ${sql.join(values)}) as r (number, text, count, flag, at, json, tags) order by number`.execute(
        database.db,
      );
      const inMemory = all.map((row) => matches(one, (name) => read(row, name)));
      assert.deepEqual(
        found.rows.map(({ holds }) => holds),
        inMemory,
      );
    }),
    { numRuns: 600 },
  );
  assert.ok(asked > 150, `${asked} conditions were asked`);
});

function tryCompile(one: Condition) {
  try {
    return compile(one, (name) => fields[name]);
  } catch (error) {
    assert.ok(isProblem(error, 'invalid_query'));
    return undefined;
  }
}

test('whatever a value is, it stays a parameter', () => {
  fc.assert(
    fc.property(trees, (one) => {
      const compiled = tryCompile(one)?.compile(database.db);
      if (!compiled) return;
      assert.doesNotMatch(compiled.sql, /rose|oud|2024|vip|'%'|o''/i);
    }),
  );
});

test('a condition tells every attribute that it reads', () => {
  const leaf = (attribute: string) => ({ attribute, is: 'exists', value: true });
  const both = condition.parse({ all: [leaf('app_metadata.income'), { any: [{ not: leaf('tag') }, leaf('tag')] }] });
  assert.deepEqual(attributesIn(both), ['app_metadata.income', 'tag']);
  assert.deepEqual(attributesIn(condition.parse(leaf('name'))), ['name']);
});

test('a condition has an end: not too many parts, not too deep', () => {
  const leaf = { attribute: 'name', is: 'exists', value: true };
  const wide = (parts: number) => ({ any: Array.from({ length: parts }, () => ({ all: Array(10).fill(leaf) })) });
  assert.ok(condition.safeParse(wide(5)).success);
  assert.ok(!condition.safeParse(wide(6)).success);
  const deep = (levels: number): unknown => (levels === 1 ? leaf : { not: deep(levels - 1) });
  assert.ok(condition.safeParse(deep(6)).success);
  assert.ok(!condition.safeParse(deep(7)).success);
  assert.ok(!condition.safeParse(deep(64)).success);
  for (const none of [{ all: [] }, { any: [leaf], all: [leaf] }, { not: [leaf] }, {}]) {
    assert.ok(!condition.safeParse(none).success, JSON.stringify(none));
  }
});
