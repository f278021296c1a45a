import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** What the tables of this feature hold of a customer, but for what is long; secrets are left out, and so is who was
 * somebody else after all: of merges that were undone the ids. */
export async function readExport(db: Db, customerId: string): Promise<JsonObject> {
  const found = await sql<{ all: Json }>`
    with mine as (select subject from members where customer = ${customerId} and until is null)
    select jsonb_build_object(
      'customer', to_jsonb(c) - 'merged_into',
      'user_ids', (select coalesce(jsonb_agg(user_id order by issued_at), '[]') from user_ids
        where customer = c.id and retired_at is null),
      'identities', (select coalesce(jsonb_agg(to_jsonb(i) - 'tokens' order by i.created_at), '[]')
        from identities i join mine using (subject)),
      'proofs', (select coalesce(jsonb_agg(to_jsonb(p) order by p.at), '[]') from proofs p join mine using (subject)),
      'visits', (select coalesce(jsonb_agg(to_jsonb(v) order by v.first_at), '[]') from visits v join mine using (subject)),
      'made_for', (select coalesce(jsonb_agg(to_jsonb(f)), '[]') from made_for f join mine using (subject)),
      'devices', (select coalesce(jsonb_agg(to_jsonb(d) - 'cookie_hash' || (to_jsonb(u) - 'device')), '[]')
        from device_subjects u join mine using (subject) join devices d on d.id = u.device),
      'places', (select coalesce(jsonb_agg(to_jsonb(s) order by s.first_seen), '[]')
        from sign_in_places s join mine using (subject)),
      'merges', (select coalesce(jsonb_agg(to_jsonb(m) - 'winner' - 'loser'
          - case when m.undone_at is null then '{}' else '{winner_user_id,loser_user_id,user_ids}'::text[] end
          order by m.at), '[]')
        from merges m where m.winner = c.id or m.loser = c.id)
    ) as all
    from customers c where c.id = ${customerId} and c.merged_into is null`.execute(db);
  const all = found.rows[0]?.all;
  return isJsonObject(all) ? all : {};
}

/** Where a reader of the facts is: behind this one. */
export type FactMark = { subject: string; id: string };

/** Every fact that was ever learned, those of today and those that were replaced; subject by subject, by their ids. */
export async function readFactPage(
  db: Db,
  customerId: string,
  after: FactMark | undefined,
  limit: number,
): Promise<{ row: Json; mark: FactMark }[]> {
  const { subject = null, id = null } = after ?? {};
  const found = await sql<{ row: Json; subject: string; id: string }>`
    select to_jsonb(f) as row, f.subject, f.id
    from members m join facts f on f.subject = m.subject
    where m.customer = ${customerId} and m.until is null
      and (${subject}::uuid is null or (f.subject, f.id) > (${subject}::uuid, ${id}::uuid))
    order by f.subject, f.id limit ${limit}`.execute(db);
  return found.rows.map(({ row, ...mark }) => ({ row, mark }));
}

/** The exact instant as text: JavaScript's is cut off at the millisecond. */
export type TimelinePageMark = { receivedAt: string; id: string };

/** The timeline of all subjects, the newest first; each subject gives its own from the index. */
export async function readTimelinePage(
  db: Db,
  customerId: string,
  after: TimelinePageMark | undefined,
  limit: number,
): Promise<{ row: Json; mark: TimelinePageMark }[]> {
  const { receivedAt = null, id = null } = after ?? {};
  const found = await sql<{ row: Json; receivedAt: string; id: string }>`
    select to_jsonb(newest) - 'written_by' as row, newest.received_at::text as "receivedAt", newest.id
    from members cross join lateral (
      select * from timeline
      where timeline.subject = members.subject
        and (${id}::uuid is null or (received_at, id) < (${receivedAt}::timestamptz, ${id}::uuid))
      order by received_at desc, id desc limit ${limit}
    ) newest
    where members.customer = ${customerId} and members.until is null
    order by newest.received_at desc, newest.id desc limit ${limit}`.execute(db);
  return found.rows.map(({ row, ...mark }) => ({ row, mark }));
}
