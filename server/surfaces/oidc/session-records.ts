import type { AdapterPayload } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { statement } from '../../base/statement.ts';
import { type Customer, type CustomerRow, customerColumns, toCustomer } from '../../features/customers/customers.ts';

/** A stored session: the engine's payload, and whose it is. */
export type StoredSession = {
  payload: AdapterPayload;
  expiresAt: Date;
  /** Not there before the first sign-in, and when they were erased or merged away. */
  customer: Customer | undefined;
};

/** A flow that the engine goes on with. */
export type FlowToResume = {
  engine: AdapterPayload;
  secretHash: Buffer;
  expiresAt: Date;
  /** Is the portal that asked there and open? */
  portalIsOpen: boolean;
  /** Who signed in on the pages. */
  customer: Customer | undefined;
  /** The session of the browser that brings the flow. */
  session: { payload: AdapterPayload; expiresAt: Date } | undefined;
};

type CustomerPart = Pick<CustomerRow, (typeof customerColumns)[number]>;
type SessionRow = CustomerPart & { payload: AdapterPayload; expires_at: Date };
type SessionAtPortalRow = CustomerPart & {
  payload: AdapterPayload;
  expires_at: Date | null;
  portal_is_open: boolean;
};
type FlowToResumeRow = CustomerPart & {
  engine: AdapterPayload;
  secret_hash: Buffer;
  expires_at: Date;
  portal_is_open: boolean;
  session_payload: AdapterPayload;
  session_expires_at: Date | null;
};

const customer = customerColumns.map((column) => `c.${column}`).join(', ');
const sessionByHash = statement<SessionRow>(`select s.payload, s.expires_at, ${customer}
  from sessions s left join customers c on c.id = s.customer and c.merged_into is null
  where s.id_hash = $1 and s.expires_at > $2`);
const sessionAtPortal =
  statement<SessionAtPortalRow>(`select coalesce(p.enabled, false) as portal_is_open, s.payload, s.expires_at, ${customer}
  from (values (1)) as one
  left join portals p on p.client_id = $3
  left join sessions s on s.id_hash = $1 and s.expires_at > $2
  left join customers c on c.id = s.customer and c.merged_into is null`);
const flowToResume =
  statement<FlowToResumeRow>(`select f.engine, f.secret_hash, f.expires_at, coalesce(p.enabled, false) as portal_is_open,
    s.payload as session_payload, s.expires_at as session_expires_at, ${customer}
  from flows f
  left join portals p on p.client_id = f.engine #>> '{params,client_id}'
  left join sessions s on s.id_hash = $2 and s.expires_at > $3
  left join user_ids u on u.user_id = f.engine #>> '{result,login,accountId}' and u.retired_at is null
  left join customers c on c.id = coalesce(u.customer, s.customer) and c.merged_into is null
  where f.id = $1 and f.expires_at > $3`);

/** The session whose id has this hash, if it has not expired. */
export async function readSession(
  { db }: Pick<Base, 'db'>,
  hash: Buffer,
  at: Date,
): Promise<StoredSession | undefined> {
  const [row] = await sessionByHash(db, [hash, at]);
  return row && { payload: row.payload, expiresAt: row.expires_at, customer: customerIn(row) };
}

/** The session whose id has this hash, and whether the portal that it is brought to is open. */
export async function readSessionAtPortal(
  { db }: Pick<Base, 'db'>,
  hash: Buffer,
  clientId: string,
  at: Date,
): Promise<{ session: StoredSession | undefined; portalIsOpen: boolean }> {
  const [row] = await sessionAtPortal(db, [hash, at, clientId]);
  if (!row?.expires_at) return { session: undefined, portalIsOpen: row?.portal_is_open === true };
  const session = { payload: row.payload, expiresAt: row.expires_at, customer: customerIn(row) };
  return { session, portalIsOpen: row.portal_is_open };
}

/** A flow, the session of the browser that brings it, and who is to be signed in, in one look. */
export async function readFlowToResume(
  { db }: Pick<Base, 'db'>,
  id: string,
  sessionHash: Buffer | null,
  at: Date,
): Promise<FlowToResume | undefined> {
  const [row] = await flowToResume(db, [id, sessionHash, at]);
  if (!row) return undefined;
  const { engine, secret_hash: secretHash, expires_at: expiresAt, portal_is_open: portalIsOpen } = row;
  const ends = row.session_expires_at;
  const session = ends ? { payload: row.session_payload, expiresAt: ends } : undefined;
  return { engine, secretHash, expiresAt, portalIsOpen, customer: customerIn(row), session };
}

/** A left join fills the columns of a customer who is not there with nulls. */
function customerIn(row: CustomerPart): Customer | undefined {
  return typeof row.user_id === 'string' ? toCustomer(row) : undefined;
}
