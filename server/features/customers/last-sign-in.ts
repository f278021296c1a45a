import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { SignInContext } from './sign-in-context.ts';

/**
 * In a query over `customers`: how they came last, as JSON (`SignInContext`); null: never, or nothing was kept of it.
 *
 * @param brands ids of those of which somebody is told: what comes of it is the same wherever else customers went, before
 *   or after; null: all
 */
export function lastSignIn(brands: ReadonlySet<string> | null): RawBuilder<unknown> {
  if (brands === null) return sql`customers.last_sign_in`;
  const ids = [...brands];
  return sql`(
    select v.last_sign_in from members m join visits v on v.subject = m.subject
    where m.customer = customers.id and m.until is null and v.brand = any(${ids}::uuid[]) and v.last_sign_in is not null
    order by v.last_at desc, v.brand limit 1)`;
}

/** How this customer came last to these brands (ids; null: to any); undefined: never, or nothing was kept of it. */
export async function readLastContext(
  db: Db,
  customer: string,
  brands: ReadonlySet<string> | null,
): Promise<SignInContext | undefined> {
  // What stands in the columns is what `countPart` wrote.
  const { rows } = await sql<{ context: SignInContext | null }>`
    select ${lastSignIn(brands)} as context from customers where id = ${customer} and merged_into is null`.execute(db);
  return rows[0]?.context ?? undefined;
}

/** One became two: where each was, and how they came last, is what the visits of their subjects say. */
export async function partVisits(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`
    update customers set
      last_sign_in = (
        select v.last_sign_in from members m join visits v on v.subject = m.subject
        where m.customer = customers.id and m.until is null and v.last_sign_in is not null
        order by v.last_at desc, v.brand limit 1),
      visited = array(
        select v.brand from members m join visits v on v.subject = m.subject
        where m.customer = customers.id and m.until is null group by v.brand order by min(v.first_at), v.brand)
    where id = any(${customers}::uuid[])`.execute(tx);
}
