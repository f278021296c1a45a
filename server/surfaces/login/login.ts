import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { NotFoundPage } from '../../base/http.ts';
import { awayPage, serveContinue } from './away-page.ts';
import { choosePage, conflictPage } from './conflict-pages.ts';
import { serveConsentLinks } from './consent-link-pages.ts';
import { consentPage } from './consent-page.ts';
import { continuePage } from './continue-page.ts';
import { demandedPage } from './demanded-page.ts';
import { enrolAppPage, enrolCodePage, enrolPage, recoveryCodesPage } from './enrol-pages.ts';
import { sendError } from './error-page.ts';
import { factorPage } from './factor-page.ts';
import { firstWayPage } from './first-way-page.ts';
import { serveFlowPage } from './flow-page.ts';
import { forgotPage, forgotSentPage } from './forgot-page.ts';
import { keepPage, leftPage } from './keep-pages.ts';
import { loginPage } from './login-page.ts';
import { codePage, signUpPage, verifyPage } from './mailed-code-pages.ts';
import { serveNetworkCallback } from './network-callback.ts';
import { connectPage } from './network-page.ts';
import { questionPage } from './question-page.ts';
import { type BeginFlow, serveSignInLink } from './sign-in-link-page.ts';
import { textCodePage } from './text-code-page.ts';
import { serveTicketPages } from './ticket-pages.ts';

// The face of this surface: what the server and the account pages may use of its files.
export { postConfirmation } from './answering.ts';
export { previewBrand } from './brand-preview.ts';
export { dressOf } from './brand-style.ts';
export { lastLook, userAgentOf } from './browser-cookies.ts';
export { createJourney } from './create-journey.ts';
export { type Answered, answerEmbedded } from './embedded-answer.ts';
export { embeddedQuestion } from './embedded-question.ts';
export { isWanted } from './factor.ts';
export { badField, credentialField, emailField, type Form, passwordField, readForm, textField } from './form.ts';
export {
  beginJoiningPasskey,
  joinOther,
  lookAtJoining,
  type OtherFactors,
  type Owner,
  sendJoiningCode,
} from './join-accounts.ts';
export { beginLink, finishLink } from './link-network.ts';
export { keepBegun, type MfaSignIn, readMfaSignIn } from './mfa-sign-in.ts';
export { readNetworkState } from './network-attempt.ts';
export { takeNote } from './network-notes.ts';
export { offerOf, offersPasskeys } from './portal-connections.ts';
export { explain } from './problem-text.ts';
export { createShowPage } from './protocol-pages.ts';
export { previewQuestion } from './question-preview.ts';
export { type Trial, tryQuestions } from './question-trial.ts';
export { lastSignInOf } from './records.ts';
export { type Kept, readKept } from './rules/kept.ts';
export { handInLibraryCalls, type LibraryCalls } from './rules/library-calls.ts';
export { handInOwnApi, type OwnApi } from './rules/own-api.ts';
export { readReach, writeReach } from './rules/reach.ts';
export type { Recorded } from './rules/recorded.ts';
export { eventToTry, exampleRecorded, inputOfRules } from './rules/try-input.ts';
export { wireOfPages } from './rules/wire.ts';
export { challengeable, enrollable, isAnotherPhone } from './second-ways.ts';
export { texts } from './texts.ts';
export { askedBy, type Coming, type Visit } from './visit.ts';

const flowPages = [
  loginPage,
  signUpPage,
  codePage,
  textCodePage,
  verifyPage,
  firstWayPage,
  forgotPage,
  forgotSentPage,
  connectPage,
  conflictPage,
  choosePage,
  continuePage,
  factorPage,
  enrolPage,
  enrolAppPage,
  enrolCodePage,
  recoveryCodesPage,
  consentPage,
  questionPage,
  demandedPage,
  keepPage,
  leftPage,
  awayPage,
];

/** The page for addresses where nothing is. */
export function createNotFoundPage(base: Base): NotFoundPage {
  return (request, reply) => sendError(base, new Problem('not_found'), request, reply);
}

/** The hosted pages: `/u/<flow>/<step>`, `/u/<link>?ticket=`, `/login/callback`. */
export function registerLogin(app: FastifyInstance, base: Base, { beginFlow }: { beginFlow: BeginFlow }): void {
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => sendError(base, error, request, reply));
    for (const page of flowPages) serveFlowPage(scope, base, page);
    serveNetworkCallback(scope, base);
    serveContinue(scope, base);
    serveTicketPages(scope, base);
    serveConsentLinks(scope, base);
    serveSignInLink(scope, base, beginFlow);
    // Where Auth0's pages are; what stands in `state` there is our flow.
    scope.get<{ Querystring: { state?: unknown } }>('/u/login', async (request, reply) => {
      const { state } = request.query;
      const flow = typeof state === 'string' && /^[\w-]{1,64}$/.test(state) ? state : 'none';
      return reply.redirect(`/u/${flow}/login`, 302);
    });
  });
}
