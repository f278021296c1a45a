import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** Everything that the tables of this feature hold of a customer, in one JSON object; secrets are left out. */
export async function readExport(db: Db, customerId: string): Promise<JsonObject | undefined> {
  const found = await sql<{ all: Json }>`
    with mine as (select subject from members where customer = ${customerId} and until is null)
    select jsonb_build_object(
      'customer', to_jsonb(c) - 'merged_into',
      'user_ids', (select coalesce(jsonb_agg(user_id order by issued_at), '[]') from user_ids
        where customer = c.id and retired_at is null),
      'identities', (select coalesce(jsonb_agg(to_jsonb(i) - 'tokens' order by i.created_at), '[]')
        from identities i join mine using (subject)),
      'facts', (select coalesce(jsonb_agg(to_jsonb(f) order by f.at, f.id), '[]') from facts f join mine using (subject)),
      'proofs', (select coalesce(jsonb_agg(to_jsonb(p) order by p.at), '[]') from proofs p join mine using (subject)),
      'visits', (select coalesce(jsonb_agg(to_jsonb(v) order by v.first_at), '[]') from visits v join mine using (subject)),
      'devices', (select coalesce(jsonb_agg(to_jsonb(d) - 'cookie_hash' || (to_jsonb(u) - 'device')), '[]')
        from device_subjects u join mine using (subject) join devices d on d.id = u.device),
      'timeline', (select coalesce(jsonb_agg(to_jsonb(t) - 'written_by' order by t.received_at, t.id), '[]')
        from timeline t join mine using (subject))
    ) as all
    from customers c where c.id = ${customerId} and c.merged_into is null`.execute(db);
  const all = found.rows[0]?.all;
  return isJsonObject(all) ? all : undefined;
}
