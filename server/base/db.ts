import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DB } from './generated/schema.ts';
import { preparedPool } from './prepared-pool.ts';
import { goStraight } from './statement.ts';

/** A handle for queries: the pool or, inside `transact`, one transaction. Verbs take it as first argument. */
export type Db = Kysely<DB>;

export type Database = {
  readonly db: Db;
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

/**
 * Opens a pool on `url` (a PostgreSQL connection string); connects on first use.
 *
 * @param max connections at most
 * @param prepares false behind a transaction pooler, where a connection's prepared statements are lost
 */
export function openDatabase(url: string, max = 16, prepares = true): Database {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000 });
  // An idle connection that the server closed is replaced by the pool; without a listener Node would stop.
  pool.on('error', () => undefined);
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: prepares ? preparedPool(pool) : pool }) });
  if (prepares) goStraight(db, pool);
  return { db, pool, close: () => db.destroy() };
}

/**
 * A pool for the job queue. Its own one stops listening to errors before its connections are closed, so that a
 * database that goes away at that moment would end the whole process.
 */
export function openQueuePool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `act` in one transaction: all of it or nothing. Inside another transaction it simply joins it. */
export function transact<T>(db: Db, act: (tx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? act(db) : db.transaction().execute(act);
}

/** Did the database refuse because a unique constraint (if given, this one) was violated? */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '23505' &&
    (constraint === undefined || error.constraint === constraint)
  );
}

/** Did the database refuse because other rows still point at this one, or this one points at nothing? */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23503';
}
