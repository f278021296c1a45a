import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { machineAttributes } from '../../features/portals/portals.ts';
import { powersOf } from '../../features/staff/staff.ts';
import { invalidToken, type ReadMachine } from './access-token.ts';
import { type Caller, demandScope } from './caller.ts';
import type { ReadStaff } from './console-cookie.ts';
import { managementAudience } from './management-audience.ts';
import type { createRateLimit } from './rate-limit.ts';
import type { May } from './route.ts';
import { sensitivePaths } from './sensitive-paths.ts';

/** Lets a request pass with its caller, or refuses it. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, may: May) => Promise<Caller>;

/**
 * The guard of every operation: a good token, or the cookie of one of the staff (401), not too many calls (429), one of
 * the scopes (403). Whether the client is still there and open, and which attributes its grant names, or whether the
 * session is alive and with which roles, is read each time.
 */
export function createGuard(
  base: Pick<Base, 'config' | 'db' | 'settings'>,
  { readMachine, readStaff, count }: GuardParts,
): Guard {
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
    const attributes = await machineAttributes(base.db, clientId, managementAudience(base));
    if (!attributes) throw invalidToken('Invalid token');
    const grant = { ...attributes, scopes: [...scopes], brands: null };
    return { kind: 'machine', clientId, ...powersOf([grant], null, await sensitivePaths(base)) };
  }

  async function staff(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined> {
    const found = await readStaff(request);
    if (!found) return undefined;
    countCall(`staff ${found.staff.id}`, reply);
    const powers = powersOf(found.roles, found.brands, await sensitivePaths(base));
    return { kind: 'staff', staffId: found.staff.id, name: found.staff.name, ...powers };
  }

  return async (request, reply, may) => {
    const { authorization } = request.headers;
    const caller =
      (authorization === undefined ? await staff(request, reply) : undefined) ?? (await machine(authorization, reply));
    if (may === 'staff') {
      if (caller.kind === 'staff') return caller;
      throw new Problem('unauthenticated', 'This is for staff who are signed in, not for machines.');
    }
    demandScope(caller, ...may);
    return caller;
  };
}

/** Who finds out who calls, and who counts. */
export type GuardParts = {
  readonly readMachine: ReadMachine;
  readonly readStaff: ReadStaff;
  readonly count: ReturnType<typeof createRateLimit>;
};
