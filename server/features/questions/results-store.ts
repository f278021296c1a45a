import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { patiently } from '../../base/patiently.ts';

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

/** What can be told apart of those who were asked, and by what in SQL. */
const parts = {
  variant: sql`variant`,
  brand: sql`brand::text`,
  portal: sql`portal`,
  device: sql`device`,
  country: sql`country`,
  language: sql`language`,
  /** 1 to 9, and what is above. */
  sign_in: sql`case when sign_in_number > 9 then '10' else sign_in_number::text end`,
  hour: sql`hour::text`,
} as const;
export type Dimension = keyof typeof parts;
export const dimensions: readonly Dimension[] = [
  ...(['variant', 'brand', 'portal', 'device', 'country', 'language', 'sign_in', 'hour'] as const),
];

/** Which askings are counted. */
export type Counted = {
  readonly question: string;
  readonly from: Date;
  readonly until: Date;
  /** Null: all. */
  readonly brands: readonly string[] | null;
};

/** Everybody who was asked (null), or by one dimension; and who was asked or held out (`arm`). */
export type Tallies = {
  readonly all: Tally | undefined;
  readonly by: ReadonlyMap<Dimension, readonly Tally[]>;
  readonly arms: readonly Tally[];
};

const mostGroups = 100;
const mostTimed = 20_000;

/**
 * How askings of a question ended, by each dimension, the most frequent first; a hundred groups at most. One pass over
 * the index of the question's askings for the counts, and one for the times of the last 20,000 answers. By `arm` those on
 * our page alone are counted, without what an action demanded of whoever came, and an hour after they began: until then
 * who is asked may still be at it, and who is held out is not.
 *
 * @throws Problem `busy` when it takes more than two seconds
 */
export function readTallies(db: Db, which: Counted, at: Date): Promise<Tallies> {
  const left = new Date(at.getTime() - 3_600_000);
  return patiently(db, async (tx) => {
    const counts = await readCounts(tx, which, left);
    const seconds = await readSeconds(tx, which);
    const tallies = counts.map(({ part, place, ...tally }) => ({
      part,
      tally: { ...tally, seconds: seconds.get(keyOf(part, tally.of)) ?? null },
    }));
    const of = (part: string) => tallies.flatMap((one) => (one.part === part ? [one.tally] : []));
    return {
      all: of('all')[0],
      by: new Map(dimensions.map((part) => [part, of(part)])),
      arms: await readArms(tx, which, left),
    };
  });
}

const names = sql.join(dimensions.map((name) => sql.ref(name)));
const columns = sql.join(dimensions.map((name) => sql`${parts[name]} as ${sql.ref(name)}`));
const sets = sql`grouping sets ((), ${sql.join(dimensions.map((name) => sql`(${sql.ref(name)})`))})`;
/** Of a row of `sets`: its dimension, and which one of it. */
const part = sql`case ${sql.join(
  dimensions.map((name) => sql`when grouping(${sql.ref(name)}) = 0 then ${sql.lit(name)}`),
  sql` `,
)} else 'all' end`;
const of = sql`case ${sql.join(
  dimensions.map((name) => sql`when grouping(${sql.ref(name)}) = 0 then ${sql.ref(name)}`),
  sql` `,
)} else 'all' end`;

const ofQuestion = ({ question, from, until, brands }: Counted) => sql`
  question = ${question} and shown_at >= ${from} and shown_at < ${until}
    and (${brands}::uuid[] is null or brand is null or brand = any(${brands}::uuid[]))`;

const counts = (left: Date) => sql`count(*)::integer as shown,
  count(*) filter (where outcome = 'answered')::integer as answered,
  count(*) filter (where outcome = 'skipped')::integer as skipped,
  count(*) filter (where outcome = 'not_now')::integer as not_now,
  count(*) filter (where outcome = 'never')::integer as never,
  count(*) filter (where outcome is null and arm = 'asked' and shown_at < ${left})::integer as abandoned,
  count(finished_at)::integer as finished`;

type Count = Omit<Tally, 'seconds'> & { part: string; place: string };

async function readCounts(tx: Db, which: Counted, left: Date): Promise<Count[]> {
  const { rows } = await sql<Count>`
    select * from (
      select ${part} as part, ${of} as of, ${counts(left)},
        row_number() over (partition by grouping(${names}) order by count(*) desc, ${of}) as place
      from (select ${columns}, arm, outcome, shown_at, finished_at from question_asks
        where ${ofQuestion(which)} and arm = 'asked') a
      group by ${sets}) counted
    where place <= ${mostGroups} order by part, place`.execute(tx);
  return rows;
}

async function readSeconds(tx: Db, which: Counted): Promise<Map<string, number>> {
  const { rows } = await sql<{ part: string; of: string | null; seconds: number }>`
    select ${part} as part, ${of} as of, percentile_cont(0.5) within group (order by seconds)::float8 as seconds
    from (select ${columns}, extract(epoch from ended_at - shown_at)::float8 as seconds from question_asks
      where ${ofQuestion(which)} and arm = 'asked' and outcome = 'answered'
      order by shown_at desc limit ${mostTimed}) a
    group by ${sets}`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row.part, row.of), row.seconds]));
}

function keyOf(part: string, of: string | null): string {
  return JSON.stringify([part, of]);
}

async function readArms(tx: Db, which: Counted, left: Date): Promise<Tally[]> {
  const { rows } = await sql<Tally>`
    select arm as of, ${counts(left)}, null::float8 as seconds from question_asks
    where ${ofQuestion(which)} and place = 'page' and not demanded and shown_at < ${left}
    group by arm order by shown desc`.execute(tx);
  return rows;
}

/** Of one question: how many were asked it, and answered. */
export type Brief = { question: string; shown: number; answered: number };

/** The same of each question that is there, of these brands. @throws Problem `busy` when it takes more than two seconds */
export function readBriefs(db: Db, { from, until, brands }: Omit<Counted, 'question'>): Promise<Brief[]> {
  return patiently(db, async (tx) => {
    const { rows } = await sql<Brief>`
      select question, count(*)::integer as shown, count(*) filter (where outcome = 'answered')::integer as answered
      from question_asks
      where shown_at >= ${from} and shown_at < ${until} and arm = 'asked'
        and (${brands}::uuid[] is null or brand is null or brand = any(${brands}::uuid[]))
        and question in (select id from questions where removed_at is null
          and (${brands}::uuid[] is null or brand is null or brand = any(${brands}::uuid[])))
      group by question`.execute(tx);
    return rows;
  });
}
