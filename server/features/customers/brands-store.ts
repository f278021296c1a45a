import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { Where } from './search-store.ts';

/**
 * Has this row of `customers` visited one of these brands (ids), or was it made for one? A condition for any query.
 *
 * @param also what must hold, too
 */
export function isOfBrands(brands: ReadonlySet<string>, also?: Where): RawBuilder<boolean> {
  const ids = [...brands];
  return sql<boolean>`(${also ?? sql`true`}) and exists (
    select from members m
    where m.customer = customers.id and m.until is null and (
      exists (select from visits v where v.subject = m.subject and v.brand = any(${ids}::uuid[]))
      or exists (select from made_for f where f.subject = m.subject and f.brand = any(${ids}::uuid[]))
    ))`;
}

/** Those of these customers that are of one of these brands. */
export async function ofBrands(
  db: Db,
  customerIds: readonly string[],
  brands: ReadonlySet<string>,
): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('id', 'in', customerIds)
    .where(isOfBrands(brands))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Notes for which brands (ids) a new subject was made. */
export async function insertMadeFor(tx: Db, subject: string, brands: Iterable<string>): Promise<void> {
  const rows = [...brands].map((brand) => ({ subject, brand }));
  if (rows.length > 0) await tx.insertInto('made_for').values(rows).execute();
}
