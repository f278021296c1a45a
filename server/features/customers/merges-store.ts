import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { erasedId } from './user-ids-store.ts';

export type MergeRow = Selectable<DB['merges']>;

export async function insertMerge(tx: Db, merge: Omit<MergeRow, 'undone_at'>): Promise<void> {
  await tx.insertInto('merges').values(merge).execute();
}

export function readMerge(db: Db, id: string): Promise<MergeRow | undefined> {
  return db.selectFrom('merges').selectAll().where('id', '=', id).executeTakeFirst();
}

/** False when somebody undid it before. */
export async function markUndone(tx: Db, merge: MergeRow, at: Date): Promise<boolean> {
  const undone = await tx
    .updateTable('merges')
    .set({ undone_at: at })
    .where('winner', '=', merge.winner)
    .where('id', '=', merge.id)
    .where('undone_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return undone !== undefined;
}

/** Merges stay as a record of what was done; the ids of who is erased become unreadable in them. */
export async function eraseFromMerges(
  tx: Db,
  customerIds: readonly string[],
  userIds: readonly string[],
): Promise<void> {
  const unreadable = userIds.map((id) => erasedId(tx, id));
  const erased = (column: string) => sql`coalesce((
      select gone.erased from unnest(${userIds}::text[], ${unreadable}::text[]) as gone (id, erased)
      where gone.id = ${sql.ref(column)}
    ), ${sql.ref(column)})`;
  await sql`
    update merges set
      winner_user_id = ${erased('winner_user_id')},
      loser_user_id = ${erased('loser_user_id')},
      user_ids = array(select id from unnest(user_ids) id where id <> all(${userIds}))
    where winner = any(${customerIds}) or loser = any(${customerIds})`.execute(tx);
}
