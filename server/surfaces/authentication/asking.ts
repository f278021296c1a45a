import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { pickLanguage } from '../../base/languages.ts';
import type { Asked } from '../../features/accounts/accounts.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { type Portal, portalIsEnabled, portal as portalOf, secretMatches } from '../../features/portals/portals.ts';
import { userAgentOf } from '../login/login.ts';
import { allowOrigin } from './cors.ts';

/** The portal that asks, and the circumstances. */
export type Asking = { readonly portal: Portal; readonly asked: Asked };

/**
 * The portal of a `client_id`; its pages may read whatever is answered.
 *
 * @throws Problem unauthenticated when it is not there or closed, access_denied when nobody signs in there
 */
export async function portalAsking(
  base: Base,
  request: FastifyRequest,
  reply: FastifyReply,
  clientId: string,
): Promise<Asking> {
  const portal = await portalOf(base, clientId);
  if (!portal || !(await portalIsEnabled(base.db, clientId))) throw new Problem('unauthenticated', 'Unauthorized');
  allowOrigin(request, reply, portal);
  const brand = portal.brand ? await cachedBrand(base, portal.brand) : undefined;
  if (!brand) throw new Problem('access_denied', 'This portal has no brand, so nobody signs in there.');
  const { 'x-request-language': wished, 'accept-language': accepted } = request.headers;
  const language = pickLanguage([[wished].flat()[0], accepted], brand.default_language);
  return { portal, asked: { brand, language, ip: request.ip, portal: clientId, userAgent: userAgentOf(request) } };
}

/**
 * Is it the portal itself? One that can keep a secret must show it.
 *
 * @throws Problem unauthenticated
 */
export function checkSecret(base: Base, { portal }: Asking, secret: string | undefined): void {
  if (portal.settings.token_endpoint_auth_method === 'none') return;
  if (secret !== undefined && secretMatches(portal, secret, base.vault)) return;
  throw new Problem('unauthenticated', 'Unauthorized');
}
