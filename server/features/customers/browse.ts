import type { Db } from '../../base/db.ts';
import { patiently } from '../../base/patiently.ts';
import {
  type BrowseFilter,
  countFiltered,
  readAnyIdentity,
  readSorted,
  type SortColumn,
  sortColumns,
} from './browse-store.ts';
import type { Customer } from './customer.ts';
import { toCustomer } from './customers-store.ts';

export { sortColumns };

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
