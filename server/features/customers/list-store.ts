import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { CustomerRow } from './customers-store.ts';
import { estimate, type Where } from './search-store.ts';

/** What a list can be in the order of and go on behind any of its rows: there is an index for each. */
export const listOrders = ['created_at', 'email', 'family_name', 'last_login', 'name'] as const;
export type ListOrder = (typeof listOrders)[number];

/** The row that a list goes on behind. `value` null: of those without a value, who come last. */
export type ListMark = { readonly value: string | null; readonly id: string };

/** A row and the value that it stands in the list by. */
export type ListRow = CustomerRow & { readonly in_order: string | null };

type Order = { by: ListOrder; descending: boolean };

type Key = {
  /** As the index has it. */
  key: RawBuilder<unknown>;
  /** The same column of the customer, where that is another. */
  own?: RawBuilder<unknown>;
  text: RawBuilder<unknown>;
  type: RawBuilder<unknown>;
  /** Where the index is, joined to `customers`; that is itself when left out. */
  from?: RawBuilder<unknown>;
};

// Of an instant every digit: JavaScript's is cut off at the millisecond.
const instant = (key: RawBuilder<unknown>) => sql`to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const beginning = (column: RawBuilder<unknown>) => sql`left(${column}, 100)`;

const keys: Readonly<Record<ListOrder, Key>> = {
  created_at: { key: sql`customers.created_at`, text: instant(sql`customers.created_at`), type: sql`timestamptz` },
  email: { key: sql`customers.email`, text: sql`customers.email`, type: sql`text` },
  family_name: {
    key: beginning(sql`customers.family_name`),
    text: beginning(sql`customers.family_name`),
    type: sql`text`,
  },
  // The last sign-in of the subject that signed in last; of several at the same instant, of one.
  last_login: {
    key: sql`subjects.last_sign_in`,
    own: sql`customers.last_login`,
    text: instant(sql`subjects.last_sign_in`),
    type: sql`timestamptz`,
    // Looked up one by one, as the page needs them, and not joined first: `offset 0` sees to it.
    from: sql`subjects cross join lateral (
      select customers.* from members join customers on customers.id = members.customer
      where members.subject = subjects.id and members.until is null
        and customers.last_login = subjects.last_sign_in
        and not exists (select from members others join subjects twins on twins.id = others.subject
          where others.customer = members.customer and others.until is null
            and twins.last_sign_in = subjects.last_sign_in and twins.id < subjects.id)
      offset 0) customers`,
  },
  name: { key: beginning(sql`customers.name`), text: beginning(sql`customers.name`), type: sql`text` },
};

/** Living customers that have a value to be in the order of. */
export async function readInOrder(
  db: Db,
  { by, descending }: Order,
  page: { after: { value: string; id: string } | undefined; where: Where | undefined; limit: number },
): Promise<ListRow[]> {
  const { key, text, type, from = sql`customers` } = keys[by];
  const { after, where, limit } = page;
  const [direction, behind] = descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  // The first part is of the index alone, whichever table that is of.
  const begin = after
    ? sql`${key} ${behind}= ${after.value}::${type} and (${key}, customers.id) ${behind} (${after.value}::${type}, ${after.id}::uuid)`
    : sql`true`;
  const found = await sql<ListRow>`
    select customers.*, ${text} as in_order from ${from}
    where customers.merged_into is null and ${key} is not null and ${begin} and ${where ?? sql`true`}
    order by ${key} ${direction}, customers.id ${direction} limit ${limit}`.execute(db);
  return found.rows;
}

/** Those that have none, by their ids. */
export async function readOutOfOrder(
  db: Db,
  { by, descending }: Order,
  page: { after: string | undefined; where: Where | undefined; limit: number },
): Promise<ListRow[]> {
  const { key, own = key } = keys[by];
  const { after, where, limit } = page;
  const [direction, behind] = descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const found = await sql<ListRow>`
    select customers.*, null as in_order from customers
    where customers.merged_into is null and ${own} is null
      and ${after === undefined ? sql`true` : sql`customers.id ${behind} ${after}::uuid`} and ${where ?? sql`true`}
    order by customers.id ${direction} limit ${limit}`.execute(db);
  return found.rows;
}

/** About how many living customers there are for whom this holds, as the database's statistics tell it. */
export function estimateWhere(db: Db, where: Where | undefined): Promise<number> {
  return estimate(db, sql`select from customers where customers.merged_into is null and ${where ?? sql`true`}`);
}

/** So many customers are looked at to say about how many there are. */
const sampled = 10_000;

/**
 * How many living customers there are for whom this holds: of few counted, of many reckoned from a random sample of the
 * table's pages, which takes the same time whatever the number.
 */
export async function sampleWhere(db: Db, where: Where): Promise<{ count: number; isEstimate: boolean }> {
  const { all, sample } = await sampleOf(db);
  if (!sample) return { count: await countWhere(db, where), isEstimate: false };
  const found = await sql<{ hits: number; of: number }>`
    select count(*) filter (where ${where})::integer as hits, count(*)::integer as of
    from ${sample}`.execute(db);
  const { hits = 0, of = 0 } = found.rows[0] ?? {};
  return { count: of === 0 ? 0 : Math.round((hits / of) * all), isEstimate: true };
}

/** Some living customers for whom this holds, in no order: of few any, of many those in a random sample. */
export async function readSome(db: Db, where: Where, limit: number): Promise<CustomerRow[]> {
  const { sample = sql`customers` } = await sampleOf(db);
  const { rows } = await sql<CustomerRow>`
    select customers.* from ${sample} where customers.merged_into is null and ${where} limit ${limit}`.execute(db);
  return rows;
}

/** About how many customers there are, and where there are many, some of them instead of the table. */
async function sampleOf(db: Db): Promise<{ all: number; sample?: RawBuilder<unknown> }> {
  const { rows } = await sql<{ all: number }>`
    select greatest(reltuples, 0)::float8 as all from pg_class where oid = 'customers'::regclass`.execute(db);
  const all = rows[0]?.all ?? 0;
  return all <= 2 * sampled ? { all } : { all, sample: sql`customers tablesample system (${(100 * sampled) / all})` };
}

/** Exactly how many; looks at every customer. */
export async function countWhere(db: Db, where: Where): Promise<number> {
  // What a condition gathers of all customers is looked up in memory, and not gone through for each of them; to hand on
  // an id costs a process next to nothing, so that the table is read by several; and what an index leads to is in memory.
  await sql`
    select set_config('work_mem', '64MB', true), set_config('parallel_tuple_cost', '0.01', true),
      set_config('random_page_cost', '1.1', true)`.execute(db);
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from customers where merged_into is null and ${where}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
