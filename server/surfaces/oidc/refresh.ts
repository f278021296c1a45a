import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { inSeconds } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { exchangeOf } from './exchange.ts';
import type { Journey } from './journey-port.ts';
import { refreshLimits } from './lifetimes.ts';

const worthWritingMs = 60_000;

/**
 * Called by the engine when a refresh token is found good and nothing is consumed yet: the journey has its say. Then
 * tells whether the token is to be replaced by a new one; one that is not gets its idle time anew.
 *
 * @throws what the journey answers, e.g. `invalid_grant`
 */
export async function mayUseRefreshToken(journey: Journey, ctx: KoaContextWithOIDC): Promise<boolean> {
  const exchange = exchangeOf(ctx);
  const { request, portal, customer, signIn } = exchange;
  const token = ctx.oidc.entities.RefreshToken;
  if (!portal || !customer || !signIn || !token) throw new errors.InvalidGrant('refresh token without its sign-in');
  const scope = [...(ctx.oidc.params?.scope ? ctx.oidc.requestParamScopes : token.scopes)];
  const signedInAt = token.authTime === undefined ? signIn.at : new Date(token.authTime * 1000);
  const answer = await journey.onRefresh({ request, portal, customer, signIn, signedInAt, scope });
  if ('error' in answer) throw new errors.CustomOIDCProviderError(answer.error, answer.description);
  if (answer.go.decided) exchange.decided = answer.go.decided;
  if (portal.settings.refresh_token.rotation_type === 'rotating') return true;

  exchange.keepsRefreshToken = true;
  const { idle, absolute } = refreshLimits(portal);
  const end = ((token.iiat ?? token.iat) + absolute) * 1000;
  const expiresAt = new Date(Math.min(inSeconds(idle).getTime(), end));
  const gained = expiresAt.getTime() - (token.exp ?? 0) * 1000;
  // Not worth a write when it was put off a moment ago.
  if (gained > worthWritingMs) exchange.writes.prolonged.push({ token: tokenHash(token.jti), expiresAt });
  return false;
}
