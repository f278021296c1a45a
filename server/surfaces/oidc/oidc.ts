import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { beginFlow } from './begin-flow.ts';
import { browserRoutes } from './browser-routes.ts';
import { toClientMetadata } from './client-metadata.ts';
import { discoveryRoutes } from './discovery.ts';
import { createEngines } from './engines.ts';
import type { Flow } from './flow.ts';
import type { Journey } from './journey-port.ts';
import { logoutRoutes } from './logout.ts';
import type { ShowPage } from './page-port.ts';
import { ensureSigningKeys } from './signing-keys.ts';
import { tokenRoutes } from './token-routes.ts';
import { userinfoRoutes } from './userinfo.ts';

export { isScope } from './claims.ts';
export { originsOf } from './client-metadata.ts';
export type { AskedFactor, Decided } from './decided.ts';
export { endGrants, endSession, endSessions, endSignIn, sessionOfSignIn } from './end-sessions.ts';
export { toOAuthError } from './errors.ts';
export type { Flow, FlowOutcome } from './flow.ts';
export { checkForm, finishFlow, flowResult, formToken, openFlow, saveFlow } from './flows.ts';
export type { PortalParams, RefreshTokenNow, Wanted } from './journey-port.ts';
export { endLasting, lastingGrantsOf } from './lasting-grants.ts';
// The face of this surface: what other surfaces may use of its files.
export { logoutUrlsSetting } from './logout.ts';
export { type MfaScope, readMfaAccess } from './mfa-access.ts';
export { type OwnScope, readOwnAccess } from './own-access.ts';
export { uidToBe } from './session-to-be.ts';
export {
  type BrowserSession,
  forgetSession,
  isSessionAlive,
  type KnownSession,
  openedSession,
  sessionByUid,
  sessionEnds,
  sessionOf,
  sessionsOf,
} from './sessions.ts';
export { type SignIn, signInPart, writeSignIn } from './sign-ins.ts';

/** The protocol: oidc-provider behind Fastify, speaking Auth0's dialect. */
export type Oidc = {
  /** Adds the routes to the server. */
  register(app: FastifyInstance): Promise<void>;
  /**
   * Would the engine take this portal as a client? Ask before a portal is written.
   *
   * @throws Problem `invalid_body`
   */
  validateClient(portal: Portal): Promise<void>;
  /**
   * Begins a flow for the browser of a request, as if its portal had sent it to `/authorize`.
   *
   * @throws Problem `flow_expired` when the engine refuses it
   */
  beginFlow(request: FastifyRequest, reply: FastifyReply, params: Record<string, string>): Promise<Flow>;
};

/** What the protocol is handed in: who may come in, and how a page looks. */
export type OidcParts = { readonly journey: Journey; readonly showPage: ShowPage };

/** Opens the protocol on a migrated database; makes signing keys at the first start. */
export async function createOidc(base: Base, { journey, showPage }: OidcParts): Promise<Oidc> {
  await ensureSigningKeys(base);
  const engines = createEngines(base, journey);
  return {
    async register(app) {
      await app.register(discoveryRoutes, { base });
      await app.register(tokenRoutes, { base, engines });
      await app.register(userinfoRoutes, { base, engines });
      await app.register(browserRoutes, { base, engines, showPage });
      await app.register(logoutRoutes, { base, showPage });
    },
    beginFlow: (request, reply, params) => beginFlow(base, engines, request, reply, params),
    async validateClient(portal) {
      const { provider } = await engines.current();
      try {
        await provider.Client.validate(toClientMetadata(portal));
      } catch (error) {
        if (!(error instanceof errors.InvalidClientMetadata)) throw error;
        throw new Problem('invalid_body', explain(error.error_description ?? error.message));
      }
    },
  };
}

/** The engine's words with the portal's names of things. */
function explain(description: string): string {
  const names: Record<string, string> = {
    post_logout_redirect_uris: 'allowed_logout_urls',
    redirect_uris: 'callbacks',
    backchannel_logout_uri: 'oidc_logout.backchannel_logout_urls',
    application_type: 'app_type',
  };
  return Object.entries(names).reduce((text, [engine, own]) => text.replaceAll(engine, own), description);
}
