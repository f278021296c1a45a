import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { erasedHash } from '../../base/erased.ts';

export type UserIdRow = { userId: string; customer: string; subject: string; at: Date };

/** Takes an id that was never issued, to nobody, not even to somebody who was erased since; false when it was. */
export async function insertUserId(tx: Db, { userId, customer, subject, at }: UserIdRow): Promise<boolean> {
  const added = await sql`
    insert into user_ids (user_id, customer, subject, issued_at)
    values (${userId}, ${customer}, ${subject}, ${at})
    on conflict (user_id) do nothing
    returning user_id`.execute(tx);
  if (added.rows.length === 0) return false;
  // Looked at afterwards: the insert may have waited for the transaction that erased this very id.
  const erased = await sql`select from user_ids where user_id = ${erasedId(tx, userId)}`.execute(tx);
  if (erased.rows.length === 0) return true;
  await sql`delete from user_ids where user_id = ${userId}`.execute(tx);
  return false;
}

/** What stands in the place of an erased id: who asks for that id again is refused, but nobody can read it. */
export function erasedId(db: Db, userId: string): string {
  return `erased|${erasedHash(db, 'user_id', userId).toString('hex')}`;
}

/** Every id that resolves to this customer now, the oldest first. */
export async function readUserIds(db: Db, customerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('user_ids')
    .select('user_id')
    .where('customer', '=', customerId)
    .where('retired_at', 'is', null)
    .orderBy('issued_at')
    .orderBy('user_id')
    .execute();
  return rows.map((row) => row.user_id);
}

/** Lets these ids resolve to another customer, if they resolve to the one they are thought to; a merge or its undoing. */
export async function moveUserIds(tx: Db, ids: readonly string[], from: string, to: string): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('user_ids')
    .set({ customer: to })
    .where('user_id', 'in', ids)
    .where('customer', '=', from)
    .where('retired_at', 'is', null)
    .execute();
}

/** Makes these ids, all of an erased customer, unreadable and retires them for ever. */
export async function retireUserIds(tx: Db, userIds: readonly string[], at: Date): Promise<void> {
  await sql`
    update user_ids set user_id = gone.erased, subject = null, retired_at = ${at}
    from unnest(${userIds}::text[], ${userIds.map((id) => erasedId(tx, id))}::text[]) as gone (id, erased)
    where user_ids.user_id = gone.id and retired_at is null`.execute(tx);
}
