import pg from 'pg';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  type BrowseFilter,
  countFiltered,
  limitTime,
  readAnyIdentity,
  readSorted,
  type SortColumn,
  sortColumns,
} from './browse-store.ts';
import type { Customer } from './customer.ts';
import { toCustomer } from './customers-store.ts';

export { sortColumns };

const patienceMs = 2000;

/**
 * A page of the living customers in any order, for people who look around; not for loops. It may cost more the more
 * customers there are, so it gives up after two seconds.
 *
 * @throws Problem `busy`
 */
export function browseCustomers(
  db: Db,
  filter: BrowseFilter,
  page: { offset: number; limit: number; sort?: { by: SortColumn; descending: boolean } | undefined },
): Promise<Customer[]> {
  const { sort = { by: 'created_at', descending: false } } = page;
  return patiently(db, async (tx) => (await readSorted(tx, filter, sort, page)).map(toCustomer));
}

/** How many that is in all. @throws Problem `busy` after two seconds */
export function countBrowsed(db: Db, filter: BrowseFilter): Promise<number> {
  return patiently(db, (tx) => countFiltered(tx, filter));
}

/** Does any identity come from the connection of this name? */
export function hasIdentities(db: Db, connection: string): Promise<boolean> {
  return readAnyIdentity(db, connection);
}

async function patiently<T>(db: Db, act: (tx: Db) => Promise<T>): Promise<T> {
  try {
    return await transact(db, async (tx) => {
      await limitTime(tx, patienceMs);
      return act(tx);
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '57014')) throw error;
    throw new Problem('busy', 'The query exceeded the timeout. Please ask for less.');
  }
}
