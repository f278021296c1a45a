import { sql } from 'kysely';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';

/** What stays signed in by refresh tokens though its session is over, or was never there (password grant). */
export type LastingGrant = {
  /** Names it in `endLasting`. */
  readonly key: string;
  /** Client ids. */
  readonly portals: readonly string[];
  readonly since: Date;
  /** When a token was issued last. */
  readonly lastUsed: Date;
};

/** Those of a customer, the latest used first. */
export async function lastingGrantsOf(db: Db, customerId: string): Promise<LastingGrant[]> {
  const at = now();
  const found = await sql<LastingGrant>`
    select coalesce(g.session_uid, g.id) as key, array_agg(distinct g.portal) as portals, min(g.created_at) as since,
      max(t.issued_at) as "lastUsed"
    from grants g
    join tokens t on t.grant_id = g.id and t.kind = 'RefreshToken' and t.consumed_at is null and t.expires_at > ${at}
    where g.customer = ${customerId} and g.expires_at > ${at}
      and not exists (select from sessions s where s.uid = g.session_uid and s.expires_at > ${at})
    group by coalesce(g.session_uid, g.id)
    order by max(t.issued_at) desc limit 100`.execute(db);
  return found.rows;
}

/** Ends one of a customer's; nothing happens when it is another's or over. */
export async function endLasting(tx: Db, customerId: string, key: string): Promise<void> {
  await sql`
    delete from grants where customer = ${customerId} and coalesce(session_uid, id) = ${key}`.execute(tx);
}
