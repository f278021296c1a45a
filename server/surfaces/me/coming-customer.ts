import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { bearerOf, portalAsking } from '../authentication/authentication.ts';
import { type Coming, userAgentOf } from '../login/login.ts';
import type { createRateLimit } from '../management/management.ts';
import { type OwnScope, readOwnAccess } from '../oidc/oidc.ts';

/** Counts the calls of one customer. */
export type Count = ReturnType<typeof createRateLimit>;

/**
 * The customer whose access token it is, at the portal that holds it; its pages may read whatever is answered.
 *
 * @throws Problem `unauthenticated`; `access_denied` when the token was not given this scope; `too_many_attempts`
 */
export async function comingCustomer(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  { count, may }: { readonly count: Count; readonly may: OwnScope },
): Promise<{ customer: Customer; coming: Coming }> {
  const access = await readOwnAccess(base, bearerOf(request));
  if (!access) throw new Problem('unauthenticated', 'Invalid token', { errorCode: 'invalid_token' });
  const { customer, clientId, scopes } = access;
  const { portal, asked } = await portalAsking(base, request, reply, clientId);
  countCall(count, customer, reply);
  if (!scopes.has(may)) {
    throw new Problem('access_denied', `Insufficient scope, expected: ${may}`, { errorCode: 'insufficient_scope' });
  }
  const { brand, language, ip } = asked;
  return { customer, coming: { portal, brand, language, ip, userAgent: userAgentOf(request), at: now() } };
}

function countCall(count: Count, { id }: Customer, reply: FastifyReply): void {
  const left = count(id, now());
  reply.headers({
    'x-ratelimit-limit': left.limit,
    'x-ratelimit-remaining': left.remaining,
    'x-ratelimit-reset': left.reset,
  });
  if (left.allowed) return;
  reply.header('retry-after', left.retryAfter);
  throw new Problem('too_many_attempts', 'Too many calls. Wait a moment and try again.');
}
