import type { Db } from '../../base/db.ts';
import { patiently } from '../../base/patiently.ts';
import type { Customer } from './customer.ts';
import { toCustomer } from './customers-store.ts';
import { estimateFound, type FoundMark, type FoundRow, readByIdentity, readFound, type Where } from './search-store.ts';
import { rangesOf, type SearchKind, type SearchRange, turnsOf } from './search-words.ts';

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
 * Customers by the beginning of any word of their name, of the username, the e-mail address or the phone number (with
 * its country or without), and by a whole id. Of several words beginnings are enough. Who has that very id comes first,
 * then who is found by name, and so on; each in the order of what was found. Case and accents do not matter.
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
    const asked = rangesOf(text).filter(({ kind }) => kinds.includes(kind));
    const ranges = await Promise.all(asked.map((range) => shortest(tx, range, after)));
    const not = known.map(({ id }) => id);
    const found: { kind: SearchKind; row: FoundRow }[] = [];
    for (const [place, range] of ranges.entries()) {
      const { kind } = range;
      const begin = ranges.findIndex((one) => one.kind === after?.kind);
      if (place < begin || found.length > limit) continue;
      const rest = { after: place === begin ? after : undefined, not, where, limit: limit + 1 - found.length };
      const rows = await readFound(tx, range, { ...rest, before: ranges.slice(0, place) });
      found.push(...rows.map((row) => ({ kind, row })));
    }
    const shown = found.slice(0, limit);
    const customers = [...(after ? [] : known), ...shown.map(({ row }) => row)].map(toCustomer);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return { customers, ...(last && { next: { kind: last.kind, word: last.row.found_by, customer: last.row.id } }) };
  });
}

/** The turn of a range that looks through least; on a further page, the one that the page before was of. */
async function shortest(tx: Db, range: SearchRange, after: FoundMark | undefined): Promise<SearchRange> {
  const turns = turnsOf(range);
  const known = turns.find(({ kind, from }) => kind === after?.kind && after.word.startsWith(from));
  if (known || turns.length === 1) return known ?? range;
  const sizes = await Promise.all(
    turns.map(({ kind, from, below }) => estimateFound(tx, [{ kind, from, below, also: [] }])),
  );
  return turns[sizes.indexOf(Math.min(...sizes))] ?? range;
}

/** About how many customers a search finds, from statistics: at once, and the same whatever the number. */
export async function estimateSearch(db: Db, { text, kinds }: Search): Promise<number> {
  const ranges = rangesOf(text).filter(({ kind }) => kinds.includes(kind));
  return ranges.length === 0 ? 0 : estimateFound(db, ranges);
}
