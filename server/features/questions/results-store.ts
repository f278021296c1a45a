import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

/** How askings of one kind ended. */
export type Tally = {
  /** Of what is told apart: a variant, a portal, a number of a sign-in; null: not known. */
  of: string | null;
  shown: number;
  answered: number;
  skipped: number;
  not_now: number;
  never: number;
  /** Shown more than an hour ago, and left. */
  abandoned: number;
  /** Their sign-in came to its tokens. */
  finished: number;
  /** Median seconds until it was answered. */
  seconds: number | null;
};

/** What can be told apart. */
export const dimensions = {
  all: sql`'all'`,
  variant: sql`variant`,
  brand: sql`brand::text`,
  portal: sql`portal`,
  device: sql`device`,
  country: sql`country`,
  language: sql`language`,
  /** 1 to 9, and what is above. */
  sign_in: sql`case when sign_in_number > 9 then '10' else sign_in_number::text end`,
  hour: sql`hour::text`,
  arm: sql`arm`,
} as const;
export type Dimension = keyof typeof dimensions;

/** Which askings are counted. */
export type Counted = {
  readonly question: string;
  readonly from: Date;
  readonly until: Date;
  /** Null: all. */
  readonly brands: readonly string[] | null;
};

const mostGroups = 100;

/**
 * How askings of a question ended, by one dimension, the most frequent first; a hundred groups at most. One pass over
 * the index of the question's askings. By `arm` those on our page alone are counted, and an hour after they began: until
 * then who is asked may still be at it, and who is held out is not.
 */
export async function readTallies(db: Db, which: Counted, by: Dimension, at: Date): Promise<Tally[]> {
  const { question, from, until, brands } = which;
  const left = new Date(at.getTime() - 3_600_000);
  const { rows } = await sql<Tally>`
    select ${dimensions[by]} as of, count(*)::integer as shown,
      count(*) filter (where outcome = 'answered')::integer as answered,
      count(*) filter (where outcome = 'skipped')::integer as skipped,
      count(*) filter (where outcome = 'not_now')::integer as not_now,
      count(*) filter (where outcome = 'never')::integer as never,
      count(*) filter (where outcome is null and arm = 'asked' and shown_at < ${left})::integer as abandoned,
      count(finished_at)::integer as finished,
      (percentile_cont(0.5) within group (order by extract(epoch from ended_at - shown_at))
        filter (where outcome = 'answered'))::float8 as seconds
    from question_asks
    where question = ${question} and shown_at >= ${from} and shown_at < ${until}
      and (${brands}::uuid[] is null or brand is null or brand = any(${brands}::uuid[]))
      and ${by === 'arm' ? sql`(place = 'page' and shown_at < ${left})` : sql`arm = 'asked'`}
    group by 1 order by shown desc, 1 limit ${mostGroups}`.execute(db);
  return rows;
}
