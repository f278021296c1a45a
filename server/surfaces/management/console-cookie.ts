import type { FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { findSession, type SignedIn } from '../../features/staff/staff.ts';

/** Finds out who of the staff calls; undefined: the request carries no cookie of theirs. */
export type ReadStaff = (request: FastifyRequest) => Promise<SignedIn | undefined>;

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/**
 * Trusts the console's cookie, and only together with what no other site can make a browser send: the header
 * `x-regulars-console: 1`, which takes a preflight that we never answer, and with every change an `Origin` that is ours.
 *
 * @param cookieOf the surface's that sets it
 * @param find `lookAtSession` where it is no sign that somebody is there
 * @throws Problem `origin_refused`; `unauthenticated` when the session is over
 */
export function createReadStaff(
  { config, db }: Pick<Base, 'config' | 'db'>,
  cookieOf: (request: FastifyRequest) => string | undefined,
  find: typeof findSession = findSession,
): ReadStaff {
  return async (request) => {
    const cookie = cookieOf(request);
    if (cookie === undefined) return undefined;
    const { origin, 'x-regulars-console': mark } = request.headers;
    if (mark !== '1')
      throw new Problem('origin_refused', 'Calls of the console carry the header x-regulars-console: 1.');
    const isOwn = origin === config.url || (origin === undefined && isRead(request.method));
    if (!isOwn) throw new Problem('origin_refused', 'Calls of the console come from the console itself.');
    const found = await find(db, cookie, now());
    if (!found) throw new Problem('unauthenticated', 'Your session has ended. Sign in again.');
    return found;
  };
}
