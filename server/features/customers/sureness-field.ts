import { type RawBuilder, sql } from 'kysely';
import { customerField } from './condition-fields.ts';
import { sourceRanks } from './fold.ts';
import { lastSignIn } from './last-sign-in.ts';
import { isDefaulted } from './profile.ts';

// What `surenessOf` tells of one customer, in SQL over `customers`. Not for addresses: those are ranked by proofs, too.

/**
 * Was nothing ever said at this path: no value, and no word that there is to be none?
 *
 * @param of `some` looks at the facts of each customer that it comes to, `all` once at all who object to anything
 *   there, for who goes through all customers. They mean the same.
 */
export function isUnknownAt(path: string, at: Date, of: 'some' | 'all'): RawBuilder<unknown> {
  const field = customerField(path, at, lastSignIn(null));
  if (!field || !('sql' in field)) return sql`false`;
  // Without a value whatever was said is an objection; a default is a value of which nothing was said.
  if (isDefaulted(path)) return sql`not exists (select ${factsAt(path)})`;
  const objects =
    of === 'some'
      ? sql`exists (select ${factsAt(path)} and f.kind <> 'said')`
      : sql`customers.id in (
          select m.customer from facts f join members m on m.subject = f.subject
          where m.until is null and f.until is null and f.path = ${path} and f.kind <> 'said')`;
  // A case is taken to hold for half of the rows, where "is null" of a value in JSON is taken for one in two hundred.
  return sql`(case when ${field.sql} is null then not ${objects} else false end)`;
}

/** Is there a value at this path that was said? A default is none. */
export function isKnownAt(path: string, at: Date): RawBuilder<unknown> {
  const field = customerField(path, at, lastSignIn(null));
  if (!field || !('sql' in field)) return sql`false`;
  const isSaid = isDefaulted(path) ? sql`exists (select ${factsAt(path)} and f.kind = 'said')` : sql`true`;
  return sql`(${field.sql} is not null and ${isSaid})`;
}

/** Is the value that holds at this path less sure than `least`? */
export function isLessSureAt(path: string, least: number): RawBuilder<unknown> {
  const ranks = sql.join(
    Object.entries(sourceRanks).map(([source, rank]) => sql`when ${source} then ${rank}::integer`),
    sql` `,
  );
  const rank = sql`coalesce(array_position(a.ranking, f.source) - 1,
    coalesce(cardinality(a.ranking), 0) + case f.source ${ranks} end)`;
  // The first look is cheap, and leaves few to whom the rule has to be applied.
  return sql`(exists (select ${factsAt(path)} and f.kind = 'said' and f.confidence < ${least}) and coalesce((
    select f.confidence < ${least}
    from members m join facts f on f.subject = m.subject left join attributes a on a.path = f.path
    where m.customer = customers.id and m.until is null and f.until is null and f.path = ${path} and f.kind = 'said'
      and not exists (
        select from members p join facts o on o.subject = p.subject
        where p.customer = customers.id and p.until is null and o.until is null and o.path = ${path}
          and (o.kind = 'withdrawn' or o.kind = 'excluded' and o.value = f.value)
          and not ((f.at, f.id) > (o.at, o.id) and (f.source in ('customer', 'asked') or f.source = o.source
            or f.source = 'umbrella' and o.source not in ('customer', 'asked'))))
    order by ${rank}, f.at desc, f.id desc limit 1), false))`;
}

function factsAt(path: string): RawBuilder<unknown> {
  return sql`from members m join facts f on f.subject = m.subject
    where m.customer = customers.id and m.until is null and f.until is null and f.path = ${path}`;
}
