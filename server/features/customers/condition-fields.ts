import { type RawBuilder, sql } from 'kysely';
import { partsOfPath } from '../../../contract/attribute-paths.ts';

/** Of an attribute: its type, and its value in a query over `customers`. */
export type CustomerField =
  | { readonly type: 'text' | 'number' | 'boolean' | 'instant' | 'json'; readonly sql: RawBuilder<unknown> }
  | { readonly type: 'set'; has(values: readonly string[] | null): RawBuilder<unknown> };

const columns: Readonly<Record<string, CustomerField>> = {
  blocked: { type: 'boolean', sql: sql`customers.blocked` },
  created_at: { type: 'instant', sql: sql`customers.created_at` },
  email: { type: 'text', sql: sql`customers.email` },
  email_verified: { type: 'boolean', sql: sql`customers.email_verified` },
  family_name: { type: 'text', sql: sql`customers.family_name` },
  given_name: { type: 'text', sql: sql`customers.given_name` },
  last_login: { type: 'instant', sql: sql`customers.last_login` },
  logins_count: { type: 'number', sql: sql`customers.logins_count` },
  name: { type: 'text', sql: sql`customers.name` },
  phone_number: { type: 'text', sql: sql`customers.phone_number` },
  phone_verified: { type: 'boolean', sql: sql`customers.phone_verified` },
  updated_at: { type: 'instant', sql: sql`customers.updated_at` },
  user_id: { type: 'text', sql: sql`customers.user_id` },
  username: { type: 'text', sql: sql`customers.username` },
  /** Ids of the brands that were visited. */
  brand: {
    type: 'set',
    has: (ids) => sql`exists (
      select from members join visits on visits.subject = members.subject
      where members.customer = customers.id and members.until is null
        and (${ids}::uuid[] is null or visits.brand = any(${ids}::uuid[])))`,
  },
  /** Names of the connections that identities come from. */
  connection: {
    type: 'set',
    has: (names) => sql`exists (
      select from members join identities on identities.subject = members.subject
      where members.customer = customers.id and members.until is null
        and (${names}::text[] is null or identities.connection = any(${names}::text[])))`,
  },
};

/** Where a condition finds what this feature knows of a customer: columns, and any path of an attribute. */
export function customerField(attribute: string): CustomerField | undefined {
  if (Object.hasOwn(columns, attribute)) return columns[attribute];
  const parts = partsOfPath(attribute);
  if (!parts) return undefined;
  return { type: 'json', sql: sql`nullif(${placeOf(parts)} -> ${parts.key}::text, 'null'::jsonb)` };
}

function placeOf(parts: NonNullable<ReturnType<typeof partsOfPath>>): RawBuilder<unknown> {
  switch (parts.place) {
    case 'root':
      return sql`customers.attributes`;
    case 'user_metadata':
      return sql`customers.user_metadata`;
    case 'app_metadata':
      return sql`customers.app_metadata`;
    case 'brands':
      return sql`(customers.brand_values -> ${parts.brand}::text)`;
  }
}
