import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { patiently } from '../../base/patiently.ts';
import { type Comparison, type Count, compare } from '../experiments/experiments.ts';
import type { Counted } from './results-store.ts';

/**
 * The second way to put a question beside the first, as both are put now: who saw them in other words, or saw one that
 * was dropped, does not count. Null: there is one.
 *
 * @throws Problem `busy` when it takes more than two seconds
 */
export async function compareWays(db: Db, { question, from, until, brands }: Counted): Promise<Comparison | null> {
  const read = sql<Count>`
    select count(a.id)::integer as of, count(a.id) filter (where a.outcome = 'answered')::integer as hits
    from questions q
    join question_versions v on v.question = q.id and v.number = q.content_version
    cross join lateral jsonb_array_elements(v.content -> 'variants') with ordinality as ways (way, place)
    cross join lateral (
      select array_agg(same.number) as numbers from question_versions same
      where same.question = q.id and same.content -> 'variants' = v.content -> 'variants') as same
    left join question_asks a on a.question = q.id and a.variant = ways.way ->> 'key' and a.arm = 'asked'
      and a.shown_at >= ${from} and a.shown_at < ${until}
      and (${brands}::uuid[] is null or a.brand is null or a.brand = any(${brands}::uuid[]))
      and a.content_version = any(same.numbers)
    where q.id = ${question}
    group by ways.place order by ways.place`;
  const { rows } = await patiently(db, (tx) => read.execute(tx));
  const [first, second] = rows;
  return first && second ? compare(first, second) : null;
}
