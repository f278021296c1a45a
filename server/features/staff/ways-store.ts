import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { statement } from '../../base/statement.ts';

const passwordData = z.object({ hash: z.string() });

/** A password as it is kept. */
export type KeptPassword = { readonly id: string; readonly hash: string };

const password = statement<{ id: string; data: unknown }>(`
  select id, data from staff_ways where staff = $1::uuid and kind = 'password'`);

export async function readPassword(db: Db, staff: string): Promise<KeptPassword | undefined> {
  const [row] = await password(db, [staff]);
  return row && { id: row.id, ...passwordData.parse(row.data) };
}

/** Sets the password; what was begun with the one before gets no further, for its id is another one. */
export async function writePassword(tx: Db, staff: string, hash: string, at: Date): Promise<void> {
  await sql`delete from staff_ways where staff = ${staff} and kind = 'password'`.execute(tx);
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
export async function useWay(db: Db, id: string, at: Date): Promise<boolean> {
  const used = await sql`update staff_ways set last_used_at = ${at} where id = ${id} returning 1`.execute(db);
  return used.rows.length > 0;
}
