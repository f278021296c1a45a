import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { type KnownSession, openedSession, sessionByUid, sessionEnds, sessionOfSignIn } from '../../oidc/oidc.ts';
import { toJson } from '../../triggers/triggers.ts';
import { methodsOf } from './facts-of-visit.ts';
import type { Occasion } from './occasion.ts';

/** `event.session` and `event.refresh_token`, where there are any. */
export type SessionTold = { readonly session?: JsonObject; readonly refresh_token?: JsonObject };

/**
 * The session that a sign-in comes by, or that it will be in, and the refresh token that it comes by. A sign-in without a
 * browser opens no session.
 */
export async function sessionTold(base: Pick<Base, 'db'>, occasion: Occasion): Promise<SessionTold> {
  const { sessionFor, wire } = occasion.visit;
  const { refreshes } = wire;
  const uid = await sessionIdOf(base, occasion);
  const kept = uid === undefined ? undefined : await sessionByUid(base.db, uid);
  const opened = !kept && sessionFor && uid !== undefined ? newSession(occasion, uid) : undefined;
  return {
    ...(kept && { session: showSession(occasion, kept) }),
    ...(opened && { session: showSession(occasion, opened, initialDevice(opened)) }),
    ...(refreshes && { refresh_token: showToken(occasion, refreshes, uid) }),
  };
}

/** The id of that session, for code. */
export async function sessionIdOf(
  { db }: Pick<Base, 'db'>,
  { customer, visit: { wire, sessionFor } }: Pick<Occasion, 'customer' | 'visit'>,
): Promise<string | undefined> {
  const { session, refreshes } = wire;
  if (session) return session.uid;
  return sessionFor?.(customer.id) ?? (refreshes && sessionOfSignIn(db, customer.id, refreshes.signIn));
}

function newSession({ customer, amr, visit: { ip, userAgent, at } }: Occasion, uid: string): KnownSession {
  const about = { uid, customerId: customer.id, userId: customer.user_id, amr, ip, userAgent };
  return openedSession(about, at);
}

/** Where a session was opened; of one that is there already only where it was used last is kept. */
function initialDevice({ ip, userAgent }: KnownSession): JsonObject {
  return { initial_ip: ip, initial_user_agent: userAgent };
}

function showSession(occasion: Occasion, session: KnownSession, device: JsonObject = {}): JsonObject {
  const { visit, customer, anew } = occasion;
  const { uid, createdAt, seenAt, expiresAt, portals, ip, userAgent } = session;
  // Who proves it once more in a session that is there does so now.
  const since = anew ? visit.at : session.signedInAt;
  return toJson({
    id: uid,
    user_id: customer.user_id,
    created_at: createdAt,
    authenticated_at: since,
    updated_at: seenAt,
    last_interacted_at: seenAt,
    idle_expires_at: expiresAt,
    expires_at: sessionEnds(since),
    device: { ...device, last_ip: ip ?? undefined, last_user_agent: userAgent },
    clients: [...new Set([...Object.keys(portals), visit.portal.client_id])].map((client_id) => ({ client_id })),
    cookie: { mode: 'persistent' },
    metadata: {},
    authentication: { methods: methodsOf(occasion) },
  });
}

function showToken(
  { customer, visit }: Occasion,
  { signIn, token }: NonNullable<Occasion['visit']['wire']['refreshes']>,
  session: string | undefined,
): JsonObject {
  const { createdAt, exchangedAt, idleEndsAt, endsAt, isRotating, audiences, scopes } = token;
  return toJson({
    // Stays the same while the token is replaced by the next of its family.
    id: signIn,
    client_id: visit.portal.client_id,
    user_id: customer.user_id,
    session_id: session,
    created_at: createdAt,
    last_exchanged_at: exchangedAt,
    idle_expires_at: idleEndsAt,
    expires_at: endsAt,
    rotating: isRotating,
    resource_servers: audiences.map((audience) => ({ audience, scopes })),
    // Where it was given is not kept; it is used now.
    device: { last_ip: visit.ip, last_user_agent: visit.userAgent },
    metadata: {},
  });
}
