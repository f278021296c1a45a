import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';

/** One counter: `most` tries in `windowSeconds`. */
export type Counter = {
  readonly scope: string;
  readonly key: Buffer;
  readonly most: number;
  readonly windowSeconds: number;
  /** How long it stays shut once `most` tries have failed; as long as the window when not said. */
  readonly blockSeconds?: number | undefined;
  readonly hint?: string | undefined;
  readonly ip?: string | undefined;
};

export type CounterState = { count: number; failed: number; reset: Date };

/**
 * Counts one try on each counter that has one left; all in one statement, and each an upsert that the database
 * serialises, so that however many come at once no more than `most` are let through.
 *
 * @returns the state of each counter, or undefined where no try was left
 */
export function takeTries(db: Db, counters: readonly Counter[], at: Date): Promise<(CounterState | undefined)[]> {
  return inOneStatement(db, counters, (one) => {
    const end = new Date(at.getTime() + one.windowSeconds * 1000);
    return sql`
      insert into attempts as a (scope, key, window_start, count, failed, expires_at, hint, ip)
      values (${one.scope}, ${one.key}, ${at}, 1, 0, ${end}, ${one.hint ?? null}, ${one.ip ?? null}::inet)
      on conflict (scope, key) do update set
        count = case when a.expires_at <= ${at} then 1 else a.count + 1 end,
        failed = case when a.expires_at <= ${at} then 0 else a.failed end,
        window_start = case when a.expires_at <= ${at} then ${at} else a.window_start end,
        blocked_until = case when a.expires_at <= ${at} then null else a.blocked_until end,
        expires_at = case when a.expires_at <= ${at} then ${end} else a.expires_at end,
        hint = excluded.hint,
        ip = excluded.ip
      where a.expires_at <= ${at} or a.count < ${one.most}
      returning count, failed, expires_at`;
  });
}

/** The try failed. @returns the new states; `failed` equals `most` exactly once, at the failure that shuts the door */
export function countFailures(db: Db, counters: readonly Counter[], at: Date): Promise<(CounterState | undefined)[]> {
  return inOneStatement(db, counters, ({ scope, key, most, windowSeconds, blockSeconds }) => {
    const end = sql`${new Date(at.getTime() + windowSeconds * 1000)}::timestamptz`;
    const blockEnd = sql`${new Date(at.getTime() + (blockSeconds ?? windowSeconds) * 1000)}::timestamptz`;
    // A window with a block begins anew at each failure; one without runs out when it was going to.
    const next = blockSeconds ? sql`case when failed + 1 >= ${most} then ${blockEnd} else ${end} end` : sql`expires_at`;
    return sql`
      update attempts set
        failed = failed + 1,
        blocked_until = case when failed + 1 >= ${most} then ${blockSeconds ? blockEnd : sql`expires_at`} end,
        expires_at = greatest(expires_at, ${next})
      where scope = ${scope} and key = ${key}
      returning count, failed, expires_at`;
  });
}

/** The try did not fail: it is given back. With `forgive` the failures before it are forgotten, too. */
export function giveTriesBack(
  db: Db,
  counters: readonly (Counter & { readonly forgive?: boolean | undefined })[],
): Promise<(CounterState | undefined)[]> {
  return inOneStatement(db, counters, ({ scope, key, forgive }) => {
    // Tries of others that are still running stay counted.
    const set = forgive
      ? sql`count = greatest(count - failed - 1, 0), failed = 0, blocked_until = null`
      : sql`count = greatest(count - 1, failed)`;
    return sql`update attempts set ${set} where scope = ${scope} and key = ${key} returning count, failed, expires_at`;
  });
}

/** The counters as they are, without counting. */
export function readCounters(db: Db, counters: readonly Counter[]): Promise<(CounterState | undefined)[]> {
  return inOneStatement(
    db,
    counters,
    ({ scope, key }) => sql`select count, failed, expires_at from attempts where scope = ${scope} and key = ${key}`,
  );
}

/** Where the sign-in of somebody is shut now. */
export async function readBlocks(
  db: Db,
  scope: string,
  hint: string,
  at: Date,
): Promise<{ ip: string; until: Date }[]> {
  const rows = await db
    .selectFrom('attempts')
    .select(['ip', 'blocked_until'])
    .where('hint', '=', hint)
    .where('scope', '=', scope)
    .where('blocked_until', '>', at)
    .orderBy('blocked_until', 'desc')
    .execute();
  return rows.flatMap(({ ip, blocked_until }) => (ip && blocked_until ? [{ ip, until: blocked_until }] : []));
}

/** Forgets what was counted against somebody: everywhere, or for one counter. @returns how many blocks that lifted */
export async function deleteCounters(
  db: Db,
  scope: string,
  which: { hint: string } | { key: Buffer },
): Promise<number> {
  const rows = await db
    .deleteFrom('attempts')
    .where('scope', '=', scope)
    .where((where) => ('hint' in which ? where('hint', '=', which.hint) : where('key', '=', which.key)))
    .returning('blocked_until')
    .execute();
  return rows.filter((row) => row.blocked_until !== null).length;
}

/** All counters that name these customers. */
export async function deleteCountersOf(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from attempts where hint = any(${customers}::text[])`.execute(tx);
}

type Row = { place: number; count: number; failed: number; expires_at: Date };

async function inOneStatement<C extends Counter>(
  db: Db,
  counters: readonly C[],
  part: (counter: C) => RawBuilder<unknown>,
): Promise<(CounterState | undefined)[]> {
  if (counters.length === 0) return [];
  const name = (place: number) => sql.ref(`c${place}`);
  const parts = counters.map((counter, place) => sql`${name(place)} as (${part(counter)})`);
  const reads = counters.map((_, place) => sql`select ${sql.lit(place)}::int as place, * from ${name(place)}`);
  const { rows } = await sql<Row>`with ${sql.join(parts)} ${sql.join(reads, sql` union all `)}`.execute(db);
  return counters.map((_, place) => {
    const row = rows.find((one) => one.place === place);
    return row && { count: row.count, failed: row.failed, reset: row.expires_at };
  });
}
