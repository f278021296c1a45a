import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { compactVerify, createLocalJWKSet, decodeJwt, errors } from 'jose';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { sameSecret } from '../../base/crypto.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { toProblem } from '../../base/http.ts';
import { readSetting } from '../../base/settings.ts';
import { portal as findPortal, type Portal } from '../../features/portals/portals.ts';
import { endSession } from './end-sessions.ts';
import { type LastSignIn, networkExit, readWayBack, wayBackPath } from './network-exit.ts';
import type { ShowPage } from './page-port.ts';
import { noteSignOut } from './protocol-log.ts';
import { type BrowserSession, forgetSession, sessionOf } from './sessions.ts';
import { signingKeys } from './signing-keys.ts';
import { readBody } from './token-request.ts';

/** Addresses that `/v2/logout` may return to when no portal is named: a setting of the umbrella. */
export const logoutUrlsSetting = 'allowed_logout_urls';

const hintClaims = z.object({ sub: z.string(), aud: z.string(), sid: z.string().optional() });

/** Auth0's `/v2/logout`, and RP-initiated logout (OpenID Connect) at `/oidc/logout`. */
export async function logoutRoutes(
  app: FastifyInstance,
  { base, showPage }: { base: Base; showPage: ShowPage },
): Promise<void> {
  app.setErrorHandler(async (error, request, reply) => {
    const { code, message, status } = toProblem(base, error, request);
    const model = { error: code, error_description: message, id: request.id };
    return showPage(request, reply, { name: 'error', model, status });
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  async function end(request: FastifyRequest, reply: FastifyReply, session: BrowserSession | undefined) {
    forgetSession(base, reply);
    if (!session) return undefined;
    return transact(base.db, async (tx) => {
      const last = await noteSignOut(base, tx, request, session.uid);
      await endSession(tx, { uid: session.uid });
      return last;
    });
  }

  // A HEAD only looks; signing out is an act.
  const acts = { exposeHeadRoute: false };
  app.get('/v2/logout', acts, async (request, reply) => {
    const { client_id, returnTo, federated } = readParams(request);
    const target = await checkReturnTo(base, client_id, returnTo);
    const last = await end(request, reply, await sessionOf(base, request));
    const exit = federated === undefined ? undefined : await networkExit(base, last, { client_id, address: target });
    if (exit) return reply.redirect(exit.url, 302);
    return target === undefined ? reply.type('text/plain').send('OK') : reply.redirect(target, 302);
  });

  // Signed out at the network, too. Where to go on was checked before; the portal may have changed its mind since.
  app.get(wayBackPath, acts, async (request, reply) => {
    const { address, ...way } = readWayBack(base, readParams(request).state) ?? {};
    const target = await checkReturnTo(base, way.client_id, address);
    if (target !== undefined) return reply.redirect(withState(target, way.state), 302);
    return showPage(request, reply, page('signed-out', {}, way, await clientOf(base, way.client_id)));
  });

  const oidcLogout = async (request: FastifyRequest, reply: FastifyReply) => {
    const params = readParams(request);
    const session = await sessionOf(base, request);
    if (request.method === 'POST' && params.logout_token !== undefined) {
      checkConfirmation(base, request, session, params.logout_token);
      const last = params.logout === 'yes' ? await end(request, reply, session) : undefined;
      return goOn(request, reply, params, { portal: await clientOf(base, params.client_id), last });
    }
    const { portal, isOwn } = await readHint(base, params, session);
    checkAddress(portal, params.post_logout_redirect_uri);
    if (!session || isOwn) {
      return goOn(request, reply, params, { portal, last: await end(request, reply, session) });
    }
    return askFirst(request, reply, params, portal, session);
  };
  app.get('/oidc/logout', acts, oidcLogout);
  app.post('/oidc/logout', oidcLogout);

  async function goOn(
    request: FastifyRequest,
    reply: FastifyReply,
    params: Params,
    { portal, last }: { portal: Portal | undefined; last: LastSignIn | undefined },
  ) {
    const { post_logout_redirect_uri, state, ui_locales, federated } = params;
    const address = checkAddress(portal, post_logout_redirect_uri);
    const way = { client_id: portal?.client_id, address, state, ui_locales };
    const exit = federated === undefined ? undefined : await networkExit(base, last, way);
    // A form of ours ends at our own origin and the portal's alone: on to a network goes a page, not a redirect.
    if (exit && request.method === 'POST') return showPage(request, reply, page('travel', exit, params, portal));
    if (exit) return reply.redirect(exit.url, 302);
    if (address === undefined) return showPage(request, reply, page('signed-out', {}, params, portal));
    return reply.redirect(withState(address, state), 302);
  }

  /** Nothing proves that it is the customer's own wish: they are asked. */
  function askFirst(
    request: FastifyRequest,
    reply: FastifyReply,
    params: Params,
    portal: Portal | undefined,
    session: BrowserSession,
  ) {
    const { post_logout_redirect_uri, state, federated } = params;
    const fields = { client_id: portal?.client_id, post_logout_redirect_uri, state, federated };
    const model = { action: '/oidc/logout', token: confirmationToken(base, session), fields };
    return showPage(request, reply, page('logout', model, params, portal));
  }
}

type Params = Readonly<Record<string, string | undefined>>;

function readParams(request: FastifyRequest): Params {
  const { query } = request;
  const raw = request.method === 'POST' ? readBody(request) : { ...(typeof query === 'object' ? query : {}) };
  return Object.fromEntries(
    Object.entries(raw).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function page(
  name: 'logout' | 'signed-out' | 'travel',
  model: Readonly<Record<string, unknown>>,
  params: Params,
  portal?: Portal,
) {
  return { name, model, status: 200, clientId: portal?.client_id, uiLocales: params.ui_locales };
}

function withState(address: string, state: string | undefined): string {
  if (state === undefined) return address;
  const target = new URL(address);
  target.searchParams.set('state', state);
  return target.href;
}

async function clientOf(base: Base, clientId: string | undefined): Promise<Portal | undefined> {
  if (clientId === undefined) return undefined;
  const portal = await findPortal(base, clientId);
  if (!portal) throw new Problem('invalid_query', 'Unknown client: the site that sent you here is not known.');
  return portal;
}

async function checkReturnTo(base: Base, clientId: string | undefined, returnTo: string | undefined) {
  const portal = await clientOf(base, clientId);
  if (returnTo === undefined) return undefined;
  const allowed = portal ? portal.settings.allowed_logout_urls : await umbrellaLogoutUrls(base);
  if (allowed.includes(returnTo)) return returnTo;
  throw new Problem(
    'invalid_query',
    'The "returnTo" address is not in the list of allowed logout URLs, so you cannot be sent there.',
  );
}

function umbrellaLogoutUrls(base: Base): Promise<readonly string[]> {
  return base.settings.remember(logoutUrlsSetting, async () => {
    const stored = z.array(z.string()).safeParse(await readSetting(base.db, logoutUrlsSetting));
    return stored.success ? stored.data : [];
  });
}

function checkAddress(portal: Portal | undefined, address: string | undefined): string | undefined {
  if (address === undefined || !portal) return undefined;
  if (portal.settings.allowed_logout_urls.includes(address)) return address;
  throw new Problem(
    'invalid_query',
    'The "post_logout_redirect_uri" is not in the list of allowed logout URLs, so you cannot be sent there.',
  );
}

/** Whose portal asks, and whether its hint proves that it is about the session of this browser. */
async function readHint(
  base: Base,
  params: Params,
  session: BrowserSession | undefined,
): Promise<{ portal: Portal | undefined; isOwn: boolean }> {
  const { client_id: clientId, id_token_hint: hint, logout_hint: sid } = params;
  if (hint === undefined) {
    const portal = await clientOf(base, clientId);
    const knowsSid = portal !== undefined && sid !== undefined && session?.portals[portal.client_id] === sid;
    return { portal, isOwn: knowsSid };
  }
  const claims = await verifyHint(base, hint);
  // Signed by a key that is gone since, say: it proves nothing, so the customer is asked.
  if (!claims && clientId !== undefined) return { portal: await clientOf(base, clientId), isOwn: false };
  if (!claims || (clientId !== undefined && clientId !== claims.aud)) {
    throw new Problem('invalid_query', 'The "id_token_hint" is not one of our ID tokens for this site.');
  }
  return { portal: await clientOf(base, claims.aud), isOwn: session?.userId === claims.sub };
}

/** An ID token of ours, expired or not: it proves that the portal once got it. */
async function verifyHint(base: Base, hint: string): Promise<z.infer<typeof hintClaims> | undefined> {
  const keys = await signingKeys(base);
  try {
    await compactVerify(hint, createLocalJWKSet({ keys: keys.map((key) => key.publicJwk) }), { algorithms: ['RS256'] });
    const payload = decodeJwt(hint);
    const claims = hintClaims.safeParse(payload);
    return claims.success && payload.iss === base.config.issuer ? claims.data : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function confirmationToken(base: Base, session: BrowserSession): string {
  return createHmac('sha256', base.vault.derive('logout')[0]).update(session.uid).digest('base64url');
}

function checkConfirmation(
  base: Base,
  request: FastifyRequest,
  session: BrowserSession | undefined,
  token: string,
): void {
  const own = request.headers.origin === base.config.url;
  if (!own || (session && !sameSecret(token, confirmationToken(base, session)))) throw new Problem('origin_refused');
}
