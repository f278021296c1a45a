import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import type { ExportVerb } from '../../features/customers/customers.ts';
import type { PortalCheck } from '../../features/portals/portals.ts';
import { explain } from '../login/login.ts';
import { type AccountPage, serveAccountPage } from './account-page.ts';
import { type AccountParts, lookOfStranger } from './account-visit.ts';
import { activityPage } from './activity-page.ts';
import { askedPage } from './asked-page.ts';
import { dataPage } from './data-page.ts';
import { devicesPage } from './devices-page.ts';
import { emailPage, verifyPage } from './email-pages.ts';
import { erasePage, serveErasing } from './erase-page.ts';
import { factorAppPage, factorCodePage, factorsPage } from './factors-page.ts';
import { joinPage } from './join-page.ts';
import { knownPage } from './known-page.ts';
import { serveLinked } from './link-pages.ts';
import { overviewPage } from './overview-page.ts';
import { passkeyPage, passkeysPage } from './passkeys-page.ts';
import { passwordPage } from './password-page.ts';
import { phoneCodePage, phonePage } from './phone-pages.ts';
import { preferencesPage } from './preferences-page.ts';
import { serveCallback, serveEntrance } from './sign-in.ts';
import { serveSignOut } from './sign-out.ts';
import { pages, texts } from './texts.ts';
import { valuePage } from './value-page.ts';
import { waysPage } from './ways-page.ts';

export { texts };

// One line adds a page; those with an `entry` stand in the navigation, in this order.
const accountPages: readonly AccountPage[] = [
  overviewPage,
  knownPage,
  valuePage,
  askedPage,
  waysPage,
  factorsPage,
  factorAppPage,
  factorCodePage,
  passwordPage,
  emailPage,
  verifyPage,
  phonePage,
  phoneCodePage,
  joinPage,
  passkeysPage,
  passkeyPage,
  devicesPage,
  preferencesPage,
  activityPage,
  dataPage,
  erasePage,
];

/** The customer's own pages at `/account`. */
export function registerAccount(
  app: FastifyInstance,
  base: Base,
  { validateClient, exports }: { readonly validateClient: PortalCheck; readonly exports: readonly ExportVerb[] },
): void {
  const parts: AccountParts = { base, check: validateClient, places: accountPages, exports };
  app.register(async (scope) => {
    scope.setErrorHandler(async (error, request, reply) => {
      const { dress, language, say } = await lookOfStranger(base, request);
      const { text, status, headers } = explain(toProblem(base, error, request), say);
      reply.headers(headers);
      return pages.send(
        reply,
        'message',
        { title: say('error.title'), lead: text, problem: true },
        { dress, language, status },
      );
    });
    for (const page of accountPages) serveAccountPage(scope, parts, page);
    serveLinked(scope, parts);
    serveCallback(scope, parts);
    serveEntrance(scope, parts);
    serveSignOut(scope, parts);
    serveErasing(scope, parts);
    // What is nowhere is told in the clothes of the account, with the way back to it.
    scope.get('/account/*', async () => {
      throw new Problem('not_found');
    });
  });
}
