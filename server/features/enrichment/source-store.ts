import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type SourceRow = Selectable<DB['enrichment_sources']>;

/** What came of the calls of a day. */
export type DayRow = {
  source: string;
  day: string;
  currency: string;
  hits: number;
  misses: number;
  failures: number;
  cost_micros: string;
};

export async function ensureSource(db: Db, id: string, at: Date): Promise<void> {
  await sql`
    insert into enrichment_sources (id, updated_at) values (${id}, ${at}) on conflict do nothing`.execute(db);
}

export function readSource(db: Db, id: string): Promise<SourceRow | undefined> {
  return db.selectFrom('enrichment_sources').selectAll().where('id', '=', id).executeTakeFirst();
}

export function readSources(db: Db): Promise<SourceRow[]> {
  return db.selectFrom('enrichment_sources').selectAll().execute();
}

/** After a pause one call goes ahead to try; the others go on to wait for what it finds. False: somebody else tries. */
export async function takeTrial(db: Db, id: string, at: Date, until: Date): Promise<boolean> {
  const found = await sql`
    update enrichment_sources set paused_until = ${until} where id = ${id} and paused_until <= ${at}
    returning id`.execute(db);
  return found.rows.length > 0;
}

/** The trial was not needed: the next call may try. */
export async function giveTrialBack(db: Db, id: string, { trialUntil }: Permit, at: Date): Promise<void> {
  if (trialUntil === null) return;
  await sql`
    update enrichment_sources set paused_until = ${at} where id = ${id} and paused_until = ${trialUntil}`.execute(db);
}

/** With what right a call was begun: by none before a pause, or (`trialUntil`) as the one that tries after it. */
export type Permit = { readonly trialUntil: Date | null };

/**
 * Does the call still say how the source does? As long as no pause has begun since it did. Looked at in the statement
 * that goes by it, so that of many answers at once each sees what the others made of it.
 */
function isPresent({ trialUntil }: Permit): RawBuilder<boolean> {
  return sql<boolean>`(paused_until is null or paused_until = ${trialUntil}::timestamptz)`;
}

/** It answered: the circuit breaker closes. */
export async function closeBreaker(db: Db, id: string, permit: Permit): Promise<void> {
  await sql`
    update enrichment_sources set failures_in_row = 0, paused_until = null, paused_for = null
    where id = ${id} and (failures_in_row > 0 or paused_until is not null) and ${isPresent(permit)}`.execute(db);
}

/** It answered, but would not do this: the circuit breaker closes, and why it failed last is known. */
export async function noteRefusal(
  db: Db,
  id: string,
  permit: Permit,
  { at, why }: { at: Date; why: string },
): Promise<void> {
  await sql`
    update enrichment_sources set failed_at = ${at}, failed_for = ${why} where id = ${id}`.execute(db);
  await closeBreaker(db, id, permit);
}

/**
 * It did not answer as it should. The circuit breaker opens after so many in a row, after a trial, or for as long as the
 * source told; with each trial that fails for twice as long.
 */
export async function countFailure(
  db: Db,
  id: string,
  permit: Permit,
  failure: {
    at: Date;
    why: string;
    toldSeconds: number;
    mostInRow: number;
    firstSeconds: number;
    longestSeconds: number;
  },
): Promise<void> {
  const { at, why, toldSeconds, mostInRow, firstSeconds, longestSeconds } = failure;
  const counts = isPresent(permit);
  // Past the first pause only trials are counted, so that each number above `mostInRow` is one of them.
  const trials = sql`least(20, greatest(0, failures_in_row + 1 - ${mostInRow}::integer))`;
  const own = sql`
    case when failures_in_row + 1 >= ${mostInRow}::integer or paused_until is not null
      then least(${longestSeconds}::float, ${firstSeconds}::float * power(2, ${trials})) else 0 end`;
  const seconds = sql`greatest(${toldSeconds}::float, ${own})`;
  await sql`
    update enrichment_sources set failed_at = ${at}, failed_for = ${why},
      failures_in_row = case when ${counts} then failures_in_row + 1 else failures_in_row end,
      paused_until = case when ${counts} and ${seconds} > 0
        then ${at}::timestamptz + make_interval(secs => ${seconds}) else paused_until end,
      paused_for = case when ${counts} and ${seconds} > 0 then ${why} else paused_for end
    where id = ${id}`.execute(db);
}

/** Counts one call of this day; what it costs is what the source costs now. */
export async function countCall(db: Db, id: string, what: 'hit' | 'miss' | 'failure', at: Date): Promise<void> {
  const one = (name: typeof what) => (what === name ? 1 : 0);
  await sql`
    insert into enrichment_days as d (source, day, currency, hits, misses, failures, cost_micros)
    select s.id, (${at}::timestamptz at time zone 'UTC')::date, s.currency,
      ${one('hit')}::integer, ${one('miss')}::integer, ${one('failure')}::integer,
      case when ${what} = 'hit' or (${what} = 'miss' and s.cost_for = 'call') then s.cost_micros else 0 end
    from enrichment_sources s where s.id = ${id}
    on conflict (source, day, currency) do update set hits = d.hits + excluded.hits,
      misses = d.misses + excluded.misses, failures = d.failures + excluded.failures,
      cost_micros = d.cost_micros + excluded.cost_micros`.execute(db);
}

/** The days since `from` (of this source), the newest first. */
export async function readDays(db: Db, from: Date, source: string | null = null): Promise<DayRow[]> {
  const found = await sql<DayRow>`
    select source, day::text as day, currency, hits, misses, failures, cost_micros::text as cost_micros
    from enrichment_days where day >= (${from}::timestamptz at time zone 'UTC')::date
      and (${source}::text is null or source = ${source})
    order by day desc, source, currency`.execute(db);
  return found.rows;
}

/** Changes a source if it is of this version (undefined: of any). */
export async function updateSource(
  db: Db,
  id: string,
  change: {
    costMicros: number;
    costFor: string;
    currency: string;
    resume: boolean;
    version: number | undefined;
    at: Date;
  },
): Promise<SourceRow | undefined> {
  const { costMicros, costFor, currency, resume, at } = change;
  const version = change.version ?? null;
  const found = await sql<SourceRow>`
    update enrichment_sources set cost_micros = ${costMicros}, cost_for = ${costFor}, currency = ${currency},
      failures_in_row = case when ${resume} then 0 else failures_in_row end,
      paused_until = case when ${resume} then null else paused_until end,
      paused_for = case when ${resume} then null else paused_for end,
      version = version + 1, updated_at = ${at}
    where id = ${id} and (${version}::integer is null or version = ${version})
    returning *`.execute(db);
  return found.rows[0];
}
