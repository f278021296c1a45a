import { type RawBuilder, sql } from 'kysely';

/**
 * Where a condition finds the value of an attribute, and of which type it is; handed in by who owns it. The SQL stands
 * in a query over the rows that are picked, and is null where there is no value (`json`: also for the null of JSON).
 */
export type Field =
  | { readonly type: 'text' | 'number' | 'boolean' | 'instant' | 'json'; readonly sql: RawBuilder<unknown> }
  /** A number that everybody has, of which "less than" is told cheaper than it is itself. */
  | { readonly type: 'number'; readonly sql: RawBuilder<unknown>; below(value: number): RawBuilder<unknown> }
  /** Something of which one has any number, each known by a text. `has(null)`: any at all. */
  | { readonly type: 'set'; has(values: readonly string[] | null): RawBuilder<unknown> };

/** The field of an attribute; undefined for what is none. */
export type Fields = (attribute: string) => Field | undefined;

/** The same field where texts that hold an `@` are none, for who does not see addresses: people are called by them, too. */
export function withoutAddresses(field: Field): Field {
  if (field.type !== 'text' && field.type !== 'json') return field;
  return { ...field, sql: sql`(case when position('@' in ${field.sql}::text) > 0 then null else ${field.sql} end)` };
}
