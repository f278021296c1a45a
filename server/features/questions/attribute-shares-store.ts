import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { isKnownAt } from '../customers/customers.ts';

/** How many of a brand's customers (null: of all) have a value, at each of the paths that were asked for. */
export type Counted = { readonly brand: string | null; readonly customers: number; readonly known: readonly number[] };

/** Some customers were counted: of whom, and the last of them, behind whom to go on; null: there was none. */
export type Batch = { readonly counted: readonly Counted[]; readonly last: string | null };

/**
 * Counts the next living customers in the order of their ids, at all paths at once. A brand's customers are who was
 * there.
 */
export async function countBatch(
  db: Db,
  paths: readonly string[],
  { after, limit, at }: { readonly after: string | null; readonly limit: number; readonly at: Date },
): Promise<Batch> {
  const isKnown = paths.map((path) => isKnownAt(path, at));
  const counts = sql`array[${sql.join(paths.map((_, place) => sql`count(*) filter (where known[${sql.lit(place + 1)}])`))}]::integer[]`;
  const { rows } = await sql<Counted & { last: string | null }>`
    with batch as materialized (
      select id, array[${sql.join(isKnown)}] as known from customers
      where ${after === null ? sql`true` : sql`id > ${after}::uuid`} and merged_into is null order by id limit ${limit}
    ),
    came as (
      select distinct batch.id, visits.brand
      from batch join members on members.customer = batch.id and members.until is null
      join visits on visits.subject = members.subject
    )
    select null::uuid as brand, count(*)::integer as customers, ${counts} as known,
      (select id from batch order by id desc limit 1) as last
    from batch
    union all
    select brand, count(*)::integer, ${counts}, null from batch join came using (id) group by brand`.execute(db);
  return { counted: rows, last: rows.find(({ last }) => last !== null)?.last ?? null };
}

/** One day's count of a path. */
export type ShareRow = {
  readonly path: string;
  /** `2026-11-26` */
  readonly day: string;
  readonly brand: string | null;
  readonly known: number;
  readonly customers: number;
};

/** Keeps counts; those of the same day before are replaced. */
export async function writeShares(db: Db, rows: readonly ShareRow[]): Promise<void> {
  const of = <Key extends keyof ShareRow>(key: Key) => rows.map((row) => row[key]);
  await sql`
    insert into attribute_shares (path, day, brand, known, customers)
    select path, day, brand, known, customers
    from unnest(${of('path')}::text[], ${of('day')}::date[], ${of('brand')}::uuid[], ${of('known')}::bigint[],
      ${of('customers')}::bigint[]) as counted (path, day, brand, known, customers)
    where brand is null or exists (select from brands where brands.id = counted.brand)
    on conflict (path, day, brand) do update set known = excluded.known, customers = excluded.customers`.execute(db);
}

/** Deletes what was counted before this day. */
export async function deleteSharesBefore(db: Db, day: string): Promise<void> {
  await sql`delete from attribute_shares where day < ${day}::date`.execute(db);
}

/** What was counted of these paths from one day to another, both included, of a brand's customers or of all (null). */
export async function readShares(
  db: Db,
  paths: readonly string[],
  { brand, from, until }: { readonly brand: string | null; readonly from: string; readonly until: string },
): Promise<ShareRow[]> {
  const { rows } = await sql<ShareRow>`
    select path, day::text, brand, known::float8, customers::float8 from attribute_shares
    where path = any(${paths}::text[]) and day between ${from}::date and ${until}::date
      and brand is not distinct from ${brand}::uuid
    order by path, day`.execute(db);
  return rows;
}
