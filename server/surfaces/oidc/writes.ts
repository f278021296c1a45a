import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import { composedStatements } from '../../base/statement.ts';
import { finishStep } from '../../features/questions/questions.ts';

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
  /** What code added to the ID token. */
  ownClaims?: JsonObject | undefined;
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
export type FlowRow = {
  id: string;
  engine: object;
  /** What the pages remember. */
  state: object;
  secretHash: Buffer;
  customer: string | null;
  expiresAt: Date;
};

/** Single use. `leewaySeconds`: how long after its first use a token may be used again. */
export type Take = { token: Buffer; leewaySeconds?: number | undefined } | { flow: string };

/** Everything one request writes. */
export type Writes = {
  /** Client id of a portal that must be open for anything to be written. */
  openPortal?: string | undefined;
  /** What may be used once only: if another request was first, nothing else of this is written. */
  takes: Take[];
  tokens: TokenRow[];
  grants: GrantRow[];
  session?: SessionRow | undefined;
  flow?: FlowRow | undefined;
  /** A sign-in that comes to its tokens by this. */
  finished?: { subject: string; signIn: string } | undefined;
  /** What code added to the ID token of a grant that was there before. */
  ownClaims?: { grant: string; claims: JsonObject } | undefined;
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
 * Writes it all in one statement, so that a code is used up exactly when what it gave is stored. Nothing is granted for
 * a sign-in or in a session that was ended meanwhile (see `endSessions`).
 *
 * @returns false when something that may be used once was used before, or what it hangs on was ended or closed
 */
export async function write({ db }: Pick<Base, 'db'>, writes: Writes, at: Date): Promise<boolean> {
  const values: unknown[] = [];
  const put: Put = (value, type) => `$${values.push(value)}::${type}`;
  const steps: string[] = [];
  const step = (name: string, statement: string) => steps.push(`${name} as (${statement} returning 1)`);

  if (writes.openPortal !== undefined) {
    steps.push(`portal as (select from portals where client_id = ${put(writes.openPortal, 'text')} and enabled)`);
  }
  writes.takes.forEach((take, index) => {
    step(`take${index}`, takeStatement(put, take, at));
  });
  writes.grants.forEach(({ customer, signIn }, index) => {
    steps.push(`sign_in${index} as (select from sign_ins where customer = ${put(customer, 'uuid')}
      and id = ${put(signIn, 'uuid')} for key share)`);
  });
  const first = [
    ...(writes.openPortal === undefined ? [] : ['portal']),
    ...writes.takes.map((_, index) => `take${index}`),
    ...writes.grants.map((_, index) => `sign_in${index}`),
  ];
  const before = exist(first);
  if (writes.session) step('session_in', writeSession(put, writes.session, before, at));
  const gate = exist(writes.session?.known && writes.grants.length > 0 ? [...first, 'session_in'] : first);

  if (writes.tokens.length > 0) step('tokens_in', insertTokens(put, writes.tokens, gate, at));
  if (writes.grants.length > 0) step('grants_in', insertGrants(put, writes.grants, gate, at));
  if (writes.flow) step('flow_in', insertFlow(put, writes.flow, gate));
  if (writes.finished) {
    const { subject, signIn } = writes.finished;
    const [who, which, when] = [put(subject, 'uuid'), put(signIn, 'uuid'), put(at, 'timestamptz')];
    step('finished', finishStep({ subject: who, signIn: which, at: when, gate }));
  }
  if (writes.ownClaims) {
    const { grant, claims } = writes.ownClaims;
    const [own, id] = [put(asColumn(claims), 'jsonb'), put(grant, 'text')];
    step('own_claims_in', `update grants set own_claims = ${own} where id = ${id} and ${gate}`);
  }
  writes.prolonged.forEach(({ token, expiresAt }, index) => {
    const [until, hash] = [put(expiresAt, 'timestamptz'), put(token, 'bytea')];
    step(`later${index}`, `update tokens set expires_at = ${until} where hash = ${hash} and ${gate}`);
  });
  if (writes.endedGrants.length > 0) {
    step('grants_out', `delete from grants where id = any(${put(writes.endedGrants, 'text[]')})`);
  }
  writes.endedTokens.forEach((ended, index) => {
    const which =
      'token' in ended
        ? `hash = ${put(ended.token, 'bytea')}`
        : `grant_id = ${put(ended.grant, 'text')} and kind = ${put(ended.kind, 'text')}`;
    step(`tokens_out${index}`, `delete from tokens where ${which}`);
  });

  if (steps.length === 0) return true;
  const rows = await writing(`with ${steps.join(', ')} select ${gate} as won`)(db, values);
  return rows[0]?.won === true;
}

/** The statements of this file: few shapes, each put together many times. */
const writing = composedStatements<{ won: boolean }>();

/** Did all these steps find what they look for? */
function exist(steps: readonly string[]): string {
  return steps.map((name) => `exists (select from ${name})`).join(' and ') || 'true';
}

/** Puts a value into the statement's list and gives its place. */
type Put = (value: unknown, type: string) => string;

function takeStatement(put: Put, take: Take, at: Date): string {
  if ('flow' in take) return `delete from flows where id = ${put(take.flow, 'text')}`;
  const { token, leewaySeconds = 0 } = take;
  const first = `update tokens set consumed_at = coalesce(consumed_at, ${put(at, 'timestamptz')})
    where hash = ${put(token, 'bytea')}`;
  if (leewaySeconds === 0) return `${first} and consumed_at is null`;
  // Within the leeway the first use stays the one that counts.
  const since = put(new Date(at.getTime() - leewaySeconds * 1000), 'timestamptz');
  return `${first} and (consumed_at is null or consumed_at >= ${since})`;
}

function insertTokens(put: Put, rows: readonly TokenRow[], gate: string, at: Date): string {
  const values = rows.map((row) => {
    const { hash, kind, grantId, portal, payload, userCodeHash, expiresAt } = row;
    return `(${put(hash, 'bytea')}, ${put(kind, 'text')}, ${put(grantId, 'text')}, ${put(portal, 'text')},
      ${put(JSON.stringify(payload), 'jsonb')}, ${put(userCodeHash, 'bytea')}, ${put(at, 'timestamptz')},
      ${put(expiresAt, 'timestamptz')})`;
  });
  return `insert into tokens (hash, kind, grant_id, portal, payload, user_code_hash, issued_at, expires_at)
    select * from (values ${values.join(', ')}) as rows where ${gate}
    on conflict (hash) do update set payload = excluded.payload, grant_id = excluded.grant_id`;
}

function insertGrants(put: Put, rows: readonly GrantRow[], gate: string, at: Date): string {
  const values = rows.map((row) => {
    const { id, customer, portal, signIn, sessionUid, payload, ownClaims, expiresAt } = row;
    return `(${put(id, 'text')}, ${put(customer, 'uuid')}, ${put(portal, 'text')}, ${put(signIn, 'uuid')},
      ${put(sessionUid, 'text')}, ${put(JSON.stringify(payload), 'jsonb')}, ${put(asColumn(ownClaims), 'jsonb')},
      ${put(at, 'timestamptz')}, ${put(expiresAt, 'timestamptz')})`;
  });
  return `insert into grants (id, customer, portal, sign_in, session_uid, payload, own_claims, created_at, expires_at)
    select * from (values ${values.join(', ')}) as rows where ${gate}`;
}

/** Most grants have no claims of code: null. */
function asColumn(claims: JsonObject | undefined): string | null {
  return claims === undefined || Object.keys(claims).length === 0 ? null : JSON.stringify(claims);
}

function writeSession(put: Put, row: SessionRow, gate: string, at: Date): string {
  const hash = put(row.hash, 'bytea');
  const uid = put(row.uid, 'text');
  const customer = put(row.customer, 'uuid');
  const payload = put(JSON.stringify(row.payload), 'jsonb');
  const ip = put(row.ip, 'inet');
  const userAgent = put(row.userAgent, 'text');
  const seen = put(at, 'timestamptz');
  const until = put(row.expiresAt, 'timestamptz');
  if (!row.known) {
    return `insert into sessions (id_hash, uid, customer, payload, ip, user_agent, created_at, seen_at, expires_at)
      select ${hash}, ${uid}, ${customer}, ${payload}, ${ip}, ${userAgent}, ${seen}, ${seen}, ${until} where ${gate}`;
  }
  // Two tabs may sign in to two portals at once: neither forgets the other's.
  return `update sessions set id_hash = ${hash}, customer = coalesce(${customer}, customer),
      payload = ${payload} || jsonb_build_object('authorizations',
        coalesce(payload -> 'authorizations', '{}') || coalesce(${payload} -> 'authorizations', '{}')),
      ip = ${ip}, user_agent = ${userAgent}, seen_at = ${seen}, expires_at = ${until}
    where uid = ${uid} and ${gate}`;
}

function insertFlow(put: Put, row: FlowRow, gate: string): string {
  const { id, engine, state, secretHash, customer, expiresAt } = row;
  return `insert into flows (id, engine, state, secret_hash, customer, expires_at)
    select ${put(id, 'text')}, ${put(JSON.stringify(engine), 'jsonb')}, ${put(JSON.stringify(state), 'jsonb')},
      ${put(secretHash, 'bytea')},
      ${put(customer, 'uuid')}, ${put(expiresAt, 'timestamptz')} where ${gate}`;
}
