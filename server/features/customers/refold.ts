import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { type Json, sameJson } from '../../base/json.ts';
import type { Customer } from './customer.ts';
import { type CustomerRow, readCustomer, readCustomerIds, toCustomer, writeFolded } from './customers-store.ts';
import { readFoldInput } from './facts-store.ts';
import { type FoldInput, fold } from './fold.ts';
import { lockCustomers } from './locks.ts';
import { type FoldedColumns, profileOf, type Totals } from './profile.ts';
import { replaceSearchWords } from './search-store.ts';
import { searchWords } from './search-words.ts';
import { readTotals } from './subjects-store.ts';

/**
 * Folds a customer's profile anew from the facts, proofs and counts of its subjects; writes only what changed. Every
 * verb of this feature does it itself; alone it is for a change of the rule (a ranking in the catalogue).
 *
 * @throws Problem `not_found`
 */
export function refold(db: Db, customerId: string): Promise<Customer> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    return refoldLocked(tx, living, now());
  });
}

/** The same for a living customer that this transaction holds the lock of; `at` is when it changed, if it did. */
export async function refoldLocked(tx: Db, customerId: string, at: Date): Promise<Customer> {
  const columns = foldColumns(await readFoldInput(tx, customerId), await readTotals(tx, customerId));
  const row = await readCustomer(tx, customerId);
  if (!row) throw new Error(`customer ${customerId} is locked and gone`);
  if (isFolded(row, columns)) return toCustomer(row);
  const words = searchWords(columns);
  if (JSON.stringify(words) !== JSON.stringify(searchWords(row))) await replaceSearchWords(tx, customerId, words);
  return toCustomer(await writeFolded(tx, customerId, columns, at));
}

/** The pure part: what the columns of a customer are, given the rows of its subjects. */
export function foldColumns(input: FoldInput, totals: Totals): FoldedColumns {
  return { ...profileOf(fold(input), input.proofs), ...totals };
}

/** Folds the next `limit` customers behind `after`; gives where to go on, undefined at the end. */
export async function refoldBatch(db: Db, after: string | undefined, limit: number): Promise<string | undefined> {
  const ids = await readCustomerIds(db, after, limit);
  for (const id of ids) await refold(db, id);
  return ids.length === limit ? ids.at(-1) : undefined;
}

function isFolded(row: CustomerRow, columns: FoldedColumns): boolean {
  const stored: Readonly<Record<string, Json | Date>> = row;
  return Object.entries(columns).every(([name, value]) => isSame(stored[name], value));
}

function isSame(stored: Json | Date | undefined, folded: Json | Date): boolean {
  if (stored instanceof Date || folded instanceof Date) {
    return stored instanceof Date && folded instanceof Date && stored.getTime() === folded.getTime();
  }
  return stored !== undefined && sameJson(stored, folded);
}
