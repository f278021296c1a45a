import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import { toOAuthError } from '../oidc/oidc.ts';
import { openToPortals } from './cors.ts';
import { serveMfaAssociate } from './mfa-associate.ts';
import { serveMfaAuthenticators } from './mfa-authenticators.ts';
import { serveMfaChallenge } from './mfa-challenge.ts';
import { servePasswordChange } from './password-change.ts';
import { servePasswordless } from './passwordless.ts';
import { serveSignUp } from './sign-up.ts';

// The face of this surface: what the rest of a customer's own API may use of its files.
export { portalAsking } from './asking.ts';
export { openToPortals } from './cors.ts';
export { bearerOf } from './mfa-bearer.ts';

const paths = [
  '/passwordless/start',
  '/dbconnections/signup',
  '/dbconnections/change_password',
  '/mfa/challenge',
  '/mfa/associate',
  '/mfa/authenticators',
  '/mfa/authenticators/:id',
];

/**
 * Auth0's Authentication API beyond the protocol: a portal's own forms for mailed codes and links, signing up, a
 * forgotten password, and second factors. JSON or forms in; errors in OAuth's shape where Auth0 has no other.
 */
export function registerAuthentication(app: FastifyInstance, base: Base): void {
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => {
      const problem = toProblem(base, error, request);
      const told = { status: problem.status, error: problem.code, error_description: problem.message };
      const { status, headers = {}, ...body } = isProblem(problem) ? toOAuthError(problem) : { ...told, headers: {} };
      return reply.code(status).headers(headers).send(body);
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    openToPortals(scope, paths);
    servePasswordless(scope, base);
    serveSignUp(scope, base);
    servePasswordChange(scope, base);
    serveMfaChallenge(scope, base);
    serveMfaAssociate(scope, base);
    serveMfaAuthenticators(scope, base);
  });
}
