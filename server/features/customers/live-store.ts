import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { TimelinePosition } from './timeline.ts';
import type { TimelineRow } from './timeline-store.ts';

/** So long a process answers for what it watches unless it says so again. */
const watchSeconds = 60;

/** This process watches these customers, and who they belong to now; whatever is over is forgotten. */
export async function putWatched(db: Db, server: string, customers: readonly string[]): Promise<void> {
  await sql`
    with recursive over as (delete from watched_customers where until < now() and server <> ${server}),
    chain as (
      select id, merged_into from customers where id = any(${customers}::uuid[])
      union
      select c.id, c.merged_into from chain join customers c on c.id = chain.merged_into
    )
    insert into watched_customers (customer, server, until)
    select id, ${server}, now() + make_interval(secs => ${watchSeconds}) from chain order by id
    on conflict (customer, server) do update set until = excluded.until`.execute(db);
}

/** This process watches these no more; left out: none at all. */
export async function dropWatched(db: Db, server: string, customers?: readonly string[]): Promise<void> {
  await sql`
    delete from watched_customers
    where server = ${server} and (${customers ?? null}::uuid[] is null or customer = any(${customers ?? null}::uuid[]))`.execute(
    db,
  );
}

/** A new row, for which watched customer it is, and whether everything before it is there. */
export type NewsRow = TimelineRow & { readonly watched: string; readonly settled: boolean };

/**
 * What was written of the watched customers behind a position, in order. Rows at the horizon or above are not settled:
 * they come again. A customer who was merged is watched as who they belong to now.
 */
export async function readNews(
  db: Db,
  customers: readonly string[],
  { transaction, id }: TimelinePosition,
  horizon: string,
): Promise<NewsRow[]> {
  const found = await sql<NewsRow>`
    with recursive living as (
      select watched.id as watched, c.id, c.merged_into
      from unnest(${customers}::uuid[]) as watched (id) join customers c on c.id = watched.id
      union all
      select living.watched, c.id, c.merged_into from living join customers c on c.id = living.merged_into
    ),
    news as materialized (
      select * from timeline where (written_by, id) > (${transaction}::xid8, ${id}::uuid) order by written_by, id
    )
    select news.*, living.watched, news.written_by < ${horizon}::xid8 as settled
    from news
    join members on members.subject = news.subject and members.until is null
    join living on living.id = members.customer and living.merged_into is null
    order by news.written_by, news.id`.execute(db);
  return found.rows;
}

/** What was written of one customer between a position and the horizon, in order. */
export async function readMissed(
  db: Db,
  customer: string,
  { transaction, id }: TimelinePosition,
  horizon: string,
  limit: number,
): Promise<TimelineRow[]> {
  // By its subjects: after a long while far more was written of others.
  const found = await sql<TimelineRow>`
    with own as materialized (
      select timeline.* from members join timeline on timeline.subject = members.subject
      where members.customer = ${customer} and members.until is null
    )
    select * from own
    where (written_by, id) > (${transaction}::xid8, ${id}::uuid) and written_by < ${horizon}::xid8
    order by written_by, id limit ${limit}`.execute(db);
  return found.rows;
}
