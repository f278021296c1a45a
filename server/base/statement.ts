import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import type pg from 'pg';
import type { DB } from './generated/schema.ts';

type Handle = Pick<Kysely<DB>, 'executeQuery'>;

/** Runs the statement, in the pool or a transaction, with the values of its `$1`, `$2` ... and gives its rows. */
export type Statement<Row> = (db: Handle, values: readonly unknown[]) => Promise<Row[]>;

const names = new Map<string, string>();
const pools = new WeakMap<Handle, pg.Pool>();

/**
 * A statement of a hot path: written as it is sent, so that nothing is put together at each call, and planned by the
 * database once per connection. For the few that every sign-in passes; each text is kept for ever. Name the columns: a
 * prepared `select *` would fail after a migration that adds one.
 */
export function statement<Row extends pg.QueryResultRow>(text: string): Statement<Row> {
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
  names.set(text, name);
  return async (db, values) => {
    const pool = pools.get(db);
    if (pool) return (await pool.query<Row>({ name, text, values: [...values] })).rows;
    return (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
  };
}

/** The name under which the database keeps the plan of this text; none: it is no `statement`. */
export function nameOfStatement(text: string): string | undefined {
  return names.get(text);
}

/** From now on statements outside of a transaction go straight to the pool: half the work of going through Kysely. */
export function goStraight(db: Handle, pool: pg.Pool): void {
  pools.set(db, pool);
}
