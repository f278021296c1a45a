import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

export type Reason = 'created' | 'linked' | 'merged' | 'unmerged' | 'unlinked';

export type Membership = { subject: string; customer: string; since: Date };

/** Whose subject it is now. */
export function readMembership(db: Db, subject: string): Promise<Membership | undefined> {
  return db
    .selectFrom('members')
    .select(['subject', 'customer', 'since'])
    .where('subject', '=', subject)
    .where('until', 'is', null)
    .executeTakeFirst();
}

export async function readMembers(db: Db, customerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .select('subject')
    .where('customer', '=', customerId)
    .where('until', 'is', null)
    .orderBy('subject')
    .execute();
  return rows.map((row) => row.subject);
}

/** The first membership of a new subject. */
export async function insertMember(
  tx: Db,
  member: { subject: string; customer: string; reason: Reason; act: string; at: Date },
): Promise<void> {
  const { subject, customer, reason, act, at } = member;
  await tx.insertInto('members').values({ subject, customer, number: 1, since: at, reason, act }).execute();
}

/** Closes the membership of these subjects and begins the next one. */
export async function moveSubjects(
  tx: Db,
  move: { subjects: readonly string[]; to: string; reason: Reason; act: string; at: Date },
): Promise<void> {
  const { subjects, to, reason, act, at } = move;
  // Two statements: the unique index on open memberships is looked at row by row.
  const closed = await tx
    .updateTable('members')
    .set({ until: at })
    .where('subject', 'in', subjects)
    .where('until', 'is', null)
    .returning(['subject', 'number'])
    .execute();
  const rows = closed.map(({ subject, number }) => {
    return { subject, customer: to, number: number + 1, since: at, reason, act };
  });
  await tx.insertInto('members').values(rows).execute();
}

/** Subjects that a merge moved and that have since only moved together with the customer they were merged into. */
export async function readMovedBy(db: Db, act: string, customerId: string): Promise<string[]> {
  const found = await sql<{ subject: string }>`
    select moved.subject
    from members moved
    join members present on present.subject = moved.subject and present.until is null
    where moved.act = ${act} and present.customer = ${customerId}
      and not exists (
        select from members later
        where later.subject = moved.subject and later.number > moved.number and later.reason = 'unlinked'
      )
    order by moved.subject`.execute(db);
  return found.rows.map((row) => row.subject);
}
