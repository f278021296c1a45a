import { sql } from 'kysely';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import type { TriggerId } from './triggers.ts';

/** One entry of `api.cache`. */
export type CacheEntry = { readonly key: string; readonly value: string; readonly expires_at: number };

/** What a run wrote: in order; without a value it was deleted. */
export type CacheWrite = { readonly key: string; readonly entry?: CacheEntry | undefined };

/** How much a trigger may keep, and for how long. */
export const cacheLimits = {
  entries: 20,
  keyBytes: 64,
  valueBytes: 4096,
  bytes: 8192,
  ms: 86_400_000,
  usualMs: 900_000,
};

/** What the trigger's actions find in their cache. */
export async function readCache(db: Db, trigger: TriggerId): Promise<CacheEntry[]> {
  const rows = await db
    .selectFrom('action_cache')
    .select(['key', 'value', 'expires_at'])
    .where('trigger', '=', trigger)
    .where('expires_at', '>', now())
    .execute();
  return rows.map(({ key, value, expires_at }) => ({ key, value, expires_at: expires_at.getTime() }));
}

/** Keeps what a run wrote. Several runs at once may together be too much: what ends soonest goes. */
export async function writeCache(db: Db, trigger: TriggerId, writes: readonly CacheWrite[]): Promise<void> {
  const last = new Map(writes.map((write) => [write.key, write.entry]));
  if (last.size === 0) return;
  const kept = [...last.values()].filter((entry) => entry !== undefined);
  await transact(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('action_cache'), hashtext(${trigger}))`.execute(tx);
    await sql`delete from action_cache
      where trigger = ${trigger} and (expires_at <= ${now()} or key = any(${[...last.keys()]}::text[]))`.execute(tx);
    for (const { key, value, expires_at } of kept) {
      await tx
        .insertInto('action_cache')
        .values({ trigger, key, value, expires_at: new Date(expires_at) })
        .execute();
    }
    await sql`delete from action_cache a using (
        select key, row_number() over w as place,
          sum(octet_length(key) + octet_length(value)) over w as bytes
        from action_cache where trigger = ${trigger} window w as (order by expires_at desc, key)
      ) kept
      where a.trigger = ${trigger} and a.key = kept.key
        and (kept.place > ${cacheLimits.entries} or kept.bytes > ${cacheLimits.bytes})`.execute(tx);
  });
}
