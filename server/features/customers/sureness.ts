import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';
import { toFact } from './facts-store.ts';
import { fold } from './fold.ts';

/** How sure what is known at a path is, 0 to 1; `silenced`: the customer wants nothing to be known there. */
export type Sureness = ReadonlyMap<string, number | 'silenced'>;

/** What was said, as `saidAt` gives it: instants leave JSON as milliseconds since 1970. */
export type Said = readonly SaidRow[];
type SaidRow = Omit<Parameters<typeof toFact>[0], 'at'> & { readonly ms: number; readonly ranking: string[] | null };

/**
 * What was said at some paths of a customer and holds, as an expression in a statement that reads more: `surenessIn`
 * reads it.
 *
 * @param place where that statement has its values, as SQL
 */
export function saidAt(place: { readonly customer: string; readonly paths: string }): string {
  return `(select coalesce(json_agg(said), '[]') from (
    select f.id, f.subject, f.path, f.kind, f.value, f.source, f.origin, f.confidence,
      extract(epoch from f.at) * 1000 as ms, a.ranking
    from members m join facts f on f.subject = m.subject and f.until is null left join attributes a on a.path = f.path
    where m.customer = ${place.customer} and m.until is null and f.path = any(${place.paths})) said)`;
}

/** A path of which nothing was ever said is not in the answer. */
export function surenessIn(said: Said): Sureness {
  const rankings = new Map(said.map(({ path, ranking }) => [path, ranking ?? []]));
  const facts = said.map(({ ms, ranking, ...row }) => toFact({ ...row, at: new Date(ms) }));
  // Which address is proven is of no matter here: the surest word on a path is looked for.
  const { winners, silenced } = fold({ facts, proofs: [], rankings });
  const sure = [...winners].map(([path, { fact }]): [string, number] => [path, fact.confidence]);
  return new Map<string, number | 'silenced'>([...sure, ...[...silenced].map((path) => [path, 'silenced'] as const)]);
}

/** How sure what is known at these paths is. */
export async function surenessOf(db: Db, customerId: string, paths: readonly string[]): Promise<Sureness> {
  if (paths.length === 0) return new Map();
  const [row] = await readSaid(db, [customerId, paths]);
  return surenessIn(row?.said ?? []);
}

const readSaid = statement<{ said: Said }>(`
  select ${saidAt({ customer: '$1::uuid', paths: '$2::text[]' })} as said`);
