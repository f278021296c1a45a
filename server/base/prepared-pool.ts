import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';
import { nameOfStatement } from './statement.ts';

/** The pool as Kysely sees it, with every `statement` sent under its name, so that a connection plans it once. */
export function preparedPool(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PreparedClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const seen = known.get(client);
      if (seen) return seen;
      const wrapped = new PreparedClient(client);
      known.set(client, wrapped);
      return wrapped;
    },
  };
}

class PreparedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  query<R>(sql: string, parameters: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query(text: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new Error('There are no cursors here.');
    const values = [...parameters];
    const name = nameOfStatement(text);
    return this.#client.query(name === undefined ? { text, values } : { name, text, values });
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}
