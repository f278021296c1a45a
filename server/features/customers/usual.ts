import type { Db } from '../../base/db.ts';
import type { Place } from '../../base/geo.ts';
import { statement } from '../../base/statement.ts';

/** What a customer's earlier sign-ins say about this one. */
export type Usual = {
  /** Has this customer signed in with this device? */
  readonly knowsDevice: boolean;
  /** Where the customer signed in from, the latest first; at most 50. */
  readonly places: readonly (Place & { readonly lastSeen: Date })[];
};

/** What `usualColumns` gives. */
export type UsualRow = {
  known: boolean;
  places: { country: string; city: string; lat: number; lon: number; ms: number }[];
};

/**
 * Columns for a query that finds a customer by what it keeps itself; `toUsual` reads them.
 *
 * @param customer what stands for the customer's id there; `cookieHash`: for the hash of the device's cookie
 */
export function usualColumns(customer: string, cookieHash: string): string {
  return `
    exists (select from devices d join device_subjects u on u.device = d.id
      join members m on m.subject = u.subject and m.until is null
      where d.cookie_hash = ${cookieHash}::bytea and m.customer = ${customer}) as known,
    (select coalesce(json_agg(p), '[]') from (
      select p.country, p.city, p.latitude as lat, p.longitude as lon, extract(epoch from max(p.last_seen)) * 1000 as ms
      from members m join sign_in_places p on p.subject = m.subject
      where m.customer = ${customer} and m.until is null
      group by p.country, p.city, p.latitude, p.longitude order by ms desc limit 50
    ) p) as places`;
}

const readUsual = statement<UsualRow>(`select ${usualColumns('$1::uuid', '$2')}`);

/** Reads it in one query; `cookieHash` of the device, null where there is no browser. */
export async function usualOf(db: Db, customerId: string, cookieHash: Buffer | null): Promise<Usual> {
  const [row] = await readUsual(db, [customerId, cookieHash]);
  return toUsual(row ?? { known: false, places: [] });
}

export function toUsual(row: UsualRow): Usual {
  const places = row.places.map(({ country, city, lat, lon, ms }) => {
    return {
      country,
      city: city || undefined,
      latitude: lat ?? undefined,
      longitude: lon ?? undefined,
      lastSeen: new Date(ms),
    };
  });
  return { knowsDevice: row.known, places };
}

/** A sign-in from this place, as a part of what records it. */
export function placePart(subject: string, place: Place, at: Date) {
  const { country, city = '', latitude = null, longitude = null } = place;
  return { text: countPlace, values: [subject, country, city, latitude, longitude, at] };
}

const countPlace = `
  insert into sign_in_places (subject, country, city, latitude, longitude, first_seen, last_seen)
  values ($1::uuid, $2, $3, $4::real, $5::real, $6::timestamptz, $6)
  on conflict (subject, country, city) do update
    set last_seen = greatest(sign_in_places.last_seen, excluded.last_seen), latitude = excluded.latitude,
      longitude = excluded.longitude
  returning 1`;
