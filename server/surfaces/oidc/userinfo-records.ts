import type { AdapterPayload } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Customer, CustomerRow } from '../../features/customers/customers.ts';
import { type Told, toOwnClaims } from './claims.ts';

/** A customer as `/userinfo` needs one. */
export type Asked = Told & Pick<Customer, 'blocked' | 'erase_at'>;

/** Whom a token is about, and what code added to the claims of its grant. */
export type About = { readonly customer: Asked; readonly ownClaims: JsonObject };

const told = `c.user_id, c.blocked, c.erase_at, c.attributes, c.email, c.email_verified, c.phone_number, c.phone_verified, c.updated_at`;
const accessTokenByHash = statement<
  AboutRow & { token_payload: AdapterPayload; token_expires_at: Date }
>(`select t.payload as token_payload, t.expires_at as token_expires_at, g.own_claims, ${told}
  from tokens t
  join portals p on p.client_id = t.portal and p.enabled
  join grants g on g.id = t.grant_id and g.expires_at > $2
  join customers c on c.id = g.customer and c.merged_into is null
  where t.hash = $1 and t.kind = 'AccessToken' and t.expires_at > $2`);
const atPortal = `
  from user_ids u
  join customers c on c.id = u.customer and c.merged_into is null
  join portals p on p.client_id = $2 and p.enabled`;
const inForce = 'where u.user_id = $1 and u.retired_at is null';
const customerAtPortal = statement<AskedRow>(`select ${told} ${atPortal} ${inForce}`);
const grantedAtPortal = statement<AboutRow>(`select g.own_claims, ${told} ${atPortal}
  left join grants g on g.id = $3 and g.customer = c.id and g.portal = $2 and g.expires_at > $4 ${inForce}`);

/** An opaque access token of a portal that is open, and whose it is. */
export async function readAccessToken(
  { db }: Pick<Base, 'db'>,
  hash: Buffer,
  at: Date,
): Promise<(About & { payload: AdapterPayload; expiresAt: Date }) | undefined> {
  const [row] = await accessTokenByHash(db, [hash, at]);
  if (!row) return undefined;
  const { token_payload: payload, token_expires_at: expiresAt, ...about } = row;
  return { payload, expiresAt, ...toAbout(about) };
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

/** The same, with what the grant of this id keeps. */
export async function readGrantedAtPortal(
  { db }: Pick<Base, 'db'>,
  { userId, clientId, grant, at }: { userId: string; clientId: string; grant: string | undefined; at: Date },
): Promise<About | undefined> {
  const [row] = await grantedAtPortal(db, [userId, clientId, grant ?? null, at]);
  return row && toAbout(row);
}

type AskedRow = Pick<CustomerRow, keyof Asked>;
type AboutRow = AskedRow & { own_claims: Json };

function toAbout({ own_claims, ...row }: AboutRow): About {
  return { customer: toAsked(row), ownClaims: toOwnClaims(own_claims) };
}

function toAsked(row: AskedRow): Asked {
  return { ...row, attributes: isJsonObject(row.attributes) ? row.attributes : {} };
}
