import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../base/db.ts';

export type TokenRow = {
  hash: Buffer;
  kind: string;
  grantId: string | null;
  /** Client id. */
  portal: string | null;
  payload: object;
  /** Of a device code: keyed hash of what the customer types. */
  userCodeHash: Buffer | null;
  expiresAt: Date;
};
export type GrantRow = {
  id: string;
  /** Customer's uuid. */
  customer: string;
  portal: string;
  signIn: string;
  sessionUid: string | null;
  payload: object;
  expiresAt: Date;
};
export type SessionRow = {
  /** Was it read before? Then it is only changed: a session that ended meanwhile stays ended. */
  known: boolean;
  hash: Buffer;
  uid: string;
  customer: string | null;
  payload: object;
  ip: string;
  userAgent: string;
  expiresAt: Date;
};
export type FlowRow = { id: string; engine: object; secretHash: Buffer; customer: string | null; expiresAt: Date };

/** Single use. `leewaySeconds`: how long after its first use a token may be used again. */
export type Take = { token: Buffer; leewaySeconds?: number | undefined } | { flow: string };

/** Everything one request writes. */
export type Writes = {
  /** What may be used once only: if another request was first, nothing else of this is written. */
  takes: Take[];
  tokens: TokenRow[];
  grants: GrantRow[];
  session?: SessionRow | undefined;
  flow?: FlowRow | undefined;
  /** Put off the end of a token that is used again and again. */
  prolonged: { token: Buffer; expiresAt: Date }[];
  /** Revocations happen whatever `takes` says. */
  endedGrants: string[];
  endedTokens: ({ token: Buffer } | { grant: string; kind: string })[];
};

export function noWrites(): Writes {
  return { takes: [], tokens: [], grants: [], prolonged: [], endedGrants: [], endedTokens: [] };
}

/**
 * Writes it all in one statement, so that a code is used up exactly when what it gave is stored.
 *
 * @returns false when something that may be used once was used before
 */
export async function write(db: Db, writes: Writes, at: Date): Promise<boolean> {
  const steps: RawBuilder<unknown>[] = [];
  const step = (name: string, statement: RawBuilder<unknown>) =>
    steps.push(sql`${sql.raw(name)} as (${statement} returning 1)`);

  writes.takes.forEach((take, index) => {
    step(`take${index}`, takeStatement(take, at));
  });
  const names = writes.takes.map((_, index) => sql.raw(`exists (select from take${index})`));
  const gate = names.length === 0 ? sql`true` : sql.join(names, sql` and `);

  if (writes.tokens.length > 0) step('tokens_in', insertTokens(writes.tokens, gate, at));
  if (writes.grants.length > 0) step('grants_in', insertGrants(writes.grants, gate, at));
  if (writes.session) step('session_in', writeSession(writes.session, gate, at));
  if (writes.flow) step('flow_in', insertFlow(writes.flow, gate));
  writes.prolonged.forEach(({ token, expiresAt }, index) => {
    step(`later${index}`, sql`update tokens set expires_at = ${expiresAt} where hash = ${token} and ${gate}`);
  });
  if (writes.endedGrants.length > 0) {
    step('grants_out', sql`delete from grants where id = any(${writes.endedGrants})`);
  }
  writes.endedTokens.forEach((ended, index) => {
    const which =
      'token' in ended ? sql`hash = ${ended.token}` : sql`grant_id = ${ended.grant} and kind = ${ended.kind}`;
    step(`tokens_out${index}`, sql`delete from tokens where ${which}`);
  });

  if (steps.length === 0) return true;
  const result = await sql<{ won: boolean }>`with ${sql.join(steps)} select ${gate} as won`.execute(db);
  return result.rows[0]?.won === true;
}

function takeStatement(take: Take, at: Date): RawBuilder<unknown> {
  if ('flow' in take) return sql`delete from flows where id = ${take.flow}`;
  const { token, leewaySeconds = 0 } = take;
  // Within the leeway the first use stays the one that counts.
  const overlap = leewaySeconds > 0 ? sql` or consumed_at >= ${new Date(at.getTime() - leewaySeconds * 1000)}` : sql``;
  return sql`update tokens set consumed_at = coalesce(consumed_at, ${at})
    where hash = ${token} and (consumed_at is null${overlap})`;
}

function insertTokens(rows: readonly TokenRow[], gate: RawBuilder<unknown>, at: Date): RawBuilder<unknown> {
  const values = rows.map(
    (row) => sql`(${row.hash}::bytea, ${row.kind}::text, ${row.grantId}::text, ${row.portal}::text,
      ${JSON.stringify(row.payload)}::jsonb, ${row.userCodeHash}::bytea, ${at}::timestamptz,
      ${row.expiresAt}::timestamptz)`,
  );
  return sql`insert into tokens (hash, kind, grant_id, portal, payload, user_code_hash, issued_at, expires_at)
    select * from (values ${sql.join(values)}) as rows where ${gate}
    on conflict (hash) do update set payload = excluded.payload, grant_id = excluded.grant_id`;
}

function insertGrants(rows: readonly GrantRow[], gate: RawBuilder<unknown>, at: Date): RawBuilder<unknown> {
  const values = rows.map(
    (row) => sql`(${row.id}::text, ${row.customer}::uuid, ${row.portal}::text, ${row.signIn}::uuid,
      ${row.sessionUid}::text, ${JSON.stringify(row.payload)}::jsonb, ${at}::timestamptz, ${row.expiresAt}::timestamptz)`,
  );
  return sql`insert into grants (id, customer, portal, sign_in, session_uid, payload, created_at, expires_at)
    select * from (values ${sql.join(values)}) as rows where ${gate}`;
}

function writeSession(row: SessionRow, gate: RawBuilder<unknown>, at: Date): RawBuilder<unknown> {
  const payload = JSON.stringify(row.payload);
  if (!row.known) {
    return sql`insert into sessions
        (id_hash, uid, customer, payload, ip, user_agent, created_at, seen_at, expires_at)
      select ${row.hash}::bytea, ${row.uid}::text, ${row.customer}::uuid, ${payload}::jsonb, ${row.ip}::inet,
        ${row.userAgent}::text, ${at}::timestamptz, ${at}::timestamptz, ${row.expiresAt}::timestamptz
      where ${gate}`;
  }
  // Two tabs may sign in to two portals at once: neither forgets the other's.
  return sql`update sessions set id_hash = ${row.hash}, customer = ${row.customer}::uuid,
      payload = ${payload}::jsonb || jsonb_build_object('authorizations',
        coalesce(payload -> 'authorizations', '{}') || coalesce(${payload}::jsonb -> 'authorizations', '{}')),
      ip = ${row.ip}::inet, user_agent = ${row.userAgent}, seen_at = ${at}, expires_at = ${row.expiresAt}
    where uid = ${row.uid} and ${gate}`;
}

function insertFlow(row: FlowRow, gate: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`insert into flows (id, engine, secret_hash, customer, expires_at)
    select ${row.id}::text, ${JSON.stringify(row.engine)}::jsonb, ${row.secretHash}::bytea, ${row.customer}::uuid,
      ${row.expiresAt}::timestamptz where ${gate}`;
}
