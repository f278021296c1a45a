import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { CustomerRow } from './customers-store.ts';
import { estimate, type Where } from './search-store.ts';

/** What a list can be in the order of and go on behind any of its rows: there is an index for each. */
export const listOrders = ['created_at', 'email', 'family_name', 'name'] as const;
export type ListOrder = (typeof listOrders)[number];

/** The row that a list goes on behind. `value` null: of those without a value, who come last. */
export type ListMark = { readonly value: string | null; readonly id: string };

/** A row and the value that it stands in the list by. */
export type ListRow = CustomerRow & { readonly in_order: string | null };

type Order = { by: ListOrder; descending: boolean };

// As the indexes have them. Of an instant every digit: JavaScript's is cut off at the millisecond.
const keys: Readonly<
  Record<ListOrder, { key: RawBuilder<unknown>; text: RawBuilder<unknown>; type: RawBuilder<unknown> }>
> = {
  created_at: {
    key: sql`customers.created_at`,
    text: sql`to_char(customers.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    type: sql`timestamptz`,
  },
  email: { key: sql`customers.email`, text: sql`customers.email`, type: sql`text` },
  family_name: {
    key: sql`left(customers.family_name, 100)`,
    text: sql`left(customers.family_name, 100)`,
    type: sql`text`,
  },
  name: { key: sql`left(customers.name, 100)`, text: sql`left(customers.name, 100)`, type: sql`text` },
};

/** Living customers that have a value to be in the order of. */
export async function readInOrder(
  db: Db,
  { by, descending }: Order,
  page: { after: { value: string; id: string } | undefined; where: Where | undefined; limit: number },
): Promise<ListRow[]> {
  const { key, text, type } = keys[by];
  const { after, where, limit } = page;
  const [direction, behind] = descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const begin = after ? sql`(${key}, customers.id) ${behind} (${after.value}::${type}, ${after.id}::uuid)` : sql`true`;
  const found = await sql<ListRow>`
    select customers.*, ${text} as in_order from customers
    where customers.merged_into is null and ${key} is not null and ${begin} and ${where ?? sql`true`}
    order by ${key} ${direction}, customers.id ${direction} limit ${limit}`.execute(db);
  return found.rows;
}

/** Those that have none, by their ids. */
export async function readOutOfOrder(
  db: Db,
  { by, descending }: Order,
  page: { after: string | undefined; where: Where | undefined; limit: number },
): Promise<ListRow[]> {
  const { key } = keys[by];
  const { after, where, limit } = page;
  const [direction, behind] = descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const found = await sql<ListRow>`
    select customers.*, null as in_order from customers
    where customers.merged_into is null and ${key} is null
      and ${after === undefined ? sql`true` : sql`customers.id ${behind} ${after}::uuid`} and ${where ?? sql`true`}
    order by customers.id ${direction} limit ${limit}`.execute(db);
  return found.rows;
}

/** About how many living customers there are for whom this holds, as the database's statistics tell it. */
export function estimateWhere(db: Db, where: Where | undefined): Promise<number> {
  return estimate(db, sql`select from customers where customers.merged_into is null and ${where ?? sql`true`}`);
}
