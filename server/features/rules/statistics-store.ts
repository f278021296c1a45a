import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

export type MinuteRow = { rule: string; minute: Date; runs: number; refusals: number; errors: number; times: number[] };

const hourMs = 3_600_000;

/** Adds what was counted to the minutes' rows, in the order of their keys: so no two processes wait for each other. */
export async function addMinutes(db: Db, rows: readonly MinuteRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = [...rows]
    .sort((one, other) => (`${one.rule} ${one.minute.getTime()}` < `${other.rule} ${other.minute.getTime()}` ? -1 : 1))
    .map(
      ({ rule, minute, runs, refusals, errors, times }) => sql`(${rule}::text, ${minute}::timestamptz,
        ${runs}::integer, ${refusals}::integer, ${errors}::integer, ${times}::integer[], ${new Date(minute.getTime() + hourMs)}::timestamptz)`,
    );
  await sql`
    insert into rule_minutes as known (rule, minute, runs, refusals, errors, times, expires_at) values ${sql.join(values)}
    on conflict (rule, minute) do update set
      runs = known.runs + excluded.runs,
      refusals = known.refusals + excluded.refusals,
      errors = known.errors + excluded.errors,
      times = array(
        select coalesce(one, 0) + coalesce(other, 0)
        from unnest(known.times, excluded.times) with ordinality as both_times (one, other, step) order by step
      )`.execute(db);
}

/** What was counted in the minutes since an instant. */
export function readMinutes(db: Db, since: Date): Promise<MinuteRow[]> {
  return db
    .selectFrom('rule_minutes')
    .select(['rule', 'minute', 'runs', 'refusals', 'errors', 'times'])
    .where('minute', '>', since)
    .execute();
}
