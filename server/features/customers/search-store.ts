import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { CustomerRow } from './customers-store.ts';
import type { SearchKind, SearchRange, SearchWord } from './search-words.ts';

/** A condition over the columns of `customers`. */
export type Where = RawBuilder<SqlBool>;

/** The customer that was found last: by which word, and who. */
export type FoundMark = { readonly kind: SearchKind; readonly word: string; readonly customer: string };

/** A customer and the first of the words that they were found by. */
export type FoundRow = CustomerRow & { readonly found_by: string };

/** From now on the customer is found by these words and no others. */
export async function replaceSearchWords(tx: Db, customer: string, words: readonly SearchWord[]): Promise<void> {
  const kinds = words.map(({ kind }) => kind);
  const texts = words.map(({ word }) => word);
  await sql`
    with wanted as (select distinct kind, word from unnest(${kinds}::text[], ${texts}::text[]) as one (kind, word)),
    gone as (
      delete from search_words old where customer = ${customer}
        and not exists (select from wanted where wanted.kind = old.kind and wanted.word = old.word)
    )
    insert into search_words (kind, word, customer) select kind, word, ${customer} from wanted
    on conflict do nothing`.execute(tx);
}

/**
 * Customers with a word in a range, in the order of those words, each once: at the first of them, and not if they have
 * one in a range before, by which they were found already. The words come from the index as they are needed, so a page
 * costs the same however many there are.
 */
export async function readFound(
  db: Db,
  range: SearchRange,
  page: {
    /** The ranges that were looked through before this one. */
    before: readonly SearchRange[];
    after: FoundMark | undefined;
    not: readonly string[];
    where: Where | undefined;
    limit: number;
  },
): Promise<FoundRow[]> {
  const { before, after, not, where, limit } = page;
  const behind = after ? sql`(w.word, w.customer) > (${after.word}, ${after.customer}::uuid)` : sql`true`;
  const fits = where
    ? sql`exists (select from customers where customers.id = w.customer and ${where} offset 0)`
    : sql`true`;
  const first = sql.ref('first');
  const earlier = before.map((one) => sql` or ${within(first, one)}`);
  // `offset 0` keeps it to the few words of one customer, however few rows the planner expects in a range.
  const found = await sql<FoundRow>`
    select customers.*, found.word as found_by
    from (
      select w.word, w.customer from search_words w
      where ${within(sql.ref('w'), range)} and ${behind} and w.customer <> all(${not}::uuid[])
        and not exists (
          select from (select * from search_words where customer = w.customer offset 0) first
          where (${within(first, range)} and first.word < w.word) ${sql.join(earlier, sql``)}
        ) and ${fits}
      order by w.word, w.customer limit ${limit}
    ) found
    join customers on customers.id = found.customer and customers.merged_into is null
    order by found.word, found.customer`.execute(db);
  return found.rows;
}

/** About how many rows the ranges have, as the database's statistics tell it. */
export function estimateFound(db: Db, ranges: readonly SearchRange[]): Promise<number> {
  return estimate(db, sql`select from search_words w where ${anyOf(sql.ref('w'), ranges)}`);
}

/** Living customers whose `user_id`, or whose id at a provider, this is exactly. */
export async function readByIdentity(
  db: Db,
  id: string,
  where: Where | undefined,
  limit: number,
): Promise<CustomerRow[]> {
  const found = await sql<CustomerRow>`
    select * from customers
    where id in (
      select customer from user_ids where user_id = ${id} and retired_at is null
      union
      (select members.customer from identities
        join members on members.subject = identities.subject and members.until is null
        where identities.user_id = ${id} limit ${limit})
    ) and merged_into is null and ${where ?? sql`true`}
    order by id limit ${limit}`.execute(db);
  return found.rows;
}

/** How many rows the planner expects of a query: from statistics, nothing is read. */
export async function estimate(db: Db, query: RawBuilder<unknown>): Promise<number> {
  const explained = await sql<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>`
    explain (format json) ${query}`.execute(db);
  return explained.rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

function within(table: RawBuilder<unknown>, { kind, from, below, next, also }: SearchRange): RawBuilder<SqlBool> {
  const others = also.map(
    (begin) => sql`exists (
      select from (select * from search_words own where own.customer = ${table}.customer offset 0) other
      where other.kind = ${kind} and starts_with(other.word, ${begin}))`,
  );
  const paired = next === undefined ? [] : [sql`strpos(${table}.word, ${` ${next}`}) > 0`];
  return sql<SqlBool>`${sql.join(
    [sql`${table}.kind = ${kind} and ${table}.word >= ${from} and ${table}.word < ${below}`, ...paired, ...others],
    sql` and `,
  )}`;
}

function anyOf(table: RawBuilder<unknown>, ranges: readonly SearchRange[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.join(
    ranges.map((range) => sql`(${within(table, range)})`),
    sql` or `,
  )}`;
}
