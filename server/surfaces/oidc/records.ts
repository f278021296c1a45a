import { sql } from 'kysely';
import type { AdapterPayload } from 'oidc-provider';
import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import { type SignIn, toSignIn } from './sign-ins.ts';

/** A stored token, with the grant and the sign-in it hangs on. */
export type StoredToken = {
  hash: Buffer;
  payload: AdapterPayload;
  consumedAt: Date | null;
  expiresAt: Date;
  grant?: { id: string; payload: AdapterPayload; expiresAt: Date; signIn: SignIn } | undefined;
};

type TokenRecord = {
  hash: Buffer;
  payload: AdapterPayload;
  consumed_at: Date | null;
  expires_at: Date;
  grant_id: string | null;
  grant_payload: AdapterPayload;
  grant_expires_at: Date | null;
  sign_in: Json;
};

/** The token of this kind that has not expired; one that was consumed, too, and device codes in any case. */
export function readToken(db: Db, kind: string, hash: Buffer, at: Date): Promise<StoredToken | undefined> {
  return findToken(db, sql`t.hash = ${hash}`, kind, at);
}

/** The device code whose user code has this keyed hash. */
export function readTokenByUserCode(db: Db, userCodeHash: Buffer, at: Date): Promise<StoredToken | undefined> {
  return findToken(db, sql`t.user_code_hash = ${userCodeHash}`, 'DeviceCode', at);
}

async function findToken(db: Db, which: ReturnType<typeof sql>, kind: string, at: Date) {
  const result = await sql<TokenRecord>`
    select t.hash, t.payload, t.consumed_at, t.expires_at, g.id as grant_id, g.payload as grant_payload,
      g.expires_at as grant_expires_at, to_jsonb(s) as sign_in
    from tokens t
    left join grants g on g.id = t.grant_id and g.expires_at > ${at}
    left join sign_ins s on s.customer = g.customer and s.id = g.sign_in
    where ${which} and t.kind = ${kind} and (t.expires_at > ${at} or t.kind = 'DeviceCode')`.execute(db);
  const row = result.rows[0];
  return row && toStoredToken(row);
}

function toStoredToken(row: TokenRecord): StoredToken {
  const { grant_id: id, grant_expires_at: expiresAt } = row;
  const hasGrant = id !== null && expiresAt !== null && row.sign_in !== null;
  return {
    hash: row.hash,
    payload: row.payload,
    consumedAt: row.consumed_at,
    expiresAt: row.expires_at,
    grant: hasGrant ? { id, payload: row.grant_payload, expiresAt, signIn: toSignIn(row.sign_in) } : undefined,
  };
}

/** A stored grant and its sign-in, if it has not expired. */
export async function readGrant(db: Db, id: string, at: Date): Promise<StoredToken['grant']> {
  const result = await sql<{ payload: AdapterPayload; expires_at: Date; sign_in: Json }>`
    select g.payload, g.expires_at, to_jsonb(s) as sign_in from grants g
    join sign_ins s on s.customer = g.customer and s.id = g.sign_in
    where g.id = ${id} and g.expires_at > ${at}`.execute(db);
  const row = result.rows[0];
  return row && { id, payload: row.payload, expiresAt: row.expires_at, signIn: toSignIn(row.sign_in) };
}

/** A stored session: the engine's payload and the customer's uuid. */
export type StoredSession = { payload: AdapterPayload; customer: string | null; expiresAt: Date };

/** The session with this id (hash of it) or lasting `uid`, if it has not expired. */
export async function readSession(
  db: Db,
  key: { hash: Buffer } | { uid: string },
  at: Date,
): Promise<StoredSession | undefined> {
  const which = 'hash' in key ? sql`id_hash = ${key.hash}` : sql`uid = ${key.uid}`;
  const result = await sql<{ payload: AdapterPayload; customer: string | null; expires_at: Date }>`
    select payload, customer, expires_at from sessions where ${which} and expires_at > ${at}`.execute(db);
  const row = result.rows[0];
  return row && { payload: row.payload, customer: row.customer, expiresAt: row.expires_at };
}

/** A flow that the engine goes on with, and the session of the browser that brings it, in one look. */
export async function readFlowToResume(
  db: Db,
  id: string,
  sessionHash: Buffer | null,
  at: Date,
): Promise<
  { engine: AdapterPayload; secretHash: Buffer; expiresAt: Date; session: StoredSession | undefined } | undefined
> {
  const result = await sql<{
    engine: AdapterPayload;
    secret_hash: Buffer;
    expires_at: Date;
    session_payload: AdapterPayload;
    session_customer: string | null;
    session_expires_at: Date | null;
  }>`
    select f.engine, f.secret_hash, f.expires_at, s.payload as session_payload, s.customer as session_customer,
      s.expires_at as session_expires_at
    from flows f left join sessions s on s.id_hash = ${sessionHash}::bytea and s.expires_at > ${at}
    where f.id = ${id} and f.expires_at > ${at}`.execute(db);
  const row = result.rows[0];
  if (!row) return undefined;
  const { session_expires_at: ends } = row;
  const session = ends ? { payload: row.session_payload, customer: row.session_customer, expiresAt: ends } : undefined;
  return { engine: row.engine, secretHash: row.secret_hash, expiresAt: row.expires_at, session };
}

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
