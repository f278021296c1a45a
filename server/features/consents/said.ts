import type { Db } from '../../base/db.ts';
import type { Customer } from '../customers/customers.ts';
import { ageOf } from './age.ts';
import { readWaiting, type WaitingConsent } from './confirmations-store.ts';
import type { Circumstances } from './due.ts';
import { type KeptConsent, readConsentsOf } from './store.ts';

/** Everything a customer said so far, and which yes still waits for its mail. */
export type EverythingSaid = {
  readonly rows: readonly KeptConsent[];
  readonly waiting: readonly WaitingConsent[];
};

export async function readSaid(db: Db, customerId: string, at: Date): Promise<EverythingSaid> {
  const [rows, waiting] = await Promise.all([readConsentsOf(db, customerId), readWaiting(db, customerId, at)]);
  return { rows, waiting };
}

/** Who would be asked, by what the profile knows. */
export function circumstancesOf({ attributes, email }: Customer, at: Date, isNewcomer = false): Circumstances {
  return { age: ageOf(attributes.birthdate, at, attributes.zoneinfo), hasAddress: email !== null, isNewcomer };
}
