import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { toProblem } from '../../base/http.ts';
import { appPage, passkeyPage } from './add-pages.ts';
import { enrolPage } from './enrol-page.ts';
import { explain } from './explain.ts';
import { factorPage } from './factor-page.ts';
import { serveMemberPage } from './member-page.ts';
import { say, sendPage } from './pages.ts';
import { securityPage } from './security-page.ts';
import { signInPage } from './sign-in-page.ts';
import { serveSignOut } from './sign-out.ts';
import { administratorPage, forgotPage, invitationPage, resetPage, unblockPage } from './ticket-pages.ts';
import { serveVisitPage } from './visit-page.ts';

// The face of this surface.
export { sessionCookie } from './cookies.ts';

// One line adds a page: before signing in ...
const visitPages = [
  signInPage,
  factorPage,
  enrolPage,
  invitationPage,
  administratorPage,
  forgotPage,
  resetPage,
  unblockPage,
];
// ... and for who is signed in.
const memberPages = [securityPage, appPage, passkeyPage];

/** Where they are, below `/staff`. */
export const staffPaths: readonly string[] = [...visitPages, ...memberPages].map(({ path }) => path);

/** Staff's sign-in and their own pages, below `/staff`. */
export function registerStaff(app: FastifyInstance, base: Base): void {
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => {
      const problem = toProblem(base, error, request);
      const { status, headers } = explain(problem);
      reply.headers(headers);
      const back = { href: '/staff/sign-in', label: say('sign_in.title') };
      return sendPage(
        reply,
        'message',
        { title: say('error.title'), lead: problem.message, is_problem: true, back },
        status,
      );
    });
    for (const page of visitPages) serveVisitPage(scope, base, page);
    for (const page of memberPages) serveMemberPage(scope, base, page);
    serveSignOut(scope, base);
  });
}
