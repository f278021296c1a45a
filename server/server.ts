// The one list of surfaces: what the server answers, and which verbs of one surface another is given.
import type { FastifyInstance } from 'fastify';
import { libraryRules } from '../rules-library/library.ts';
import { registerAssets } from './base/assets.ts';
import type { Base } from './base/base.ts';
import { createHttp } from './base/http.ts';
import { erasures, exports } from './customer-data.ts';
import { offerLibrary } from './features/rules/rules.ts';
import { libraryCalls } from './library-calls.ts';
import { registerAccount } from './surfaces/account/account.ts';
import { registerApiDocs } from './surfaces/api-docs/api-docs.ts';
import { registerAuthentication } from './surfaces/authentication/authentication.ts';
import { registerConsole } from './surfaces/console/console.ts';
import { registerFramed } from './surfaces/console/framed.ts';
import { registerPassedPicture } from './surfaces/console/passed-picture.ts';
import { registerBrandStyles } from './surfaces/login/brand-style.ts';
import {
  createJourney,
  createNotFoundPage,
  createShowPage,
  handInLibraryCalls,
  handInOwnApi,
  registerLogin,
} from './surfaces/login/login.ts';
import {
  createOwnApi,
  ensureFirstMachine,
  ensureFirstStaff,
  ensureSystemApi,
  registerManagement,
} from './surfaces/management/management.ts';
import { registerMe } from './surfaces/me/me.ts';
import { createOidc, endSessions } from './surfaces/oidc/oidc.ts';
import { signingKeyVerbs } from './surfaces/oidc/signing-key-verbs.ts';
import { signingKeys } from './surfaces/oidc/signing-keys.ts';
import { registerStaff } from './surfaces/staff/staff.ts';
import { handInOwnServer } from './surfaces/triggers/triggers.ts';
import { registerWelcome } from './surfaces/welcome/welcome.ts';

/**
 * Puts the surfaces together; the caller listens and closes.
 *
 * @param options `consoleAtStart`: false where nobody may come for the console, and it is built only when somebody does
 */
export async function buildServer(
  base: Base,
  { consoleAtStart = true }: { consoleAtStart?: boolean | undefined } = {},
): Promise<FastifyInstance> {
  offerLibrary(base, libraryRules);
  const app = await createHttp(base, createNotFoundPage(base));
  const oidc = await createOidc(base, { journey: createJourney(base), showPage: createShowPage(base) });
  registerAssets(app);
  registerBrandStyles(app, base);
  registerWelcome(app, base);
  await oidc.register(app);
  registerLogin(app, base, oidc);
  registerAuthentication(app, base);
  registerAccount(app, base, { validateClient: oidc.validateClient, exports });
  registerConsole(app, base, { atStart: consoleAtStart });
  registerFramed(app, base);
  registerPassedPicture(app, base);
  registerStaff(app, base);
  const management = {
    endSessions,
    erasures,
    exports,
    publicKeys: async () => ({ keys: (await signingKeys(base)).map((key) => key.publicJwk) }),
    signingKeys: signingKeyVerbs(base),
    validateClient: oidc.validateClient,
  };
  await registerManagement(app, base, management);
  // Rules call the Management API inside of this process.
  handInOwnApi(base, createOwnApi({ base, ...management }));
  handInOwnServer(base, app);
  handInLibraryCalls(base, libraryCalls(base));
  registerMe(app, base);
  registerApiDocs(app, base);
  await ensureSystemApi(base);
  await ensureFirstStaff(base);
  const machine = await ensureFirstMachine(base, oidc.validateClient);
  if (machine) announce(machine);
  return app;
}

/** Straight to the terminal, once, and past the log: logs are kept and read by many. */
function announce({ client_id, client_secret }: { client_id: string; client_secret: string }): void {
  process.stdout.write(
    [
      'The first machine client, with every scope of the Management API. Its secret is shown this once:',
      `  client_id      ${client_id}`,
      `  client_secret  ${client_secret}`,
      '',
    ].join('\n'),
  );
}
