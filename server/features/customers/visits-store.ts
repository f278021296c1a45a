import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Part } from '../../base/statement.ts';
import type { SignInContext } from './sign-in-context.ts';

export type SignInRow = {
  subject: string;
  at: Date;
  /** In which era of the customer they were proven; null: it does not matter. */
  era: number | null;
  ip: string | null;
  brand: string | null;
  device: { id: string; cookieHash: Buffer; userAgent: string } | null;
  profileData: JsonObject | null;
  sealedTokens: string | null;
  context: SignInContext | null;
};

/** Every step reads `counted`, so that the customer's row is locked before any other, as everybody does it. */
const countSignIn = `
  update customers set logins_count = logins_count + 1, last_login = greatest(last_login, $2::timestamptz),
    last_ip = case when last_login > $2 then last_ip else $3::inet end,
    last_sign_in = case when last_login > $2 then last_sign_in else coalesce($11::jsonb, last_sign_in) end,
    visited = case when $4::uuid is null or $4 = any(visited) then visited else visited || $4 end
  where id = (select customer from members where subject = $1::uuid and until is null) and merged_into is null
    and erase_at is null and ($10::integer is null or era = $10)
  returning id`;
const steps = {
  of_subject: `
    update subjects set sign_ins = sign_ins + 1, last_sign_in = greatest(last_sign_in, $2),
      last_ip = case when last_sign_in > $2 then last_ip else $3 end
    where id = $1 and exists (select from counted)`,
  visit: `
    insert into visits (subject, brand, first_at, last_at, last_sign_in)
    select $1, $4::uuid, $2, $2, $11 from counted where $4 is not null
    on conflict (subject, brand) do update
      set last_at = greatest(visits.last_at, excluded.last_at), count = visits.count + 1,
        last_sign_in = case when visits.last_at > excluded.last_at then visits.last_sign_in
          else coalesce(excluded.last_sign_in, visits.last_sign_in) end`,
  seen: `
    insert into devices (id, cookie_hash, user_agent, first_seen, last_seen)
    select $5::uuid, $6::bytea, $7::text, $2, $2 from counted where $6 is not null
    on conflict (cookie_hash) do update set user_agent = excluded.user_agent, last_seen = excluded.last_seen
    returning id`,
  used: `
    insert into device_subjects (subject, device, connection, first_seen, last_seen)
    select $1, seen.id, identities.connection, $2, $2
    from seen join identities on identities.subject = $1
    on conflict (subject, device) do update set last_seen = excluded.last_seen, connection = excluded.connection`,
  told: `
    update identities set updated_at = $2, profile_data = coalesce($8::jsonb, profile_data),
      tokens = coalesce($9::text, tokens)
    where subject = $1 and exists (select from counted)
      and ($9::text is not null or profile_data is distinct from coalesce($8::jsonb, profile_data))`,
};

/** Counts a sign-in: a part that is no row when there is no such subject, or its customer was merged meanwhile, asked to be
 * erased, or is in another era. */
export function countPart(signIn: SignInRow): Part {
  const { subject, at, era, ip, brand, device, profileData, sealedTokens, context } = signIn;
  const told = profileData && JSON.stringify(profileData);
  const ofDevice = [device?.id ?? null, device?.cookieHash ?? null, device?.userAgent ?? ''];
  const values = [subject, at, ip, brand, ...ofDevice, told, sealedTokens, era, context && JSON.stringify(context)];
  return { name: 'counted', text: countSignIn, steps, values };
}

/**
 * That a subject is asked something, as steps of the statement that writes it down.
 *
 * @param place where that statement has its values, and what must hold, as SQL
 */
export function askedSteps(place: { readonly subject: string; readonly at: string; readonly gate: string }) {
  return {
    of_asked: `
      update customers set last_asked_at = greatest(last_asked_at, ${place.at})
      where id = (select customer from members where subject = ${place.subject} and until is null) and ${place.gate}
      returning id`,
    asked_subject: `
      update subjects set last_asked_at = greatest(last_asked_at, ${place.at})
      where id = ${place.subject} and exists (select from of_asked)`,
  };
}

export type Visits = { brand: string; firstAt: Date; lastAt: Date; count: number };

/** First and last visit of a customer to each brand, the latest first. */
export async function readVisits(db: Db, customerId: string): Promise<Visits[]> {
  const found = await sql<Visits>`
    select brand, min(first_at) as "firstAt", max(last_at) as "lastAt", sum(count)::integer as count
    from members join visits on visits.subject = members.subject
    where members.customer = ${customerId} and members.until is null
    group by brand order by max(last_at) desc, brand`.execute(db);
  return found.rows;
}

/**
 * `knows_brand` for a query that finds a customer by what it keeps itself: have they signed in at the brand?
 *
 * @param customer what stands for the customer's id there; `brand`: for the brand's
 */
export function visitedColumn(customer: string, brand: string): string {
  return `exists (select from members m join visits v on v.subject = m.subject
    where m.customer = ${customer} and m.until is null and v.brand = ${brand}) as knows_brand`;
}

/** Has any customer signed in at one of these brands (null: any)? */
export async function hasVisits(db: Db, brands: ReadonlySet<string> | null): Promise<boolean> {
  const ids = brands && [...brands];
  const found = await sql<{ there: boolean }>`
    select exists (
      select from visits where ${ids}::uuid[] is null or brand = any(${ids}::uuid[])
    ) as there`.execute(db);
  return found.rows[0]?.there ?? false;
}

export type DeviceUse = { device: string; userAgent: string; firstSeen: Date; lastSeen: Date };

/** No subject of this customer is known to use the device any more. */
export async function deleteDeviceUse(tx: Db, customerId: string, cookieHash: Buffer): Promise<void> {
  await sql`
    delete from device_subjects u using devices d, members m
    where d.id = u.device and d.cookie_hash = ${cookieHash}
      and m.subject = u.subject and m.customer = ${customerId} and m.until is null`.execute(tx);
}

/** The devices of a customer, the latest first. */
export async function readDevices(db: Db, customerId: string): Promise<DeviceUse[]> {
  const found = await sql<DeviceUse>`
    select d.id as device, d.user_agent as "userAgent", min(u.first_seen) as "firstSeen", max(u.last_seen) as "lastSeen"
    from members m
    join device_subjects u on u.subject = m.subject
    join devices d on d.id = u.device
    where m.customer = ${customerId} and m.until is null
    group by d.id order by max(u.last_seen) desc, d.id`.execute(db);
  return found.rows;
}

/** The hash of a device's cookie. */
export async function readCookieHash(db: Db, device: string): Promise<Buffer | undefined> {
  const found = await db.selectFrom('devices').select('cookie_hash').where('id', '=', device).executeTakeFirst();
  return found?.cookie_hash;
}
