import { type AnsweredChallenge, takingChallenge } from '../../base/credentials/passkey-challenges.ts';
import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';
import {
  type Customer,
  type CustomerRow,
  customerColumns,
  toCustomer,
  toUsual,
  type Usual,
  type UsualRow,
  usualColumns,
} from '../customers/customers.ts';
import { type PasskeyMethod, type PasskeyRow, toPasskey } from './passkey-store.ts';

/** A passkey at the door. */
export type OwnedPasskey = PasskeyMethod & {
  /** Whose it is, and what is usual for them: of the device that asks, and of places. */
  readonly owner: { readonly customer: Customer; readonly usual: Usual } | undefined;
};

type Row = Omit<PasskeyRow, 'id' | 'created_at'> &
  UsualRow &
  Pick<CustomerRow, (typeof customerColumns)[number]> & { taken: boolean; method: string | null; added_at: Date };

const atPasskeyDoor = statement<Row>(`
  with taken as (${takingChallenge})
  select exists (select from taken) as taken, w.id as method, w.subject, w.credential_id, w.data, w.proved_at,
    w.last_used_at, w.created_at as added_at,
    ${usualColumns('own.customer', '$4')},
    ${customerColumns.map((column) => `c.${column}`).join(', ')}
  from (values (1)) as here
  left join authentication_methods w on w.credential_id = $3
  left join members own on own.subject = w.subject and own.until is null
  left join customers c on c.id = own.customer`);

/**
 * Takes a challenge and reads the passkey of a credential id, in one query.
 *
 * @param cookieHash of the device that asks, null where there is none
 * @returns `taken`: the challenge was good, and is used up; `passkey` undefined: it is nobody's
 */
export async function openPasskeyDoor(
  db: Db,
  { hash, at }: AnsweredChallenge,
  credentialId: Buffer,
  cookieHash: Buffer | null,
): Promise<{ taken: boolean; passkey: OwnedPasskey | undefined }> {
  const [row] = await atPasskeyDoor(db, [hash, at, credentialId, cookieHash]);
  if (!row?.method) return { taken: row?.taken === true, passkey: undefined };
  const passkey = toPasskey({ ...row, id: row.method, created_at: row.added_at });
  const owner = typeof row.user_id === 'string' ? { customer: toCustomer(row), usual: toUsual(row) } : undefined;
  return { taken: row.taken, passkey: { ...passkey, owner } };
}
