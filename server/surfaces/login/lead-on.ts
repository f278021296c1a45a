import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { portal as cachedPortal } from '../../features/portals/portals.ts';
import { sessionOf } from '../oidc/oidc.ts';
import { lastLook } from './browser-cookies.ts';
import { type Belongs, brandOfPortal, roomOf, sendMessage } from './room.ts';

/**
 * Who goes back in their browser comes to a page whose flow is over, and nothing went wrong: who is signed in is told so,
 * with the ways on.
 *
 * @returns false, and nothing is sent, when nobody is signed in in this browser
 */
export async function leadOn(base: Base, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const session = await sessionOf(base, request);
  if (!session) return false;
  const room = await roomOf(request, reply, await whereTheyWere(base, request, Object.keys(session.portals)));
  reply.header('cache-control', 'no-store');
  const account = { href: '/account', label: room.say('over.account') };
  const home = room.home ? { href: room.home, label: room.say('error.back') } : undefined;
  sendMessage(room, { key: 'over.signed_in', link: home ?? account, also: home && account });
  return true;
}

/** The brand where they signed in last, and its portal if there is but one that they went to. */
async function whereTheyWere(base: Base, request: FastifyRequest, clientIds: readonly string[]): Promise<Belongs> {
  const { slug, language } = lastLook(base.config, request);
  const brand = slug === undefined ? undefined : await brandBySlug(base.db, slug);
  if (!brand) return brandOfPortal(base, request, undefined);
  const known = await Promise.all(clientIds.map((one) => cachedPortal(base, one)));
  const [portal, ...others] = known.filter((one) => one?.brand === brand.id && !one.is_account);
  return { brand, portal: others.length === 0 ? portal : undefined, uiLocales: language };
}
