import type { Db } from '../../base/db.ts';
import { patiently } from '../../base/patiently.ts';
import type { Customer } from './customer.ts';
import { toCustomer } from './customers-store.ts';
import {
  countWhere,
  estimateWhere,
  type ListMark,
  type ListOrder,
  listOrders,
  readInOrder,
  readOutOfOrder,
  readSome,
  sampleWhere,
} from './list-store.ts';
import type { Where } from './search-store.ts';

export { listOrders };

/** Which customers, and in which order. Those without a value to be in the order of come last. */
export type CustomerList = {
  readonly by: ListOrder;
  readonly descending: boolean;
  /** Only customers for whom this holds. */
  readonly where?: Where | undefined;
};

/**
 * A page of the living customers that goes on behind the last one of the page before, so that every page costs the same
 * however many there are, and nobody is shown twice or missed because others came.
 *
 * @param page `after` is the `next` of the page before
 * @throws Problem `busy` when `where` fits too few of many
 */
export function listCustomers(
  db: Db,
  { where, ...order }: CustomerList,
  page: { after?: ListMark | undefined; limit: number },
): Promise<{ customers: Customer[]; next?: ListMark }> {
  return patiently(db, async (tx) => {
    const { after, limit } = page;
    const most = limit + 1;
    const isAtEnd = after?.value === null;
    const behind = after && after.value !== null ? { value: after.value, id: after.id } : undefined;
    const rows = isAtEnd ? [] : await readInOrder(tx, order, { after: behind, where, limit: most });
    if (rows.length < most) {
      const rest = { after: isAtEnd ? after.id : undefined, where, limit: most - rows.length };
      rows.push(...(await readOutOfOrder(tx, order, rest)));
    }
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { customers: shown.map(toCustomer), ...(last && { next: { value: last.in_order, id: last.id } }) };
  });
}

/**
 * Some of those for whom this holds, found at once however many customers there are; of a rare few perhaps nobody.
 *
 * @throws Problem `busy`
 */
export function someCustomers(db: Db, where: Where, limit: number): Promise<Customer[]> {
  return patiently(db, async (tx) => (await readSome(tx, where, limit)).map(toCustomer));
}

/** About how many customers a list has, from statistics: at once, and the same whatever the number. */
export function estimateList(db: Db, { where }: Pick<CustomerList, 'where'>): Promise<number> {
  return estimateWhere(db, where);
}

/** Who asks for it waits a little for an exact number, on a busy machine, too. */
const countingMs = 10_000;

/**
 * How many customers this holds for: reckoned from a sample where there are many, or exactly.
 *
 * @throws Problem `busy` when it cannot be told in the time that is given
 */
export function countCustomersWhere(
  db: Db,
  where: Where,
  { exact }: { readonly exact: boolean },
): Promise<{ count: number; isEstimate: boolean }> {
  if (!exact) return patiently(db, (tx) => sampleWhere(tx, where));
  return patiently(db, async (tx) => ({ count: await countWhere(tx, where), isEstimate: false }), countingMs);
}
