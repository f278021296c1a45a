import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import type { DB } from './generated/schema.ts';

/** Runs the statement, in the pool or a transaction, with the values of its `$1`, `$2` ... and gives its rows. */
export type Statement<Row> = (db: Pick<Kysely<DB>, 'executeQuery'>, values: readonly unknown[]) => Promise<Row[]>;

const names = new Map<string, string>();

/**
 * A statement of a hot path: written as it is sent, so that nothing is put together at each call, and planned by the
 * database once per connection. For the few that every sign-in passes; each text is kept for ever. Name the columns: a
 * prepared `select *` would fail after a migration that adds one.
 */
export function statement<Row>(text: string): Statement<Row> {
  names.set(text, createHash('sha256').update(text).digest('base64url').slice(0, 24));
  return async (db, values) => (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}

/** The name under which the database keeps the plan of this text; none: it is no `statement`. */
export function nameOfStatement(text: string): string | undefined {
  return names.get(text);
}
