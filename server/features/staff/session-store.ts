import { z } from 'zod';
import { tokenHash } from '../../base/crypto.ts';
import type { Db } from '../../base/db.ts';
import { secretToken, uuid } from '../../base/ids.ts';
import { statement } from '../../base/statement.ts';

// 12 hours after the last request, at most 7 days after signing in. Noted every five minutes: a write at each request
// would be most of its work.
const idle = `interval '12 hours'`;
const most = `interval '7 days'`;
const noted = `interval '5 minutes'`;

/** Somebody who is signed in, as the database has them at this request. */
export type SignedIn = {
  readonly session: string;
  readonly staff: { readonly id: string; readonly name: string; readonly email: string };
  readonly brands: readonly string[] | null;
  readonly roles: readonly SignedInRole[];
  readonly amr: readonly string[];
  /** When they last proved that it is them. */
  readonly provedAt: Date;
};

const signedInRole = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  brands: z.array(z.string()).nullable(),
});
type SignedInRole = z.infer<typeof signedInRole>;

type Row = {
  session: string;
  amr: string[];
  proved_at: Date;
  id: string;
  name: string;
  email: string;
  brands: string[] | null;
  roles: unknown;
};

const alive = `
  alive as (
    select id, staff, amr, proved_at from staff_sessions where token_hash = $1 and expires_at > $2::timestamptz
  )`;
const whose = `
  select a.id as session, a.amr, a.proved_at, s.id, s.name, s.email, s.brands, (
    select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at, r.id), '[]')
    from staff_role_holders h join staff_roles r on r.id = h.role where h.staff = s.id
  ) as roles
  from alive a join staff s on s.id = a.staff and not s.blocked`;

const find = statement<Row>(`
  with ${alive}, seen as (
    update staff_sessions set seen_at = $2, expires_at = least(created_at + ${most}, $2 + ${idle})
    where token_hash = $1 and expires_at > $2 and seen_at < $2 - ${noted} returning 1
  ) ${whose}`);

/** Who holds this cookie, with their roles as they are now: one statement. Undefined when nobody is signed in with it. */
export async function findSession(db: Db, token: string, at: Date): Promise<SignedIn | undefined> {
  const [row] = await find(db, [tokenHash(token), at]);
  return row && toSignedIn(row);
}

const look = statement<Row>(`with ${alive} ${whose}`);

/** The same without counting as a sign of life: for pages that stay open while nobody is there. */
export async function lookAtSession(db: Db, token: string, at: Date): Promise<SignedIn | undefined> {
  const [row] = await look(db, [tokenHash(token), at]);
  return row && toSignedIn(row);
}

function toSignedIn(row: Row): SignedIn {
  const { session, amr, proved_at: provedAt, id, name, email, brands } = row;
  return { session, amr, provedAt, staff: { id, name, email }, brands, roles: signedInRole.array().parse(row.roles) };
}

const insert = statement(`
  insert into staff_sessions (token_hash, id, staff, amr, ip, user_agent, proved_at, created_at, seen_at, expires_at)
  select $1, $2::uuid, s.id, $4, $5::inet, $6, $7::timestamptz, $7, $7, $7 + ${idle}
  from staff s where s.id = $3::uuid and not s.blocked returning 1`);

/** Begins a session. @returns the cookie, of which only a hash is kept; undefined when they are gone or blocked */
export async function insertSession(
  db: Db,
  draft: { staff: string; amr: readonly string[]; ip: string; userAgent: string; at: Date },
): Promise<string | undefined> {
  const { staff, amr, ip, userAgent, at } = draft;
  const token = secretToken();
  const made = await insert(db, [tokenHash(token), uuid(), staff, amr, ip, userAgent, at]);
  return made.length > 0 ? token : undefined;
}

const end = statement<{ id: string }>(`delete from staff_sessions where token_hash = $1 returning id`);

/** Ends the session of this cookie. */
export async function deleteSession(db: Db, token: string): Promise<void> {
  await end(db, [tokenHash(token)]);
}

/** Ends all sessions of somebody (but one), and whatever they were half in with. */
export async function deleteSessionsOf(db: Db, staff: string, exceptSession?: string): Promise<void> {
  await db
    .deleteFrom('staff_sessions')
    .where('staff', '=', staff)
    .$if(exceptSession !== undefined, (query) => query.where('id', '<>', exceptSession ?? ''))
    .execute();
  await db.deleteFrom('staff_steps').where('staff', '=', staff).execute();
}

/** A session as it is listed. */
export type ListedSession = {
  readonly id: string;
  readonly ip: string | null;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
};

/** The sessions of somebody, the one that was used last first. */
export async function readSessions(db: Db, staff: string, at: Date): Promise<ListedSession[]> {
  const rows = await db
    .selectFrom('staff_sessions')
    .select(['id', 'ip', 'user_agent', 'created_at', 'seen_at', 'expires_at'])
    .where('staff', '=', staff)
    .where('expires_at', '>', at)
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id, ip, user_agent, created_at, seen_at, expires_at }) => {
    return { id, ip, userAgent: user_agent, createdAt: created_at, seenAt: seen_at, expiresAt: expires_at };
  });
}

/** Ends one session of somebody. @returns false when there is no such */
export async function deleteSessionById(db: Db, staff: string, id: string): Promise<boolean> {
  const ended = await db
    .deleteFrom('staff_sessions')
    .where('staff', '=', staff)
    .where('id', '=', id)
    .executeTakeFirst();
  return ended.numDeletedRows > 0n;
}
