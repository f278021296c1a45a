import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import pg from 'pg';
import type { DB } from './generated/schema.ts';
import { Prepared } from './prepared.ts';

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
  const prepared = new Prepared<Row>(name, text);
  names.set(text, name);
  return async (db, values) => {
    const pool = pools.get(db);
    if (pool) return await prepared.run(pool, values);
    return (await db.executeQuery<Row>(raw(text, values))).rows;
  };
}

/** One of several writes that go to the database together. */
export type Part = {
  /** An insert, update or delete with `returning`; its places `$1`, `$2` ... are for the values of this part. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** How the further steps call the rows of `text`; a name that no other part has. */
  readonly name?: string | undefined;
  /** Further steps, by name, with the same values; they may read `name` and the steps before them. */
  readonly steps?: Readonly<Record<string, string>> | undefined;
  /** What is thrown when `text` was no row; nothing of all parts is written then. */
  readonly orElse?: (() => Error) | undefined;
  /** Called when it is sent, and when the database says that nothing was written; not when the connection was lost. */
  readonly told?: ((how: 'sent' | 'undone') => void) | undefined;
};

const mostComposed = 200;

/**
 * For statements that are put together at each call, of few shapes: the same text is the same statement. Should there
 * be more than 200, the others are planned each time.
 */
export function composedStatements<Row extends pg.QueryResultRow>(): (text: string) => Statement<Row> {
  const known = new Map<string, Statement<Row>>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    if (known.size >= mostComposed) return async (db, values) => (await db.executeQuery<Row>(raw(text, values))).rows;
    const made = statement<Row>(text);
    known.set(text, made);
    return made;
  };
}

function raw(text: string, values: readonly unknown[]) {
  return CompiledQuery.raw(text, [...values]);
}

const composed = new Map<string, Statement<object>>();

/**
 * Writes in one statement what several features have to write: one way to the database and back instead of many, and
 * all of it or nothing, in a transaction or not. No part sees what another one does; those that may be refused run
 * first, in their order, so that locks are taken in it.
 */
export async function writeTogether(db: Handle, parts: readonly Part[]): Promise<void> {
  const key = parts.map(({ text, orElse }) => (orElse ? `${text}!` : text)).join('\n');
  const run = composed.get(key) ?? compose(parts);
  composed.set(key, run);
  const values = parts.flatMap((part) => part.values);
  for (const { told } of parts) told?.('sent');
  try {
    await run(db, values);
  } catch (error) {
    if (isUndone(error)) for (const { told } of parts) told?.('undone');
    throw refusedOf(error, parts)?.() ?? error;
  }
}

/** Did the database refuse the statement? What ended the connection may have come after it was written. */
function isUndone(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

function compose(parts: readonly Part[]): Statement<object> {
  let before = 0;
  const steps: string[] = [];
  const checks: string[] = [];
  for (const [place, { text, values, name = `part${place}`, steps: further = {}, orElse }] of parts.entries()) {
    const first = before;
    const moved = (one: string) => one.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + first}`);
    for (const [called, one] of Object.entries({ [name]: text, ...further }))
      steps.push(`${called} as (${moved(one)})`);
    if (orElse) checks.push(`case when not exists (select from ${name}) then refuse_part(${place}) end`);
    before += values.length;
  }
  return statement(`with ${steps.join(', ')} select ${checks.join(', ') || 'true'}`);
}

// What refuse_part() raises: the place of the part is the message.
const refused = 'RG001';

function refusedOf(error: unknown, parts: readonly Part[]): (() => Error) | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === refused)) return undefined;
  return parts[Number(error.message)]?.orElse;
}

/** The name under which the database keeps the plan of this text; none: it is no `statement`. */
export function nameOfStatement(text: string): string | undefined {
  return names.get(text);
}

/** From now on statements outside of a transaction go straight to the pool: half the work of going through Kysely. */
export function goStraight(db: Handle, pool: pg.Pool): void {
  pools.set(db, pool);
}
