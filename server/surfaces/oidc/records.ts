import { sql } from 'kysely';
import type { AdapterPayload } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { shareReads } from '../../base/shared-read.ts';
import { statement } from '../../base/statement.ts';
import { toFactorKind } from '../../features/accounts/accounts.ts';
import { type Customer, type CustomerRow, customerColumns, toCustomer } from '../../features/customers/customers.ts';
import { toOwnClaims } from './claims.ts';
import { type SignIn, toDecided } from './sign-ins.ts';

/** A stored grant, with what it hangs on. */
export type StoredGrant = {
  id: string;
  payload: AdapterPayload;
  expiresAt: Date;
  /** What code added to the ID token, as `/userinfo` tells it. */
  ownClaims: JsonObject;
  signIn: SignIn;
  /** Not there when it was erased or merged away. */
  customer: Customer | undefined;
  /** Ids of customers that were merged into this one. */
  previousSubs: string[];
};

/** A stored token, with the grant it hangs on. */
export type StoredToken = {
  hash: Buffer;
  payload: AdapterPayload;
  consumedAt: Date | null;
  expiresAt: Date;
  grant: StoredGrant | undefined;
  /** Is its portal there and open? */
  portalIsOpen: boolean;
};

const grantColumns = [
  'g.id as grant_id, g.payload as grant_payload, g.expires_at as grant_expires_at, g.customer as grant_customer, g.own_claims',
  's.id as sign_in, s.subject, s.portal, s.brand, s.connection, s.amr, s.acr, s.decided, s.remembered, s.factor, s.at',
  ...customerColumns.map((column) => `c.${column}`),
  'array(select u.user_id from user_ids u where u.customer = c.id and u.user_id <> c.user_id) as previous_subs',
].join(', ');
const grantJoins = `
  left join sign_ins s on s.customer = g.customer and s.id = g.sign_in
  left join customers c on c.id = g.customer and c.merged_into is null`;

function tokenQuery(which: string): string {
  return `select t.hash, t.payload, t.consumed_at, t.expires_at, coalesce(p.enabled, false) as portal_is_open,
      ${grantColumns}
    from tokens t
    left join portals p on p.client_id = t.portal
    left join grants g on g.id = t.grant_id and g.expires_at > $3 ${grantJoins}
    where ${which} and t.kind = $2 and (t.expires_at > $3 or t.kind = 'DeviceCode')`;
}

const byHash = statement<TokenRow>(tokenQuery('t.hash = $1'));
const byUserCode = statement<TokenRow>(tokenQuery('t.user_code_hash = $1'));
const grantById = statement<GrantRow>(
  `select ${grantColumns} from grants g ${grantJoins} where g.id = $1 and g.expires_at > $2`,
);

/** The token of this kind that has not expired; one that was consumed, too, and device codes in any case. */
export async function readToken({ db }: Pick<Base, 'db'>, kind: string, hash: Buffer, at: Date) {
  return toStoredToken((await byHash(db, [hash, kind, at]))[0]);
}

/** The device code whose user code has this keyed hash. */
export async function readTokenByUserCode({ db }: Pick<Base, 'db'>, userCodeHash: Buffer, at: Date) {
  return toStoredToken((await byUserCode(db, [userCodeHash, 'DeviceCode', at]))[0]);
}

/** A stored grant, if it has not expired. */
export async function readGrant({ db }: Pick<Base, 'db'>, id: string, at: Date): Promise<StoredGrant | undefined> {
  const [row] = await grantById(db, [id, at]);
  return row && toStoredGrant(row);
}

type GrantRow = Pick<CustomerRow, (typeof customerColumns)[number]> & {
  grant_id: string | null;
  grant_payload: AdapterPayload;
  grant_expires_at: Date;
  grant_customer: string;
  own_claims: Json;
  sign_in: string | null;
  subject: string;
  portal: string;
  brand: string;
  connection: string;
  amr: string[];
  acr: string | null;
  decided: Json;
  remembered: boolean;
  factor: string | null;
  at: Date;
  previous_subs: string[];
};
type TokenRow = GrantRow & {
  hash: Buffer;
  payload: AdapterPayload;
  consumed_at: Date | null;
  expires_at: Date;
  portal_is_open: boolean;
};

function toStoredToken(row: TokenRow | undefined): StoredToken | undefined {
  if (!row) return undefined;
  const { hash, payload, consumed_at: consumedAt, expires_at: expiresAt, portal_is_open: portalIsOpen } = row;
  return { hash, payload, consumedAt, expiresAt, portalIsOpen, grant: toStoredGrant(row) };
}

function toStoredGrant(row: GrantRow): StoredGrant | undefined {
  const { grant_id: id, grant_customer: customer, sign_in: signIn } = row;
  if (id === null || signIn === null) return undefined;
  const { subject, portal, brand, connection, amr, acr, remembered, at } = row;
  const factor = toFactorKind(row.factor);
  const about = { subject, portal, brand, connection, amr, acr: acr ?? undefined, remembered, factor, at };
  return {
    id,
    payload: row.grant_payload,
    expiresAt: row.grant_expires_at,
    ownClaims: toOwnClaims(row.own_claims),
    signIn: { ...about, id: signIn, customer, decided: toDecided(row.decided) },
    // A left join fills the columns of a customer who is not there with nulls.
    customer: typeof row.user_id === 'string' ? toCustomer(row) : undefined,
    previousSubs: row.previous_subs,
  };
}

/** Is this portal there and open? Asked anew each time, as it must be closed at once; those who ask at once share. */
export function readPortalIsOpen({ db }: Pick<Base, 'db'>, clientId: string): Promise<boolean> {
  let read = openPortals.get(db);
  if (!read) {
    read = shareReads(async (id) => (await portalById(db, [id]))[0]?.enabled === true);
    openPortals.set(db, read);
  }
  return read(clientId);
}

const openPortals = new WeakMap<Db, (clientId: string) => Promise<boolean>>();
const portalById = statement<{ enabled: boolean }>('select enabled from portals where client_id = $1');

/** Notes a proof of possession; false when it was seen before. */
export async function seeProof(db: Db, hash: Buffer, expiresAt: Date): Promise<boolean> {
  const result = await db
    .insertInto('seen_proofs')
    .values({ hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Notes that a device asked for its tokens; gives when it asked before. */
export async function notePoll(db: Db, hash: Buffer, at: Date): Promise<Date | null> {
  const result = await sql<{ polled_at: Date | null }>`
    update tokens t set polled_at = ${at} from (select hash, polled_at from tokens where hash = ${hash}) as old
    where t.hash = old.hash and t.kind = 'DeviceCode' returning old.polled_at`.execute(db);
  return result.rows[0]?.polled_at ?? null;
}

/** Deletes up to `limit` sign-ins before `before` that no grant hangs on any more; says how many. */
export async function deleteOldSignIns(db: Db, before: Date, limit: number): Promise<number> {
  const result = await sql`
    delete from sign_ins where (customer, id) in (
      select s.customer, s.id from sign_ins s where s.at < ${before}
        and not exists (select from grants g where g.customer = s.customer and g.sign_in = s.id) limit ${limit})`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n);
}
