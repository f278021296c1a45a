import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { toProblem } from '../../base/http.ts';
import { explain } from './explain.ts';
import { say, sendPage } from './pages.ts';
import { signInPage } from './sign-in-page.ts';
import { serveSignOut } from './sign-out.ts';
import { serveVisitPage } from './visit-page.ts';

// The face of this surface.
export { sessionCookie } from './cookies.ts';

/** Staff's sign-in and their own pages, below `/staff`. */
export function registerStaff(app: FastifyInstance, base: Base): void {
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => {
      const problem = toProblem(base, error, request);
      const { status, headers } = explain(problem);
      reply.headers(headers);
      return sendPage(reply, 'message', { title: say('error.title'), lead: problem.message, is_problem: true }, status);
    });
    serveVisitPage(scope, base, signInPage);
    serveSignOut(scope, base);
  });
}
