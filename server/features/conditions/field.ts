import type { RawBuilder } from 'kysely';

/**
 * Where a condition finds the value of an attribute, and of which type it is; handed in by who owns it. The SQL stands
 * in a query over the rows that are picked, and is null where there is no value (`json`: also for the null of JSON).
 */
export type Field =
  | { readonly type: 'text' | 'number' | 'boolean' | 'instant' | 'json'; readonly sql: RawBuilder<unknown> }
  /** Something of which one has any number, each known by a text. `has(null)`: any at all. */
  | { readonly type: 'set'; has(values: readonly string[] | null): RawBuilder<unknown> };

/** The field of an attribute; undefined for what is none. */
export type Fields = (attribute: string) => Field | undefined;
