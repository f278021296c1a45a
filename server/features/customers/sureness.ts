import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { toFact } from './facts-store.ts';
import { fold } from './fold.ts';

/**
 * How sure what is known at these paths is, 0 to 1, and where the customer wants nothing to be known (`silenced`). A
 * path of which nothing was ever said is not in the answer.
 */
export async function surenessOf(
  db: Db,
  customerId: string,
  paths: readonly string[],
): Promise<Map<string, number | 'silenced'>> {
  if (paths.length === 0) return new Map();
  const rows = await db
    .selectFrom('members')
    .innerJoin('facts', (on) => on.onRef('facts.subject', '=', 'members.subject').on('facts.until', 'is', null))
    .leftJoin('attributes', 'attributes.path', 'facts.path')
    .selectAll('facts')
    .select('attributes.ranking')
    .where('members.customer', '=', customerId)
    .where('members.until', 'is', null)
    .where(sql<boolean>`facts.path = any(${paths})`)
    .execute();
  const rankings = new Map(rows.map((row) => [row.path, row.ranking ?? []]));
  // Which address is proven is of no matter here: the surest word on a path is looked for.
  const { winners, silenced } = fold({ facts: rows.map(toFact), proofs: [], rankings });
  const sure = [...winners].map(([path, { fact }]): [string, number] => [path, fact.confidence]);
  return new Map<string, number | 'silenced'>([...sure, ...[...silenced].map((path) => [path, 'silenced'] as const)]);
}
