import { createHash } from 'node:crypto';
import type { FactSource } from '../../../contract/customers.ts';
import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import { readFoldInput } from './facts-store.ts';
import { type Folded, type FoldInput, fold, type Winner } from './fold.ts';

/** A value that a customer has now, and where it comes from. */
export type Known = {
  readonly path: string;
  readonly value: Json;
  readonly source: FactSource;
  /** Which one: connection name, client id, rule id, page. */
  readonly origin: string;
  readonly at: Date;
  /** Of exactly this value by this fact; `correct` is given it to be sure that nobody changed it meanwhile. */
  readonly mark: string;
};

/** A path of which the customer said something, though nothing holds there now: deleted, or not for them. */
export type Silenced = { readonly path: string; readonly at: Date };

/** Everything that is known of a customer by path, and what they do not want to be known. */
export async function knownOf(db: Db, customerId: string): Promise<{ known: Known[]; silenced: Silenced[] }> {
  const input = await readFoldInput(db, customerId);
  const folded = fold(input);
  const known = [...folded.winners].map(([path, winner]) => {
    const { source, origin, at } = winner.fact;
    return { path, value: winner.value, source, origin, at, mark: markOf(winner) };
  });
  return { known: known.sort((a, b) => (a.path < b.path ? -1 : 1)), silenced: silencedBy(input, folded) };
}

/** The mark of what holds at a path; of nothing, too. */
export function markOf(winner: Winner | undefined): string {
  const seen = winner ? [winner.fact.id, inOrder(winner.value)] : [];
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url');
}

/** The mark of a path at which nothing holds. */
export const markOfNothing = markOf(undefined);

/** The mark of one item of a list: by it a form says which one it means. */
export function markOfItem(item: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(item)))
    .digest('base64url');
}

/** The database gives an object's names back in an order of its own. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, inOrder(value[name] ?? null)]);
}

function silencedBy({ facts }: FoldInput, { silenced }: Folded): Silenced[] {
  return [...silenced].sort().flatMap((path) => {
    const own = facts.filter(
      (fact) => fact.path === path && fact.kind !== 'said' && (fact.source === 'customer' || fact.source === 'asked'),
    );
    const last = own.sort((a, b) => b.at.getTime() - a.at.getTime())[0];
    return last ? [{ path, at: last.at }] : [];
  });
}
