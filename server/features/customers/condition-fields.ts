import { type RawBuilder, sql } from 'kysely';
import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import type { Customer } from './customer.ts';
import { birthdayOf } from './profile.ts';
import type { SignInContext } from './sign-in-context.ts';

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
    has: (ids) => {
      return ids === null ? sql`(cardinality(customers.visited) > 0)` : sql`(customers.visited && ${ids}::uuid[])`;
    },
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

const worked: Readonly<Record<string, CustomerField>> = {
  'sign_in.number': { type: 'number', sql: sql`customers.logins_count` },
  'birthday.month': { type: 'number', sql: sql`customers.birth_month` },
};

type OfLast = (last: RawBuilder<unknown>) => CustomerField;

const textIn = (key: string): OfLast => {
  return (last) => ({ type: 'text', sql: sql`(${last} ->> ${key}::text)` });
};
const ofSignIn: Readonly<Record<string, OfLast>> = {
  'sign_in.portal': textIn('portal'),
  'sign_in.brand': textIn('brand'),
  'sign_in.connection': textIn('connection'),
  'sign_in.country': textIn('country'),
  'sign_in.language': textIn('language'),
  'sign_in.device': textIn('device'),
  'sign_in.hour': (last) => ({ type: 'number', sql: sql`(${last} -> 'hour')::integer` }),
};

/**
 * Where a condition finds what this feature knows of a customer: columns, any path of an attribute, and of the sign-in
 * (`sign_in.*`) what the last one was. `customerValue` is the same of one customer.
 *
 * @param at the moment that is "now" in `sign_in.days_since_*` and `birthday.months_away`
 * @param last the last sign-in: see `lastSignIn`
 */
export function customerField(attribute: string, at: Date, last: RawBuilder<unknown>): CustomerField | undefined {
  if (Object.hasOwn(columns, attribute)) return columns[attribute];
  if (Object.hasOwn(worked, attribute)) return worked[attribute];
  if (Object.hasOwn(ofSignIn, attribute)) return ofSignIn[attribute]?.(last);
  if (attribute === 'sign_in.days_since_sign_up') {
    return { type: 'number', sql: sql`floor(date_part('epoch', ${at}::timestamptz - customers.created_at) / 86400)` };
  }
  if (attribute === 'sign_in.days_since_question') {
    return {
      type: 'number',
      sql: sql`floor(date_part('epoch', ${at}::timestamptz - customers.last_asked_at) / 86400)`,
    };
  }
  if (attribute === 'birthday.months_away') {
    return { type: 'number', sql: sql`mod(customers.birth_month - ${monthOf(at)}::integer + 12, 12)` };
  }
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

/**
 * What `customerField` finds, of one customer at a sign-in; undefined for a set, which stands in other tables.
 *
 * @param signIn how they come now, or came last
 */
export function customerValue(
  attribute: string,
  { customer, signIn, at }: { customer: Customer; signIn: SignInContext | null; at: Date },
): Json | Date | undefined {
  switch (attribute) {
    case 'blocked':
    case 'created_at':
    case 'email_verified':
    case 'last_login':
    case 'phone_verified':
    case 'updated_at':
    case 'user_id':
    case 'email':
    case 'phone_number':
    case 'username':
    case 'name':
    case 'given_name':
    case 'family_name':
    case 'logins_count':
      return customer[attribute] ?? undefined;
    case 'sign_in.number':
      return customer.logins_count;
    case 'sign_in.portal':
      return signIn?.portal ?? undefined;
    case 'sign_in.brand':
      return signIn?.brand ?? undefined;
    case 'sign_in.connection':
      return signIn?.connection;
    case 'sign_in.country':
      return signIn?.country ?? undefined;
    case 'sign_in.language':
      return signIn?.language ?? undefined;
    case 'sign_in.device':
      return signIn?.device ?? undefined;
    case 'sign_in.hour':
      return signIn?.hour;
    case 'sign_in.days_since_sign_up':
      return daysUntil(at, customer.created_at);
    case 'sign_in.days_since_question':
      return customer.last_asked_at ? daysUntil(at, customer.last_asked_at) : undefined;
    case 'birthday.month':
      return birthMonthOf(customer);
    case 'birthday.months_away': {
      const month = birthMonthOf(customer);
      return month === undefined ? undefined : (month - monthOf(at) + 12) % 12;
    }
    default:
      return valueAt(customer, attribute);
  }
}

/** The value at the path of an attribute. */
export function valueAt(
  customer: Pick<Customer, 'attributes' | 'user_metadata' | 'app_metadata' | 'brand_values'>,
  path: string,
): Json | undefined {
  const parts = partsOfPath(path);
  if (!parts) return undefined;
  const place = parts.place === 'root' ? customer.attributes : placeIn(customer, parts);
  const value = isJsonObject(place) && Object.hasOwn(place, parts.key) ? place[parts.key] : undefined;
  return value ?? undefined;
}

function placeIn(
  { user_metadata, app_metadata, brand_values }: Pick<Customer, 'user_metadata' | 'app_metadata' | 'brand_values'>,
  parts: Exclude<NonNullable<ReturnType<typeof partsOfPath>>, { place: 'root' }>,
): Json | undefined {
  if (parts.place === 'brands') return Object.hasOwn(brand_values, parts.brand) ? brand_values[parts.brand] : undefined;
  return parts.place === 'user_metadata' ? user_metadata : app_metadata;
}

function daysUntil(at: Date, since: Date): number {
  return Math.floor((at.getTime() - since.getTime()) / 86_400_000);
}

/** In UTC, 1 to 12. */
function monthOf(at: Date): number {
  return at.getUTCMonth() + 1;
}

function birthMonthOf({ attributes }: Customer): number | undefined {
  return birthdayOf(attributes.birthdate).birth_month ?? undefined;
}
