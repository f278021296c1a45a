import { sql } from 'kysely';
import { type Counter, readCounters } from './attempts.ts';
import { now } from './clock.ts';
import type { Vault } from './crypto.ts';
import type { Db } from './db.ts';
import { placeCounter } from './guess.ts';

// Everybody who is shut out now, for those who look after it: whatever the door was.

/** A door that is shut after too many wrong secrets. */
export type BlockRow = {
  /** Names it when it is lifted. */
  readonly id: string;
  /** Which limit was reached: `sign_in`, `factors`, `ip_failures`, `staff_sign_in`, ... */
  readonly scope: string;
  /** Whose door: the id of a customer or of one of the staff, or a keyed hash of an address that nobody has. */
  readonly hint: string | null;
  readonly ip: string | null;
  readonly failed: number;
  readonly until: Date;
};

/** The doors that are shut now, the one that opens last first. @param after the last row of the page before */
export async function listBlocks(
  db: Db,
  page: { limit: number; offset: number; after?: { until: Date; id: string } | undefined },
): Promise<BlockRow[]> {
  const { limit, offset, after } = page;
  const [scope = '', key = ''] = after?.id.split('.') ?? [];
  const found = await sql<BlockRow>`
    select scope || '.' || encode(key, 'hex') as id, scope, hint, host(ip) as ip, failed, blocked_until as until
    from attempts
    where blocked_until > ${now()} and (${after === undefined}
      or (blocked_until, scope, key) < (${after?.until ?? now()}::timestamptz, ${scope}, decode(${key}, 'hex')))
    order by blocked_until desc, scope desc, key desc
    limit ${limit} offset ${offset}`.execute(db);
  return found.rows;
}

/** How many doors are shut now. */
export async function countBlocks(db: Db): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from attempts where blocked_until > ${now()}`.execute(db);
  return found.rows[0]?.count ?? 0;
}

/** Opens a door again and forgets what was counted at it. @returns what it was; undefined: it was not shut */
export async function liftBlock(db: Db, id: string): Promise<Omit<BlockRow, 'id'> | undefined> {
  const [, scope, key] = /^([a-z_]{1,40})\.((?:[0-9a-f]{2}){1,64})$/.exec(id) ?? [];
  if (scope === undefined || key === undefined) return undefined;
  const found = await sql<Omit<BlockRow, 'id'>>`
    delete from attempts where scope = ${scope} and key = decode(${key}, 'hex') and blocked_until > ${now()}
    returning scope, hint, host(ip) as ip, failed, blocked_until as until`.execute(db);
  return found.rows[0];
}

/** Is the place of this address shut out, whoever knocks there? */
export async function placeIsBlocked(vault: Vault, db: Db, ip: string): Promise<boolean> {
  const counter = placeCounter(vault, ip);
  const [state] = await readCounters(db, [counter]);
  return state !== undefined && state.failed >= counter.most && state.reset > now();
}

/** Lets the place of this address in again. */
export async function liftPlace(vault: Vault, db: Db, ip: string): Promise<void> {
  const { scope, key }: Counter = placeCounter(vault, ip);
  await sql`delete from attempts where scope = ${scope} and key = ${key}`.execute(db);
}
