import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { type Json, sameJson } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Customer } from './customer.ts';
import { type CustomerRow, readCustomerIds, toCustomer, wholeRow, writeFolded } from './customers-store.ts';
import { type FoldInputRow, foldInputColumns, toFoldInput } from './facts-store.ts';
import { type FoldInput, fold } from './fold.ts';
import { lockCustomers } from './locks.ts';
import { type FoldedColumns, profileOf, type Totals } from './profile.ts';
import { replaceSearchWords } from './search-store.ts';
import { searchWords } from './search-words.ts';
import { type TotalsRow, toTotals, totalsColumn } from './subjects-store.ts';

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
  const { row, input, totals } = await readUnfolded(tx, customerId);
  return toCustomer(await writeIfChanged(tx, row, foldColumns(input, totals), at));
}

/** The same. @returns what it is folded from now */
export async function refoldedFrom(tx: Db, customerId: string, at: Date): Promise<FoldInput> {
  const { row, input, totals } = await readUnfolded(tx, customerId);
  await writeIfChanged(tx, row, foldColumns(input, totals), at);
  return input;
}

async function writeIfChanged(tx: Db, row: CustomerRow, columns: FoldedColumns, at: Date): Promise<CustomerRow> {
  if (isFolded(row, columns)) return row;
  const words = searchWords(columns);
  if (JSON.stringify(words) !== JSON.stringify(searchWords(row))) await replaceSearchWords(tx, row.id, words);
  return writeFolded(tx, row.id, columns, at);
}

const unfolded = statement<CustomerRow & FoldInputRow & TotalsRow>(`
  select ${wholeRow}, ${foldInputColumns('c.id')}, ${totalsColumn('c.id')}
  from customers c where c.id = $1::uuid and c.merged_into is null`);

/** A living customer that this transaction holds the lock of, and all that the profile is made of: one query. */
export async function readUnfolded(
  tx: Db,
  customerId: string,
): Promise<{ row: CustomerRow; input: FoldInput; totals: Totals }> {
  const [found] = await unfolded(tx, [customerId]);
  if (!found) throw new Error(`customer ${customerId} is locked and gone`);
  return { row: found, input: toFoldInput(found), totals: toTotals(found) };
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
