import { sql } from 'kysely';
import { inSeconds, now } from '../../../base/clock.ts';
import type { Db } from '../../../base/db.ts';
import { disownDevice } from '../../customers/customers.ts';

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

/** The devices (by their ids) on which this customer is not asked for a second factor now. */
export async function rememberedDevices(db: Db, customer: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select d.id from remembered_devices r join devices d on d.cookie_hash = r.cookie_hash
    where r.customer = ${customer} and r.expires_at > ${now()}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** The device is a new one again: it is told of, and asks for the second factor. */
export async function forgetDevice(tx: Db, customer: string, device: string): Promise<void> {
  const { rows } = await sql<{ hash: Buffer }>`select cookie_hash as hash from devices where id = ${device}`.execute(
    tx,
  );
  for (const { hash } of rows) {
    await sql`delete from remembered_devices where customer = ${customer} and cookie_hash = ${hash}`.execute(tx);
    await disownDevice(tx, customer, hash);
  }
}

/** No device of these customers is remembered any more: a password changed, a factor went, all sessions ended. */
export async function forgetDevices(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from remembered_devices where customer = any(${customers}::uuid[])`.execute(tx);
}
