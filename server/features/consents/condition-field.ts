import { type RawBuilder, sql } from 'kysely';
import type { Scope } from './consent.ts';

/**
 * Does the customer of a row of `customers` allow one of these purposes (as a whole, not one topic) to the umbrella or a
 * brand; null: anything at all. In SQL what `decisive` is on the rows of one customer.
 *
 * @param brands ids of those which "anything at all" is looked for at, besides the umbrella; null: all
 */
export function consentField(
  scopes: readonly { purpose: string; brand: string | RawBuilder<unknown> | null }[] | null,
  brands: readonly string[] | null = null,
): RawBuilder<unknown> {
  const asked = scopes?.map(
    ({ purpose, brand }) => sql`(yes.purpose = ${purpose} and yes.brand is not distinct from ${brand}::uuid)`,
  );
  const any = brands ? sql`(yes.brand is null or yes.brand = any(${brands}::uuid[]))` : sql`true`;
  return sql`exists (
    select from members m join consents yes on yes.subject = m.subject
    where m.customer = customers.id and m.until is null
      and yes.given and yes.topic is null and ${asked ? sql`(${sql.join(asked, sql` or `)})` : any}
      and not exists (
        select from members o join consents no on no.subject = o.subject
        where o.customer = m.customer and o.until is null
          and no.purpose = yes.purpose and not no.given and no.topic is null and (no.at, no.id) > (yes.at, yes.id)
          and (no.brand is not distinct from yes.brand or (no.brand is null and no.source <> 'merge'))
      ))`;
}

/** Did the customer of a row of `customers` say nothing of this: neither yes nor no, and no yes that waits for a mail? */
export function isUnsaid({ brand, purpose, topic }: Scope, at: Date): RawBuilder<unknown> {
  const scope = sql`c.purpose = ${purpose} and c.brand is not distinct from ${brand}::uuid
    and c.topic is not distinct from ${topic}::text`;
  return sql`(not exists (
      select from members m join consents c on c.subject = m.subject
      where m.customer = customers.id and m.until is null and ${scope})
    and not exists (
      select from members m join consent_confirmations c on c.subject = m.subject
      where m.customer = customers.id and m.until is null and ${scope} and c.consumed_at is null
        and c.expires_at > ${at}::timestamptz))`;
}
