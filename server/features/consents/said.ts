import type { Selectable } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { statement } from '../../base/statement.ts';
import type { Customer } from '../customers/customers.ts';
import { ageOf } from './age.ts';
import { type WaitingConsent, withPurpose } from './confirmations-store.ts';
import type { Circumstances } from './due.ts';
import { type KeptConsent, toKept } from './store.ts';

/** Everything a customer said so far, and which yes still waits for its mail. */
export type EverythingSaid = {
  readonly rows: readonly KeptConsent[];
  readonly waiting: readonly WaitingConsent[];
};

// Both in one: each sign-in at which code runs reads them.
const saidOfCustomer = statement<Selectable<DB['consents']> & { readonly address: string | null }>(`
  select c.id, c.subject, c.brand, c.purpose, c.topic, c.given, c.version, c.wording, c.language, c.source, c.ip, c.at,
    c.portal, c.place, c.client, c.confirmation, null::text as address
  from members m join consents c on c.subject = m.subject
  where m.customer = $1::uuid and m.until is null
  union all
  select c.id, c.subject, c.brand, c.purpose, c.topic, true, c.version, c.wording, c.language, c.source, c.ip, c.at,
    c.portal, c.place, c.client, null, c.address
  from members m join consent_confirmations c on c.subject = m.subject
  where m.customer = $1::uuid and m.until is null and c.consumed_at is null and c.expires_at > $2::timestamptz
  order by at, id`);

/** Everything a customer ever said, and what still waits; the oldest first. */
export async function readSaid(db: Db, customerId: string, at: Date): Promise<EverythingSaid> {
  const [rows, waiting]: [KeptConsent[], WaitingConsent[]] = [[], []];
  for (const { address, ...row } of await saidOfCustomer(db, [customerId, at])) {
    if (address === null) {
      rows.push(toKept(row));
    } else {
      const { given: _g, confirmation: _c, ...asked } = row;
      waiting.push({ ...withPurpose(asked), address });
    }
  }
  return { rows, waiting };
}

/** Who would be asked, by what the profile knows. */
export function circumstancesOf({ attributes, email }: Customer, at: Date, isNewcomer = false): Circumstances {
  return { age: ageOf(attributes.birthdate, at, attributes.zoneinfo), hasAddress: email !== null, isNewcomer };
}
