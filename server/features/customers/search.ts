import type { Db } from '../../base/db.ts';
import type { Customer } from './customer.ts';
import { toCustomer } from './customers-store.ts';
import { patiently } from './patiently.ts';
import { estimateFound, type FoundMark, readByIdentity, readFound, type Where } from './search-store.ts';
import { rangesOf, type SearchKind } from './search-words.ts';

/** What somebody types, and by what they may find. */
export type Search = {
  readonly text: string;
  /** Attributes that may be looked through. */
  readonly kinds: readonly SearchKind[];
  /** May ids (`user_id`, the id at a provider) be looked up? */
  readonly byIdentity: boolean;
  /** Only customers for whom this holds. */
  readonly where?: Where | undefined;
};

const mostByIdentity = 10;

/**
 * Customers by the beginning of any word of their name, of the e-mail address, the phone number (with its country or
 * without) or the username, and by a whole id; in the order of what was found, the one with that very id first. Case
 * and accents do not matter. Of several words all but the last are whole.
 *
 * @param page `after` is the `next` of the page before
 * @throws Problem `busy` when `where` fits too few of those found
 */
export function searchCustomers(
  db: Db,
  { text, kinds, byIdentity, where }: Search,
  page: { after?: FoundMark | undefined; limit: number },
): Promise<{ customers: Customer[]; next?: FoundMark }> {
  return patiently(db, async (tx) => {
    const { after, limit } = page;
    const known = byIdentity ? await readByIdentity(tx, text.trim(), where, mostByIdentity) : [];
    const ranges = rangesOf(text).filter(({ kind }) => kinds.includes(kind));
    const not = known.map(({ id }) => id);
    const rows = ranges.length === 0 ? [] : await readFound(tx, ranges, { after, not, where, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const customers = [...(after ? [] : known), ...shown].map(toCustomer);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { customers, ...(last && { next: { word: last.found_by, customer: last.id } }) };
  });
}

/** About how many customers a search finds, from statistics: at once, and the same whatever the number. */
export async function estimateSearch(db: Db, { text, kinds }: Search): Promise<number> {
  const ranges = rangesOf(text).filter(({ kind }) => kinds.includes(kind));
  return ranges.length === 0 ? 0 : estimateFound(db, ranges);
}
