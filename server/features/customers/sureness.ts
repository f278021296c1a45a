import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';
import { type FactsJson, factsAsJson, toFoldInput } from './facts-store.ts';
import { fold } from './fold.ts';

/** How sure what is known at a path is, 0 to 1; `silenced`: the customer wants nothing to be known there. */
export type Sureness = ReadonlyMap<string, number | 'silenced'>;

/** A path of which nothing was ever said is not in the answer. */
export function surenessIn(said: FactsJson): Sureness {
  // Which address is proven is of no matter here: the surest word on a path is looked for.
  const { winners, silenced } = fold(toFoldInput({ facts: said, proofs: [] }));
  const sure = [...winners].map(([path, { fact }]): [string, number] => [path, fact.confidence]);
  return new Map<string, number | 'silenced'>([...sure, ...[...silenced].map((path) => [path, 'silenced'] as const)]);
}

/** How sure what is known at these paths is. */
export async function surenessOf(db: Db, customerId: string, paths: readonly string[]): Promise<Sureness> {
  if (paths.length === 0) return new Map();
  const [row] = await readSaid(db, [customerId, paths]);
  return surenessIn(row?.said ?? []);
}

const readSaid = statement<{ said: FactsJson }>(`select ${factsAsJson('$1::uuid', '$2::text[]')} as said`);
