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
import { factorColumn } from './factors/factor-store.ts';
import type { Identifier } from './identifiers.ts';
import { type PasswordMethod, type PasswordRow, toPassword } from './store.ts';

/** Who may be at the door of a password connection. */
export type PasswordDoor = {
  /** Whose account it is that has this identifier; none: it is nobody's. */
  readonly account?: {
    readonly customer: Customer;
    readonly subject: string;
    readonly password: PasswordMethod | undefined;
    readonly hasFactor: boolean;
    /** Of the device that asks, and of places. */
    readonly usual: Usual;
  };
  /** The one customer who proved what was typed as an address, account or not. */
  readonly owner: string | undefined;
};

type Row = PasswordRow &
  UsualRow &
  Pick<CustomerRow, (typeof customerColumns)[number]> & {
    subject: string | null;
    has_factor: boolean;
    owner: string | null;
  };

// The same work whether or not there is an account; an owner may have proven the address by several of their subjects.
const atPasswordDoor = statement<Row>(`
  select i.subject, w.id as method, w.data, w.proved_at, w.last_used_at,
    ${factorColumn('own.customer')},
    (select case when count(*) = 1 then (array_agg(o.customer))[1] end from (
      select distinct m.customer from proofs p join members m on m.subject = p.subject and m.until is null
      where p.kind = 'email' and p.address = $3 limit 2) o) as owner,
    ${usualColumns('own.customer', '$4')},
    ${customerColumns.map((column) => `c.${column}`).join(', ')}
  from (values (1)) as here
  left join login_identifiers i on i.connection = $1 and i.kind = $2 and i.value = $3
  left join authentication_methods w on w.subject = i.subject and w.type = 'password'
  left join members own on own.subject = i.subject and own.until is null
  left join customers c on c.id = own.customer`);

/** Reads it in one query; `cookieHash` of the device that asks, null where there is no browser. */
export async function readPasswordDoor(
  db: Db,
  connection: string,
  { kind, value }: Identifier,
  cookieHash: Buffer | null,
): Promise<PasswordDoor> {
  const [row] = await atPasswordDoor(db, [connection, kind, value, cookieHash]);
  const owner = row?.owner ?? undefined;
  if (!row?.subject || typeof row.user_id !== 'string') return { owner };
  const { subject, has_factor: hasFactor } = row;
  const account = {
    customer: toCustomer(row),
    subject,
    password: toPassword(subject, row),
    hasFactor,
    usual: toUsual(row),
  };
  return { account, owner };
}
