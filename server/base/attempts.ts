import { sql } from 'kysely';
import type { Db } from './db.ts';
import { type Part, type Statement, statement } from './statement.ts';

/** One counter: `most` tries in `windowSeconds`. */
export type Counter = {
  readonly scope: string;
  readonly key: Buffer;
  readonly most: number;
  readonly windowSeconds: number;
  /** How long it stays shut once `most` tries have failed; as long as the window when not said. */
  readonly blockSeconds?: number | undefined;
  /** The try is taken before it is known whether it fails. */
  readonly isGuess?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly ip?: string | undefined;
};

export type CounterState = { count: number; failed: number; reset: Date };

const takeEach = onEach(
  ([scope, key, at, end, most, hint, ip]) => `
    insert into attempts as a (scope, key, window_start, count, failed, expires_at, hint, ip)
    values (${scope}, ${key}, ${at}::timestamptz, 1, 0, ${end}::timestamptz, ${hint}, ${ip})
    on conflict (scope, key) do update set
      count = case when a.expires_at <= ${at} then 1 else a.count + 1 end,
      failed = case when a.expires_at <= ${at} then 0 else a.failed end,
      window_start = case when a.expires_at <= ${at} then ${at} else a.window_start end,
      blocked_until = case when a.expires_at <= ${at} then null else a.blocked_until end,
      expires_at = case when a.expires_at <= ${at} then ${end} else a.expires_at end,
      hint = excluded.hint,
      ip = excluded.ip
    where a.expires_at <= ${at} or a.count < ${most}::integer
    returning count, failed, expires_at`,
);

/**
 * Counts one try on each counter that has one left; all in one statement, and each an upsert that the database
 * serialises, so that however many come at once no more than `most` are let through.
 *
 * @returns the state of each counter, or undefined where no try was left
 */
export function takeTries(db: Db, counters: readonly Counter[], at: Date): Promise<(CounterState | undefined)[]> {
  const values = counters.map(({ scope, key, most, windowSeconds, hint = null, ip = null }) => {
    return [scope, key, at, secondsAfter(at, windowSeconds), most, hint, ip];
  });
  return takeEach(db, values);
}

// A window with a block begins anew at each failure; one without runs out when it was going to.
const failEach = onEach(
  ([scope, key, most, end, blockEnd]) => `
    update attempts set
      failed = failed + 1,
      blocked_until = case when failed + 1 >= ${most}::integer then coalesce(${blockEnd}::timestamptz, expires_at) end,
      expires_at = greatest(expires_at, case when ${blockEnd} is null then expires_at
        when failed + 1 >= ${most} then ${blockEnd} else ${end}::timestamptz end)
    where scope = ${scope} and key = ${key}
    returning count, failed, expires_at`,
);

/** The try failed. @returns the new states; `failed` equals `most` exactly once, at the failure that shuts the door */
export function countFailures(db: Db, counters: readonly Counter[], at: Date): Promise<(CounterState | undefined)[]> {
  const values = counters.map(({ scope, key, most, windowSeconds, blockSeconds }) => {
    const blockEnd = blockSeconds ? secondsAfter(at, blockSeconds) : null;
    return [scope, key, most, secondsAfter(at, windowSeconds), blockEnd];
  });
  return failEach(db, values);
}

// Tries of others that are still running stay counted.
const giveBack = ([scope, key, forgive]: readonly string[], after = 'true') => `
    update attempts set
      count = case when ${forgive}::boolean then greatest(count - failed - 1, 0) else greatest(count - 1, failed) end,
      failed = case when ${forgive} then 0 else failed end,
      blocked_until = case when ${forgive} then null else blocked_until end
    where scope = ${scope} and key = ${key} and ${after}
    returning count, failed, expires_at`;
const giveBackEach = onEach((places) => giveBack(places));

/** A counter whose try did not fail. With `forgive` the failures before it are forgotten, too. */
export type Unfailed = Counter & { readonly forgive?: boolean | undefined };

/** The try did not fail: it is given back. */
export function giveTriesBack(db: Db, counters: readonly Unfailed[]): Promise<(CounterState | undefined)[]> {
  return giveBackEach(
    db,
    counters.map(({ scope, key, forgive = false }) => [scope, key, forgive]),
  );
}

/** The same as a part of another write. The counters are locked in their order, as `takeTries` locks them. */
export function giveBackPart(counters: readonly Unfailed[]): Part {
  const [text = '', ...others] = counters.map((_, place) => {
    const after = place === 0 ? undefined : `(select count(*) from tries${place - 1}) >= 0`;
    return giveBack(
      [1, 2, 3].map((of) => `$${place * 3 + of}`),
      after,
    );
  });
  return {
    name: 'tries0',
    text,
    steps: Object.fromEntries(others.map((step, place) => [`tries${place + 1}`, step])),
    values: counters.flatMap(({ scope, key, forgive = false }) => [scope, key, forgive]),
  };
}

const readEach = onEach(
  ([scope, key]) => `select count, failed, expires_at from attempts where scope = ${scope} and key = ${key}`,
);

/** The counters as they are, without counting. */
export function readCounters(db: Db, counters: readonly Counter[]): Promise<(CounterState | undefined)[]> {
  return readEach(
    db,
    counters.map(({ scope, key }) => [scope, key]),
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

/** An act on each of several counters in one statement, which is put together once for as many as there are. */
function onEach(act: (places: readonly string[]) => string) {
  const composed = new Map<number, Statement<Row>>();
  return async (db: Db, values: readonly (readonly unknown[])[]): Promise<(CounterState | undefined)[]> => {
    if (values.length === 0) return [];
    const run = composed.get(values.length) ?? compose(act, values);
    composed.set(values.length, run);
    const rows = await run(db, values.flat());
    return values.map((_, place) => {
      const row = rows.find((one) => one.place === place);
      return row && { count: row.count, failed: row.failed, reset: row.expires_at };
    });
  };
}

function compose(act: (places: readonly string[]) => string, values: readonly (readonly unknown[])[]): Statement<Row> {
  let next = 1;
  const parts = values.map((row, place) => `c${place} as (${act(row.map(() => `$${next++}`))})`);
  const reads = values.map((_, place) => `select ${place} as place, * from c${place}`);
  return statement(`with ${parts.join(', ')} ${reads.join(' union all ')}`);
}

function secondsAfter(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}
