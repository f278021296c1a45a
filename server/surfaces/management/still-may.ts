import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Caller } from './caller.ts';
import { checkScopes, createGuard, type GuardParts } from './guard.ts';
import type { May } from './route.ts';

/** Would the request pass its guard now, as the same caller with the same powers? Asked while its answer goes on. */
export type StillMay = (request: FastifyRequest, reply: FastifyReply, may: May, caller: Caller) => Promise<boolean>;

/** Not once the token or the session is over, the client is closed, or any of the caller's powers is another. */
export function createStillMay(
  base: Pick<Base, 'config' | 'db' | 'settings'>,
  parts: Omit<GuardParts, 'count'>,
): StillMay {
  // It is no call of the caller's, so it is not counted.
  const uncounted = { allowed: true, limit: 0, remaining: 0, reset: 0, retryAfter: 0 };
  const guard = createGuard(base, { ...parts, count: () => uncounted });
  return async (request, reply, may, caller) => {
    try {
      const now = await guard(request, reply);
      checkScopes(now, may);
      return powersIn(now) === powersIn(caller);
    } catch (error) {
      if (isProblem(error)) return false;
      throw error;
    }
  };
}

function powersIn({ scopes, access: { read, write, brands } }: Caller): string {
  const sensitive = [...read.sensitive, ...write.sensitive].sort();
  return JSON.stringify([[...scopes].sort(), read.paths, write.paths, sensitive, brands && [...brands].sort()]);
}
