import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Part } from '../../base/statement.ts';
import {
  countTimelineNames,
  countTimelineRows,
  insertTimeline,
  type NewTimelineRow,
  readHorizon,
  readTimeline,
  readTimelineBehind,
  type TimelineMark,
  type TimelineRow,
  timelinePart,
} from './timeline-store.ts';

/** What is kept and dropped together. */
export const timelineClasses = ['sign_in', 'profile', 'security'] as const;
export type TimelineClass = (typeof timelineClasses)[number];

/** What happened to, or was done by, a subject. */
export type TimelineDraft = {
  class: TimelineClass;
  subject: string;
  /** The brand's id. */
  brand?: string | null | undefined;
  /** The portal's client id. */
  portal?: string | null | undefined;
  /** Who writes: 'login', 'api', 'account', 'oidc'. */
  source: string;
  /** 'signed_in', 'sign_in_failed', 'merged', ... */
  name: string;
  occurredAt: Date;
  /** Keyed hash of the session. */
  session?: string | null | undefined;
  /** The device's id. */
  device?: string | null | undefined;
  ip?: string | null | undefined;
  userAgent?: string | null | undefined;
  /** No values of other customers: it goes when its own customer is erased, and only then. */
  data?: JsonObject | undefined;
};

export type TimelineEntry = {
  id: string;
  class: string;
  subject: string;
  brand: string | null;
  portal: string | null;
  source: string;
  name: string;
  occurredAt: Date;
  receivedAt: Date;
  session: string | null;
  device: string | null;
  ip: string | null;
  userAgent: string | null;
  version: number;
  data: JsonObject;
};

/** Appends rows in one statement. @returns their ids, in the same order */
export async function appendTimeline(db: Db, drafts: readonly TimelineDraft[]): Promise<string[]> {
  if (drafts.length === 0) return [];
  const rows = toRows(drafts);
  await insertTimeline(db, rows);
  return rows.map(({ id }) => id);
}

/** The same rows as parts of a greater write. */
export function timelineParts(drafts: readonly TimelineDraft[]): Part[] {
  return toRows(drafts).map(timelinePart);
}

function toRows(drafts: readonly TimelineDraft[]): NewTimelineRow[] {
  const receivedAt = now();
  // Ids of one millisecond are in no order: sorted, they are in the order of the drafts.
  const ids = drafts.map(() => uuid()).sort();
  return drafts.map((draft, index) => ({
    id: ids[index] ?? uuid(),
    class: draft.class,
    subject: draft.subject,
    brand: draft.brand ?? null,
    portal: draft.portal ?? null,
    source: draft.source,
    name: draft.name,
    occurred_at: draft.occurredAt,
    received_at: receivedAt,
    session: draft.session ?? null,
    device: draft.device ?? null,
    ip: draft.ip ?? null,
    user_agent: draft.userAgent?.slice(0, 1000) ?? null,
    data: JSON.stringify(draft.data ?? {}),
  }));
}

/** A page of a customer's timeline: by number (0 the first), or behind the mark `next` of the page before. */
export type TimelinePage = {
  perPage: number;
  page?: number | undefined;
  before?: string | undefined;
  classes?: readonly TimelineClass[] | undefined;
  names?: readonly string[] | undefined;
  /** Only rows of these brands (ids) or of none; null or left out: all. */
  brands?: ReadonlySet<string> | null | undefined;
};

/**
 * What happened to a customer, over all its subjects, the newest first.
 *
 * @returns the rows, and `next` unless they are the last
 * @throws Problem `invalid_query` for a mark that is none
 */
export async function timelineOf(
  db: Db,
  customerId: string,
  { perPage, page = 0, before, classes, names, brands }: TimelinePage,
): Promise<{ entries: TimelineEntry[]; next?: string }> {
  const rows = await readTimeline(db, customerId, {
    limit: perPage + 1,
    offset: page * perPage,
    before: before === undefined ? null : parseMark(before),
    classes: classes ?? null,
    names: names ?? null,
    brands: brands ? [...brands] : null,
  });
  const entries = rows.slice(0, perPage).map(toEntry);
  const last = entries.at(-1);
  return rows.length > perPage && last ? { entries, next: writeMark(last) } : { entries };
}

/** How many rows a customer's timeline has. */
export function countTimeline(
  db: Db,
  customerId: string,
  { classes, brands }: Pick<TimelinePage, 'classes' | 'brands'> = {},
): Promise<number> {
  return countTimelineRows(db, customerId, classes ?? null, brands ? [...brands] : null);
}

/** How often each of these names was written since an instant, of all customers or at these brands alone. */
export async function countSince(
  db: Db,
  since: Date,
  of: { classes: readonly TimelineClass[]; names: readonly string[]; brands: readonly string[] | null },
): Promise<ReadonlyMap<string, number>> {
  const rows = await countTimelineNames(db, since, of);
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** Where a follower of the whole timeline is; keep it as it is. */
export type TimelinePosition = { transaction: string; id: string };

/** Behind everything that is there for sure: whoever follows from here misses nothing that was not there to be read. */
export async function timelineNow(db: Db): Promise<TimelinePosition> {
  return { transaction: await readHorizon(db), id: beginning.id };
}

const beginning: TimelinePosition = { transaction: '0', id: '00000000-0000-0000-0000-000000000000' };

/**
 * What was appended behind a position (undefined: from the beginning), for jobs and webhooks that read on. Rows come
 * in the order (transaction, id), and only those of transactions older than any that is still open: so a transaction
 * that commits late is waited for and never skipped.
 *
 * @returns the rows and the position behind them
 */
export async function followTimeline(
  db: Db,
  after: TimelinePosition | undefined,
  limit: number,
): Promise<{ entries: TimelineEntry[]; position: TimelinePosition }> {
  const from = after ?? beginning;
  const rows = await readTimelineBehind(db, from, limit);
  const last = rows.at(-1);
  return { entries: rows.map(toEntry), position: last ? { transaction: last.written_by, id: last.id } : from };
}

/** The row as features and surfaces see it. */
export function toEntry(row: TimelineRow): TimelineEntry {
  return {
    id: row.id,
    class: row.class,
    subject: row.subject,
    brand: row.brand,
    portal: row.portal,
    source: row.source,
    name: row.name,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    session: row.session,
    device: row.device,
    ip: row.ip,
    userAgent: row.user_agent,
    version: row.version,
    data: isJsonObject(row.data) ? row.data : {},
  };
}

function writeMark({ receivedAt, id }: TimelineEntry): string {
  return Buffer.from(`${receivedAt.getTime()}.${id}`).toString('base64url');
}

function parseMark(text: string): TimelineMark {
  const [, time, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const receivedAt = new Date(Number(time));
  const isId = id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  if (!isId || Number.isNaN(receivedAt.getTime()))
    throw new Problem('invalid_query', 'The mark of the page is not valid.');
  return { receivedAt, id };
}
