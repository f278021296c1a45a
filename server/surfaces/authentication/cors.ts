import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Portal } from '../../features/portals/portals.ts';
import { originsOf } from '../oidc/oidc.ts';

const exposed = 'x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after';

/**
 * Answers preflights, which do not say whose they are: to any origin, without cookies. What a browser may read is
 * decided with the answer itself (`allowOrigin`).
 */
export function openToPortals(scope: FastifyInstance, paths: readonly string[]): void {
  for (const path of paths) {
    scope.options(path, async (request, reply) => {
      const { origin, 'access-control-request-headers': headers } = request.headers;
      if (origin !== undefined) {
        reply.headers({
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET, POST, DELETE',
          'access-control-max-age': '3600',
          ...(headers !== undefined && { 'access-control-allow-headers': headers }),
        });
      }
      return reply.header('vary', 'origin').code(204).send();
    });
  }
}

/** Lets the page of one of the portal's own origins read the answer, also where it is a refusal. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, portal: Portal): void {
  const { origin } = request.headers;
  reply.header('vary', 'origin');
  if (origin === undefined || !originsOf(portal).has(origin)) return;
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed });
}
