import type { AdapterPayload } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isJsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Customer, CustomerRow } from '../../features/customers/customers.ts';
import type { Told } from './claims.ts';

/** A customer as `/userinfo` needs one. */
export type Asked = Told & Pick<Customer, 'blocked' | 'erase_at'>;

const told = `c.user_id, c.blocked, c.erase_at, c.attributes, c.email, c.email_verified, c.phone_number, c.phone_verified, c.updated_at`;
const accessTokenByHash = statement<
  AskedRow & { token_payload: AdapterPayload; token_expires_at: Date }
>(`select t.payload as token_payload, t.expires_at as token_expires_at, ${told}
  from tokens t
  join portals p on p.client_id = t.portal and p.enabled
  join grants g on g.id = t.grant_id and g.expires_at > $2
  join customers c on c.id = g.customer and c.merged_into is null
  where t.hash = $1 and t.kind = 'AccessToken' and t.expires_at > $2`);
const customerAtPortal = statement<AskedRow>(`select ${told}
  from user_ids u
  join customers c on c.id = u.customer and c.merged_into is null
  join portals p on p.client_id = $2 and p.enabled
  where u.user_id = $1 and u.retired_at is null`);

/** An opaque access token of a portal that is open, and whose it is. */
export async function readAccessToken(
  { db }: Pick<Base, 'db'>,
  hash: Buffer,
  at: Date,
): Promise<{ payload: AdapterPayload; expiresAt: Date; customer: Asked } | undefined> {
  const [row] = await accessTokenByHash(db, [hash, at]);
  return row && { payload: row.token_payload, expiresAt: row.token_expires_at, customer: toAsked(row) };
}

/** The customer with this `sub`, if the portal that asks is open. */
export async function readCustomerAtPortal(
  { db }: Pick<Base, 'db'>,
  userId: string,
  clientId: string,
): Promise<Asked | undefined> {
  const [row] = await customerAtPortal(db, [userId, clientId]);
  return row && toAsked(row);
}

type AskedRow = Pick<CustomerRow, keyof Asked>;

function toAsked(row: AskedRow): Asked {
  return { ...row, attributes: isJsonObject(row.attributes) ? row.attributes : {} };
}
