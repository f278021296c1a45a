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

/** One of several writes that go to the database together. */
export type Part = {
  /** An insert, update or delete with `returning`; its places `$1`, `$2` ... are for its own values. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** Is told how many rows it was; throws when that is wrong, which undoes everything in a transaction. */
  readonly check?: ((rows: number) => void) | undefined;
};

const composed = new Map<string, Statement<Record<string, number>>>();

/**
 * Writes in one statement what several features have to write: one way to the database and back instead of many. No
 * part sees what another one does. Call it in a transaction where a part checks something.
 */
export async function writeTogether(db: Handle, parts: readonly Part[]): Promise<void> {
  const key = parts.map(({ text }) => text).join('\n');
  const run = composed.get(key) ?? compose(parts);
  composed.set(key, run);
  const [counts = {}] = await run(
    db,
    parts.flatMap(({ values }) => values),
  );
  for (const [place, { check }] of parts.entries()) check?.(counts[`rows${place}`] ?? 0);
}

function compose(parts: readonly Part[]): Statement<Record<string, number>> {
  let before = 0;
  const texts = parts.map(({ text, values }, place) => {
    const moved = text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + before}`);
    before += values.length;
    return `part${place} as (${moved})`;
  });
  const counts = parts.map((_, place) => `(select count(*)::integer from part${place}) as rows${place}`);
  return statement(`with ${texts.join(', ')} select ${counts.join(', ')}`);
}

/** The name under which the database keeps the plan of this text; none: it is no `statement`. */
export function nameOfStatement(text: string): string | undefined {
  return names.get(text);
}

/** From now on statements outside of a transaction go straight to the pool: half the work of going through Kysely. */
export function goStraight(db: Handle, pool: pg.Pool): void {
  pools.set(db, pool);
}
