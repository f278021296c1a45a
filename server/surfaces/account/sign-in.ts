import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../base/errors.ts';
import { pickLanguage } from '../../base/languages.ts';
import { multiFactorAcr } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { readForm } from '../login/login.ts';
import { accountPortal, callbackOf } from './account-portal.ts';
import { type AccountParts, type Look, lookOfStranger, openAccount } from './account-visit.ts';

/** To the sign-in page and back: by the protocol, as every portal does. `again`: they must prove anew who they are, `factor`: with a second factor. */
export async function sendToSignIn(
  parts: AccountParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { next, again }: { next: string; again?: 'proof' | 'factor' | undefined },
): Promise<FastifyReply> {
  const look = (await openAccount(parts, request, reply)) ?? (await lookOfStranger(parts.base, request));
  return signInAt(parts, reply, look, { next, again });
}

/**
 * `/account/enter?brand=<slug>&connection=<name>`: to the sign-in of one brand, if wanted by one connection, whoever is
 * signed in. By this door staff try what they have set up; it ends at the account page, so no portal has to play along.
 */
export function serveEntrance(app: FastifyInstance, parts: AccountParts): void {
  app.get('/account/enter', async (request, reply) => {
    const { brand: slug = '', connection } = readForm(request.query);
    const brand = await brandBySlug(parts.base.db, slug);
    if (!brand) throw new Problem('not_found');
    const language = pickLanguage([request.headers['accept-language']], brand.default_language);
    return signInAt(parts, reply, { brand, language }, { next: '', again: 'proof', connection });
  });
}

async function signInAt(
  { base, check }: AccountParts,
  reply: FastifyReply,
  { brand, language }: Pick<Look, 'brand' | 'language'>,
  { next, again, connection }: { next: string; again: 'proof' | 'factor' | undefined; connection?: string | undefined },
): Promise<FastifyReply> {
  const portal = await accountPortal(base, brand, check);
  const query = new URLSearchParams({
    client_id: portal.client_id,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: callbackOf(base),
    state: next,
    ui_locales: language,
    ...(again ? { prompt: 'login' } : {}),
    ...(connection ? { connection } : {}),
    ...(again === 'factor' ? { acr_values: multiFactorAcr } : {}),
  });
  return reply.header('cache-control', 'no-store').redirect(`/authorize?${query}`, 303);
}

/**
 * Back from signing in, to the page of the account that was asked for; nothing else is gone to. The session is all
 * these pages need: the code is left to expire.
 */
export function serveCallback(app: FastifyInstance, { places }: Pick<AccountParts, 'places'>): void {
  app.get('/account/callback', async (request, reply) => {
    const { state, error } = readForm(request.query);
    const [asked, query] = (state ?? '').split('?', 2);
    const place = places.find(({ path }) => path === asked)?.path;
    // Without a session the account page would begin anew, for ever.
    if (error !== undefined) return reply.redirect('/account/signed-out', 303);
    const search = place === undefined || query === undefined ? '' : `?${new URLSearchParams(query)}`;
    return reply.redirect(`/account${place ?? ''}${search}`, 303);
  });
}
