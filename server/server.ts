// The one list of surfaces: what the server answers, and which verbs of one surface another is given.
import type { FastifyInstance } from 'fastify';
import { registerAssets } from './base/assets.ts';
import type { Base } from './base/base.ts';
import { createHttp } from './base/http.ts';
import { registerAccount } from './surfaces/account/account.ts';
import { registerBrandStyles } from './surfaces/login/brand-style.ts';
import { createJourney } from './surfaces/login/journey.ts';
import { registerLogin } from './surfaces/login/login.ts';
import { registerManagement } from './surfaces/management/management.ts';
import { createOidc } from './surfaces/oidc/oidc.ts';
import { registerWelcome } from './surfaces/welcome/welcome.ts';

/** Puts the surfaces together; the caller listens and closes. */
export async function buildServer(base: Base): Promise<FastifyInstance> {
  const app = await createHttp(base);
  const oidc = await createOidc(base, { journey: createJourney(base) });
  registerAssets(app);
  registerBrandStyles(app, base);
  registerWelcome(app, base);
  oidc.register(app);
  registerLogin(app, base, oidc);
  registerAccount(app, base, oidc);
  await registerManagement(app, base, oidc);
  return app;
}
