import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { sensitivePaths } from '../../features/customers/customers.ts';
import { machineLimits } from '../../features/portals/portals.ts';
import { powersOf } from '../../features/staff/staff.ts';
import { invalidToken, type ReadMachine } from './access-token.ts';
import { type Caller, demandScope } from './caller.ts';
import type { ReadStaff } from './console-cookie.ts';
import { managementAudience } from './management-audience.ts';
import type { createRateLimit } from './rate-limit.ts';
import type { May, Route } from './route.ts';
import { sightOf } from './sight-of.ts';

/** Finds out who calls, or refuses them. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, route?: Pick<Route, 'download'>) => Promise<Caller>;

/**
 * The guard of every operation: a good token, or the cookie of one of the staff (401), not too many calls (429); then
 * `checkScopes`. Whether the client is still there and open and what its grant opens, or the session alive
 * and with which roles, is read each time.
 */
export function createGuard(
  base: Pick<Base, 'db' | 'settings' | 'config'>,
  { readMachine, readStaff, count }: GuardParts,
): Guard {
  const audience = managementAudience(base);

  function countCall(who: string, reply: FastifyReply): void {
    const left = count(who, now());
    reply.headers({
      'x-ratelimit-limit': left.limit,
      'x-ratelimit-remaining': left.remaining,
      'x-ratelimit-reset': left.reset,
    });
    if (left.allowed) return;
    reply.header('retry-after', left.retryAfter);
    throw new Problem('too_many_attempts', 'Global limit has been reached');
  }

  async function machine(authorization: string | undefined, reply: FastifyReply): Promise<Caller> {
    const { clientId, scopes } = await readMachine(authorization);
    countCall(clientId, reply);
    const found = await machineLimits(base.db, clientId, audience);
    if (!found) throw invalidToken('Invalid token');
    const { name, ...limits } = found;
    const grant = { ...limits, scopes: [...scopes] };
    const { access } = powersOf([grant], null, await sensitivePaths(base));
    return { kind: 'machine', clientId, name, scopes, access: await sightOf(base, access) };
  }

  async function staff(...[request, reply, route]: Parameters<Guard>): Promise<Caller | undefined> {
    const found = await readStaff(request, route);
    if (!found) return undefined;
    countCall(`staff ${found.staff.id}`, reply);
    const { scopes, access } = powersOf(found.roles, found.brands, await sensitivePaths(base));
    const { id: staffId, name } = found.staff;
    return { kind: 'staff', staffId, name, scopes, access: await sightOf(base, access) };
  }

  return async (request, reply, route) => {
    const { authorization } = request.headers;
    const caller = authorization === undefined ? await staff(request, reply, route) : undefined;
    return caller ?? machine(authorization, reply);
  };
}

/** Problem `access_denied` unless the caller has one of the scopes; `unauthenticated` for machines where staff is meant. */
export function checkScopes(caller: Caller, may: May): void {
  if (may === 'staff') {
    if (caller.kind === 'staff') return;
    throw new Problem('unauthenticated', 'This is for staff who are signed in, not for machines.');
  }
  demandScope(caller, ...may);
}

/** Who finds out who calls, and who counts. */
export type GuardParts = {
  readonly readMachine: ReadMachine;
  readonly readStaff: ReadStaff;
  readonly count: ReturnType<typeof createRateLimit>;
};
