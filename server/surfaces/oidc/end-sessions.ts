import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { addJob } from '../../base/jobs.ts';
import type { Json } from '../../base/json.ts';
import { deleteMfaTokens, forgetDevices } from '../../features/accounts/accounts.ts';
import { beginEra } from '../../features/customers/customers.ts';

/** A session that is to end: by its lasting id, or by the hash of the id in the cookie. */
export type SessionKey = { readonly uid: string } | { readonly hash: Buffer };

/** Of the engine's session payload: who, and which portals know it under which `sid`. */
const sessionPayload = z.object({
  accountId: z.string().optional(),
  authorizations: z.record(z.string(), z.object({ sid: z.string().optional() })).optional(),
});

/**
 * Ends one session: its row, everything granted in it (codes, access and refresh tokens), and back-channel logout to
 * each portal that knew it. Nothing happens when it has ended before.
 *
 * @param options `keepsRefreshTokens`: what stays signed in by one of those goes on by it
 */
export async function endSession(
  tx: Db,
  key: SessionKey,
  options: { readonly keepsRefreshTokens?: boolean } = {},
): Promise<void> {
  const which = 'uid' in key ? sql`uid = ${key.uid}` : sql`id_hash = ${key.hash}`;
  const ended = await sql<EndedSession>`delete from sessions where ${which} returning uid, payload`.execute(tx);
  // A statement of its own: it sees what a request granted that the first one waited for. By `uid` also what outlived
  // its session: refresh tokens go on for longer.
  const uids = 'uid' in key ? [key.uid] : ended.rows.map(({ uid }) => uid);
  for (const uid of uids) await endGrantsIn(tx, uid, options.keepsRefreshTokens === true);
  await announce(tx, ended.rows);
}

async function endGrantsIn(tx: Db, uid: string, keepsRefreshTokens: boolean): Promise<void> {
  if (!keepsRefreshTokens) {
    await sql`delete from grants where session_uid = ${uid}`.execute(tx);
    return;
  }
  await sql`delete from grants g where session_uid = ${uid} and not exists (
    select from tokens t where t.grant_id = g.id and t.kind = 'RefreshToken')`.execute(tx);
  await sql`delete from tokens t using grants g
    where g.session_uid = ${uid} and t.grant_id = g.id and t.kind <> 'RefreshToken'`.execute(tx);
}

/** Ends what was granted in one sign-in, its refresh token above all; the session it came from goes on. */
export async function endGrants(tx: Db, customerId: string, signIn: string): Promise<void> {
  await sql`delete from grants where customer = ${customerId} and sign_in = ${signIn}`.execute(tx);
}

/** The `uid` of the session that a sign-in opened or used; undefined: there was none, or nothing of it is left. */
export async function sessionOfSignIn(tx: Db, customerId: string, signIn: string): Promise<string | undefined> {
  const { rows } = await sql<{ uid: string }>`select session_uid as uid from grants
    where customer = ${customerId} and sign_in = ${signIn} and session_uid is not null limit 1`.execute(tx);
  return rows[0]?.uid;
}

/**
 * Ends what one sign-in gave: the session it opened or used, and everything granted in it or without one. When nothing
 * of it is to be found any more, every session of the customer ends, for it may be one of them. No device is remembered
 * any more: its own may have been. Nor does a sign-in that waits go further: whoever came once knows the way.
 */
export async function endSignIn(tx: Db, customerId: string, signIn: string): Promise<void> {
  await endWaiting(tx, customerId);
  // The sign-in first: whoever makes a session or a grant of it at this moment holds it.
  await sql`delete from sign_ins where customer = ${customerId} and id = ${signIn}`.execute(tx);
  const granted = await sql<{ session_uid: string | null }>`
    delete from grants where customer = ${customerId} and sign_in = ${signIn} returning session_uid`.execute(tx);
  const uids = new Set(granted.rows.flatMap(({ session_uid: uid }) => (uid === null ? [] : [uid])));
  for (const uid of uids) await endSession(tx, { uid });
  if (granted.rows.length === 0) await endSessions(tx, customerId);
}

/**
 * Ends every session of a customer and revokes everything granted to them (block, password change, merge, deletion),
 * with back-channel logout. `exceptSession`, a session's `uid`, goes on with what was granted in it. What was signed in
 * on a page and not yet picked up by the engine ends, too: it makes a session of a sign-in that is there alone. So does
 * what waits for a second factor or a choice, in whatever browser. No device is remembered any more: each asks for the
 * second factor again.
 */
export async function endSessions(
  tx: Db,
  customerId: string,
  options: { readonly exceptSession?: string | undefined } = {},
): Promise<void> {
  const { exceptSession } = options;
  await endWaiting(tx, customerId);
  const others = (column: string) =>
    exceptSession === undefined ? sql`true` : sql`${sql.ref(column)} is distinct from ${exceptSession}`;
  // One after the other: each waits for requests that are writing and sees what they wrote. Sign-ins come first, for
  // whoever makes a session or a grant holds its sign-in.
  await sql`delete from sign_ins s where customer = ${customerId} and not exists (select from grants g
    where g.customer = s.customer and g.sign_in = s.id and g.session_uid = ${exceptSession ?? null}::text)`.execute(tx);
  const ended = await sql<EndedSession>`
    delete from sessions where customer = ${customerId} and ${others('uid')} returning uid, payload`.execute(tx);
  await sql`delete from grants where customer = ${customerId} and ${others('session_uid')}`.execute(tx);
  await announce(tx, ended.rows);
}

/** Whoever has proven the first half of a sign-in begins anew, and passes a second factor on every device. */
async function endWaiting(tx: Db, customerId: string): Promise<void> {
  await beginEra(tx, customerId);
  await deleteMfaTokens(tx, [customerId]);
  await forgetDevices(tx, [customerId]);
}

type EndedSession = { uid: string; payload: Json };

async function announce(tx: Db, ended: readonly EndedSession[]): Promise<void> {
  for (const { payload } of ended) {
    const { accountId, authorizations = {} } = sessionPayload.parse(payload);
    const portals = Object.entries(authorizations).flatMap(([client, { sid }]) => (sid ? [{ client, sid }] : []));
    if (accountId === undefined || portals.length === 0) continue;
    await addJob(tx, 'backchannel_logout', { sub: accountId, portals });
  }
}
