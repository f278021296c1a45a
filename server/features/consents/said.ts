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

type SaidRow = Selectable<DB['consents']> & { readonly address: string | null };

// Both in one: each sign-in at which code runs reads them.
const ofCustomer = (customer: string, at: string) => `
  select c.id, c.subject, c.brand, c.purpose, c.topic, c.given, c.version, c.wording, c.language, c.source, c.ip, c.at,
    c.portal, c.place, c.client, c.confirmation, null::text as address
  from members m join consents c on c.subject = m.subject
  where m.customer = ${customer} and m.until is null
  union all
  select c.id, c.subject, c.brand, c.purpose, c.topic, true, c.version, c.wording, c.language, c.source, c.ip, c.at,
    c.portal, c.place, c.client, null, c.address
  from members m join consent_confirmations c on c.subject = m.subject
  where m.customer = ${customer} and m.until is null and c.consumed_at is null and c.expires_at > ${at}
  order by at, id`;
const saidOfCustomer = statement<SaidRow>(ofCustomer('$1::uuid', '$2::timestamptz'));

/** Everything a customer ever said, and what still waits; the oldest first. */
export async function readSaid(db: Db, customerId: string, at: Date): Promise<EverythingSaid> {
  return toEverything(await saidOfCustomer(db, [customerId, at]));
}

function toEverything(all: readonly SaidRow[]): EverythingSaid {
  const [rows, waiting]: [KeptConsent[], WaitingConsent[]] = [[], []];
  for (const { address, ...row } of all) {
    if (address === null) {
      rows.push(toKept(row));
    } else {
      const { given: _g, confirmation: _c, ...asked } = row;
      waiting.push({ ...withPurpose(asked), address });
    }
  }
  return { rows, waiting };
}

/** What `saidColumn` gives; an instant leaves JSON as milliseconds since 1970. */
export type SaidColumn = { readonly said: readonly (Omit<SaidRow, 'at'> & { readonly ms: number })[] };

/** The same, as a column for a query; `customer` and `at` are where it has the customer's id and the instant (`$1::uuid`). */
export function saidColumn(customer: string, at: string): string {
  return `
    (select coalesce(json_agg(s), '[]') from (
      select all_said.*, extract(epoch from all_said.at) * 1000 as ms
      from (${ofCustomer(customer, at)}) all_said order by all_said.at, all_said.id) s) as said`;
}

export function toSaid({ said }: SaidColumn): EverythingSaid {
  return toEverything(said.map(({ ms, ...row }) => ({ ...row, at: new Date(ms) })));
}

/** Who would be asked, by what the profile knows. */
export function circumstancesOf({ attributes, email }: Customer, at: Date, isNewcomer = false): Circumstances {
  return { age: ageOf(attributes.birthdate, at, attributes.zoneinfo), hasAddress: email !== null, isNewcomer };
}
