import type { FastifyReply, FastifyRequest } from 'fastify';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { portalIsEnabled } from '../../features/portals/portals.ts';
import { invalidToken, type ReadCaller } from './access-token.ts';
import type { createRateLimit } from './rate-limit.ts';
import type { Caller } from './route.ts';

/** Lets a request pass with its caller, or refuses it. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, may: readonly string[]) => Promise<Caller>;

/**
 * The guard of every operation: a good token (401), not too many calls (429), a client that is still there and open
 * (401; read each time), one of the scopes (403).
 */
export function createGuard(db: Db, readCaller: ReadCaller, count: ReturnType<typeof createRateLimit>): Guard {
  return async (request, reply, may) => {
    const caller = await readCaller(request.headers.authorization);
    const left = count(caller.clientId, now());
    reply.headers({
      'x-ratelimit-limit': left.limit,
      'x-ratelimit-remaining': left.remaining,
      'x-ratelimit-reset': left.reset,
    });
    if (!left.allowed) {
      reply.header('retry-after', left.retryAfter);
      throw new Problem('too_many_attempts', 'Global limit has been reached');
    }
    if (!(await portalIsEnabled(db, caller.clientId))) throw invalidToken('Invalid token');
    if (!may.some((scope) => caller.scopes.has(scope))) {
      throw new Problem('access_denied', `Insufficient scope, expected any of: ${may.join(',')}`, {
        errorCode: 'insufficient_scope',
      });
    }
    return caller;
  };
}
