import type { Db } from '../../base/db.ts';
import { isOfBrands } from './brands-store.ts';
import type { CustomerRow } from './customers-store.ts';

/** Columns that a list can be in the order of. */
export const sortColumns = [
  'created_at',
  'updated_at',
  'email',
  'name',
  'given_name',
  'family_name',
  'username',
  'phone_number',
  'last_login',
  'logins_count',
  'user_id',
] as const;
export type SortColumn = (typeof sortColumns)[number];

const neverNull = new Set<SortColumn>(['created_at', 'updated_at', 'logins_count', 'user_id']);

export type BrowseFilter = {
  /** Only customers with an identity of this connection. */
  connection?: string | undefined;
  /** Only customers of these brands (ids); null: of all. */
  brands: ReadonlySet<string> | null;
};

export function readSorted(
  tx: Db,
  filter: BrowseFilter,
  sort: { by: SortColumn; descending: boolean },
  page: { offset: number; limit: number },
): Promise<CustomerRow[]> {
  const direction = sort.descending ? 'desc' : 'asc';
  return filtered(tx, filter)
    .selectAll('customers')
    .orderBy(`customers.${sort.by}`, (order) => {
      if (!sort.descending) return order.asc();
      // Not where nothing can be null: the index has nulls first backwards.
      return neverNull.has(sort.by) ? order.desc() : order.desc().nullsLast();
    })
    .orderBy('customers.id', direction)
    .offset(page.offset)
    .limit(page.limit)
    .execute();
}

export async function countFiltered(tx: Db, filter: BrowseFilter): Promise<number> {
  const { count } = await filtered(tx, filter)
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function readAnyIdentity(db: Db, connection: string): Promise<boolean> {
  const row = await db
    .selectFrom('identities')
    .select('subject')
    .where('connection', '=', connection)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function filtered(tx: Db, { connection, brands }: BrowseFilter) {
  const living = tx
    .selectFrom('customers')
    .where('customers.merged_into', 'is', null)
    .$if(brands !== null, (query) => query.where(isOfBrands(brands ?? new Set())));
  if (connection === undefined) return living;
  return living.where((eb) =>
    eb.exists(
      eb
        .selectFrom('members')
        .innerJoin('identities', 'identities.subject', 'members.subject')
        .select('members.subject')
        .whereRef('members.customer', '=', 'customers.id')
        .where('members.until', 'is', null)
        .where('identities.connection', '=', connection),
    ),
  );
}
