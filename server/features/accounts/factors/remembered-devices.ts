import { sql } from 'kysely';
import { inSeconds, now } from '../../../base/clock.ts';
import type { Db } from '../../../base/db.ts';

const rememberSeconds = 30 * 86_400;

/** For 30 days this customer is not asked for a second factor on this device, unless a portal insists. */
export async function rememberDevice(tx: Db, customer: string, cookieHash: Buffer): Promise<void> {
  const row = { created_at: now(), expires_at: inSeconds(rememberSeconds) };
  await tx
    .insertInto('remembered_devices')
    .values({ customer, cookie_hash: cookieHash, ...row })
    .onConflict((conflict) => conflict.columns(['customer', 'cookie_hash']).doUpdateSet(row))
    .execute();
}

/** When this customer last came in from this device, if ever, and whether it is one of those that are remembered. */
export async function deviceStanding(
  db: Db,
  customer: string,
  cookieHash: Buffer,
): Promise<{ lastSeen: Date | null; remembered: boolean }> {
  const found = await sql<{ lastSeen: Date | null; remembered: boolean }>`
    select exists (select from remembered_devices where customer = ${customer} and cookie_hash = ${cookieHash}
        and expires_at > ${now()}) as remembered,
      (select max(u.last_seen) from devices d join device_subjects u on u.device = d.id
        join members m on m.subject = u.subject and m.until is null
        where d.cookie_hash = ${cookieHash} and m.customer = ${customer}) as "lastSeen"`.execute(db);
  return found.rows[0] ?? { lastSeen: null, remembered: false };
}

/** No device of these customers is remembered any more: a password changed, a factor went, all sessions ended. */
export async function forgetDevices(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from remembered_devices where customer = any(${customers}::uuid[])`.execute(tx);
}
