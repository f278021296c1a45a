import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { openToPortals } from '../authentication/authentication.ts';
import { createRateLimit, type defaultRate, toApiError } from '../management/management.ts';
import { serveQuestion } from './question.ts';

const paths = ['/api/v2/me/question', '/api/v2/me/question/:id/answer'];
// A page asks once when it is shown and once when it is answered.
const rate: typeof defaultRate = { burst: 60, perSecond: 1 };

/** What a customer's own access token opens of `/api/v2`: what they are asked. Errors in the shape of the rest of it. */
export function registerMe(app: FastifyInstance, base: Base): void {
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => {
      const shown = toApiError(base, error, request);
      return reply.code(shown.statusCode).send(shown);
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    openToPortals(scope, paths);
    serveQuestion(scope, base, createRateLimit(rate));
  });
}
