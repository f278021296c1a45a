import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { type Part, statement } from '../../base/statement.ts';

export type TimelineRow = Selectable<DB['timeline']>;

/** Where a reader of a customer's timeline is: behind this row. */
export type TimelineMark = { receivedAt: Date; id: string };

export type NewTimelineRow = Omit<TimelineRow, 'data' | 'written_by' | 'version'> & { data: string };

const insertRow = `
  insert into timeline (id, class, subject, brand, portal, source, name, occurred_at, received_at, session, device, ip,
    user_agent, data)
  values ($1::uuid, $2, $3::uuid, $4::uuid, $5, $6, $7, $8::timestamptz, $9::timestamptz, $10, $11::uuid, $12::inet, $13,
    $14::jsonb) returning 1`;

/** The row as a part of a greater write. */
export function timelinePart(row: NewTimelineRow): Part {
  const { id, subject, brand, portal, source, name, session, device, ip, user_agent, data } = row;
  const what = [id, row.class, subject, brand, portal, source, name];
  return {
    text: insertRow,
    values: [...what, row.occurred_at, row.received_at, session, device, ip, user_agent, data],
  };
}

const insertOne = statement(insertRow);

export async function insertTimeline(db: Db, rows: readonly NewTimelineRow[]): Promise<void> {
  const [row, another] = rows;
  if (row && !another) await insertOne(db, timelinePart(row).values);
  else await db.insertInto('timeline').values(rows).execute();
}

/**
 * Rows of all subjects of a customer, the newest first. Each subject gives its newest from the index, so that a page
 * costs the same whatever the length of the history.
 */
export async function readTimeline(
  db: Db,
  customerId: string,
  page: {
    limit: number;
    offset: number;
    before: TimelineMark | null;
    classes: readonly string[] | null;
    names: readonly string[] | null;
    brands: readonly string[] | null;
  },
): Promise<TimelineRow[]> {
  const { limit, offset, before, classes, names, brands } = page;
  const found = await sql<TimelineRow>`
    select newest.* from members cross join lateral (
      select * from timeline
      where timeline.subject = members.subject
        and (${classes}::text[] is null or class = any(${classes}::text[]))
        and (${names}::text[] is null or name = any(${names}::text[]))
        and (${brands}::uuid[] is null or brand is null or brand = any(${brands}::uuid[]))
        and (${before?.id ?? null}::uuid is null
          or (received_at, id) < (${before?.receivedAt ?? null}::timestamptz, ${before?.id ?? null}::uuid))
      order by received_at desc, id desc limit ${limit + offset}
    ) newest
    where members.customer = ${customerId} and members.until is null
    order by newest.received_at desc, newest.id desc limit ${limit} offset ${offset}`.execute(db);
  return found.rows;
}

export async function countTimelineRows(
  db: Db,
  customerId: string,
  classes: readonly string[] | null,
  brands: readonly string[] | null,
): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from members join timeline on timeline.subject = members.subject
    where members.customer = ${customerId} and members.until is null
      and (${classes}::text[] is null or timeline.class = any(${classes}::text[]))
      and (${brands}::uuid[] is null or timeline.brand is null or timeline.brand = any(${brands}::uuid[]))`.execute(db);
  return found.rows[0]?.count ?? 0;
}

/** How many rows of each name were received since an instant; `brands`: of these alone. */
export async function countTimelineNames(
  db: Db,
  since: Date,
  of: { classes: readonly string[]; names: readonly string[]; brands: readonly string[] | null },
): Promise<{ name: string; count: number }[]> {
  const found = await sql<{ name: string; count: number }>`
    select name, count(*)::integer as count from timeline
    where class = any(${of.classes}::text[]) and received_at >= ${since} and name = any(${of.names}::text[])
      and (${of.brands}::uuid[] is null or brand = any(${of.brands}::uuid[]))
    group by name`.execute(db);
  return found.rows;
}

/** Rows behind a position, in the order (transaction, id), of transactions that every later one comes behind. */
export async function readTimelineBehind(
  db: Db,
  after: { transaction: string; id: string },
  limit: number,
): Promise<TimelineRow[]> {
  const found = await sql<TimelineRow>`
    select * from timeline
    where (written_by, id) > (${after.transaction}::xid8, ${after.id}::uuid)
      and written_by < pg_snapshot_xmin(pg_current_snapshot())
    order by written_by, id limit ${limit}`.execute(db);
  return found.rows;
}

/** The oldest transaction that is still open: what those before it wrote is all there, and nothing is added to it. */
export async function readHorizon(db: Db): Promise<string> {
  const found = await sql<{ horizon: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(db);
  const [row] = found.rows;
  if (!row) throw new Error('the database has no snapshot');
  return row.horizon;
}

/** Makes the partitions of a class from the month of `fromDay` to `months` ahead. */
export async function ensureMonths(db: Db, timelineClass: string, fromDay: Date, months: number): Promise<void> {
  await sql`select ensure_timeline(${timelineClass}, ${isoDay(fromDay)}::date, ${months})`.execute(db);
}

/** Drops the months of a class that ended before this day. */
export async function dropMonths(db: Db, timelineClass: string, beforeDay: Date): Promise<void> {
  await sql`select drop_timeline(${timelineClass}, ${isoDay(beforeDay)}::date)`.execute(db);
}

/** Forgets the IP addresses of rows received between these instants. */
export async function clearAddresses(db: Db, from: Date, before: Date): Promise<void> {
  await db
    .updateTable('timeline')
    .set({ ip: null })
    .where('received_at', '>=', from)
    .where('received_at', '<', before)
    .where('ip', 'is not', null)
    .execute();
}

function isoDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}
