import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { multiFactorAcr } from '../../features/accounts/accounts.ts';
import { readForm } from '../login/login.ts';
import { accountPortal, callbackOf } from './account-portal.ts';
import { type AccountParts, lookOfStranger, openAccount } from './account-visit.ts';

/** To the sign-in page and back: by the protocol, as every portal does. `again`: they must prove anew who they are, `factor`: with a second factor. */
export async function sendToSignIn(
  parts: AccountParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { next, again }: { next: string; again?: 'proof' | 'factor' | undefined },
): Promise<FastifyReply> {
  const { base, check } = parts;
  const { brand, language } = (await openAccount(parts, request, reply)) ?? (await lookOfStranger(base, request));
  const portal = await accountPortal(base, brand, check);
  const query = new URLSearchParams({
    client_id: portal.client_id,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: callbackOf(base),
    state: next,
    ui_locales: language,
    ...(again ? { prompt: 'login' } : {}),
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
