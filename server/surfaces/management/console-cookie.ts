import type { FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { findSession, type SignedIn } from '../../features/staff/staff.ts';
import type { Route } from './route.ts';

/** Finds out who of the staff calls; undefined: the request carries no cookie of theirs. */
export type ReadStaff = (request: FastifyRequest, route?: Pick<Route, 'download'>) => Promise<SignedIn | undefined>;

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/**
 * Trusts the console's cookie, and only together with what no other site can make a browser send: the header
 * `x-regulars-console: 1`, which takes a preflight that we never answer, and with every change an `Origin` that is ours.
 * A link carries no header: for a file that is downloaded the browser must say that it was led there by a page of ours
 * (Fetch Metadata, which no page can set; browsers leave it out where they do not trust the connection).
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
  return async (request, route) => {
    const cookie = cookieOf(request);
    if (cookie === undefined) return undefined;
    const { origin, 'x-regulars-console': mark, 'sec-fetch-site': from } = request.headers;
    const isLed = route?.download !== undefined && request.method === 'GET' && from === 'same-origin';
    if (mark !== '1' && !isLed)
      throw new Problem('origin_refused', 'Calls of the console carry the header x-regulars-console: 1.');
    const isOwn = origin === config.url || (origin === undefined && isRead(request.method));
    if (!isOwn) throw new Problem('origin_refused', 'Calls of the console come from the console itself.');
    const found = await find(db, cookie, now());
    if (!found) throw new Problem('unauthenticated', 'Your session has ended. Sign in again.');
    return found;
  };
}
