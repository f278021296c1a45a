import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import type { Db } from '../../base/db.ts';
import { sessionCookieName, sessionCookieOptions } from './cookies.ts';
import { lifetimes } from './lifetimes.ts';
import { readSession } from './session-records.ts';

/** Who is signed in at the issuer in this browser. */
export type BrowserSession = {
  readonly uid: string;
  /** Customer's uuid. */
  readonly customerId: string;
  /** The `sub`. */
  readonly userId: string;
  /** When they last proved who they are. */
  readonly signedInAt: Date;
  readonly amr: readonly string[];
  /** Client ids of the portals that got tokens in it, with the `sid` that each knows it by. */
  readonly portals: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
};

const signedIn = z.object({
  uid: z.string(),
  accountId: z.string(),
  loginTs: z.number(),
  amr: z.array(z.string()).optional(),
  authorizations: z.record(z.string(), z.object({ sid: z.string().optional() })).optional(),
});

/** The session of the browser that sends this request; undefined when nobody is signed in. */
export async function sessionOf(base: Base, request: FastifyRequest): Promise<BrowserSession | undefined> {
  const id = request.cookies[sessionCookieName(base.config)];
  if (id === undefined) return undefined;
  const stored = await readSession(base, tokenHash(id), now());
  return stored && toBrowserSession(stored.payload, stored.customer?.id, stored.expiresAt);
}

/** A session, and from where it was used last. */
export type KnownSession = BrowserSession & { createdAt: Date; seenAt: Date; ip: string | null; userAgent: string };

/** The sessions of a customer that have not ended, the latest used first. */
export async function sessionsOf(db: Db, customerId: string): Promise<KnownSession[]> {
  const rows = await known(db).where('customer', '=', customerId).orderBy('seen_at', 'desc').limit(100).execute();
  return rows.flatMap(toKnown);
}

/** The session of this `uid` that somebody is signed in in, unless it has ended. */
export async function sessionByUid(db: Db, uid: string): Promise<KnownSession | undefined> {
  return (await known(db).where('uid', '=', uid).execute()).flatMap(toKnown)[0];
}

/** When a session ends at the latest, however much it is used. */
export function sessionEnds(signedInAt: Date): Date {
  return new Date(signedInAt.getTime() + lifetimes.SessionAbsolute * 1000);
}

/** A session that is opened now, as it will be kept. */
export function openedSession(
  about: Pick<KnownSession, 'uid' | 'customerId' | 'userId' | 'amr' | 'ip' | 'userAgent'>,
  at: Date,
): KnownSession {
  const idle = new Date(at.getTime() + lifetimes.SessionIdle * 1000);
  return { ...about, portals: {}, signedInAt: at, createdAt: at, seenAt: at, expiresAt: idle };
}

function known(db: Db) {
  return db
    .selectFrom('sessions')
    .select(['customer', 'payload', 'ip', 'user_agent', 'created_at', 'seen_at', 'expires_at'])
    .where('expires_at', '>', now());
}

function toKnown(row: Awaited<ReturnType<ReturnType<typeof known>['execute']>>[number]): KnownSession[] {
  const session = toBrowserSession(row.payload, row.customer ?? undefined, row.expires_at);
  const { ip, user_agent: userAgent, created_at: createdAt, seen_at: seenAt } = row;
  return session ? [{ ...session, ip, userAgent, createdAt, seenAt }] : [];
}

/**
 * Has this session not ended? Ask it inside a transaction that holds the customer: what ends all sessions holds that,
 * too, so nothing can end them in between.
 */
export async function isSessionAlive(tx: Db, uid: string): Promise<boolean> {
  const row = await tx
    .selectFrom('sessions')
    .select('uid')
    .where('uid', '=', uid)
    .where('expires_at', '>', now())
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the session's cookie away; the session itself ends by `endSession`. */
export function forgetSession(base: Base, reply: FastifyReply): void {
  reply.clearCookie(sessionCookieName(base.config), sessionCookieOptions(base.config));
}

function toBrowserSession(
  payload: unknown,
  customerId: string | undefined,
  expiresAt: Date,
): BrowserSession | undefined {
  const parsed = signedIn.safeParse(payload);
  if (!parsed.success || customerId === undefined) return undefined;
  const { uid, accountId: userId, loginTs, amr = [], authorizations = {} } = parsed.data;
  const portals = Object.fromEntries(
    Object.entries(authorizations).flatMap(([client, { sid }]) => (sid === undefined ? [] : [[client, sid]])),
  );
  return { uid, customerId, userId, signedInAt: new Date(loginTs * 1000), amr, portals, expiresAt };
}
