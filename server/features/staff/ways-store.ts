import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { statement } from '../../base/statement.ts';

const kinds = z.enum(['password', 'passkey', 'totp', 'recovery_codes']);
const data = z.object({
  hash: z.string().optional(),
  name: z.string().optional(),
  is_synced: z.boolean().optional(),
  hashes: z.array(z.string()).optional(),
});

/** A way in or second factor of one of the staff, as it is listed: nothing secret of it. */
export type StaffWay = {
  readonly id: string;
  readonly kind: z.infer<typeof kinds>;
  /** Of a passkey or app: as they call it. */
  readonly name: string | null;
  readonly isSynced: boolean;
  /** Of recovery codes: how many are left. */
  readonly left: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
};

/** All ways of somebody, the oldest first. */
export async function readWays(db: Db, staff: string): Promise<StaffWay[]> {
  const rows = await db
    .selectFrom('staff_ways')
    .select(['id', 'kind', 'data', 'created_at', 'last_used_at'])
    .where('staff', '=', staff)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => {
    const { name = null, is_synced: isSynced = false, hashes = [] } = data.parse(row.data);
    const { id, created_at: createdAt, last_used_at: lastUsedAt } = row;
    return { id, kind: kinds.parse(row.kind), name, isSynced, left: hashes.length, createdAt, lastUsedAt };
  });
}

/** A password as it is kept. */
export type KeptPassword = { readonly id: string; readonly hash: string };

const password = statement<{ id: string; data: unknown }>(`
  select id, data from staff_ways where staff = $1::uuid and kind = 'password'`);

export async function readPassword(db: Db, staff: string): Promise<KeptPassword | undefined> {
  const [row] = await password(db, [staff]);
  const { hash } = data.parse(row?.data ?? {});
  return row && hash !== undefined ? { id: row.id, hash } : undefined;
}

/** Sets the password; what was begun with the one before gets no further, for its id is another one. */
export async function writePassword(tx: Db, staff: string, hash: string, at: Date): Promise<void> {
  await deleteWays(tx, staff, ['password']);
  await tx
    .insertInto('staff_ways')
    .values({ id: uuid(), staff, kind: 'password', data: JSON.stringify({ hash }), created_at: at })
    .execute();
}

/** The same password with newer parameters. */
export async function rehashPassword(db: Db, id: string, before: string, hash: string): Promise<void> {
  await sql`update staff_ways set data = jsonb_set(data, '{hash}', to_jsonb(${hash}::text))
    where id = ${id} and data ->> 'hash' = ${before}`.execute(db);
}

/** Notes that a way in was used. @returns false when it is gone */
export async function useWay(db: Db, staff: string, id: string, at: Date): Promise<boolean> {
  const used = await sql`update staff_ways set last_used_at = ${at}
    where staff = ${staff} and id = ${id} returning 1`.execute(db);
  return used.rows.length > 0;
}

/** Removes one way of somebody. @returns its kind; undefined when there is no such */
export async function deleteWay(tx: Db, staff: string, id: string): Promise<StaffWay['kind'] | undefined> {
  const { rows } = await sql<{ kind: string }>`
    delete from staff_ways where staff = ${staff} and id = ${id} returning kind`.execute(tx);
  return rows[0] && kinds.parse(rows[0].kind);
}

export async function deleteWays(tx: Db, staff: string, which: readonly StaffWay['kind'][]): Promise<void> {
  await sql`delete from staff_ways where staff = ${staff} and kind = any(${which})`.execute(tx);
}

/** Changes of one person's ways come one after the other. @returns false when they are gone */
export async function holdStaff(tx: Db, staff: string): Promise<boolean> {
  const held = await sql`select 1 from staff where id = ${staff} for update`.execute(tx);
  return held.rows.length > 0;
}
