import { errors, type KoaContextWithOIDC, type RefreshToken } from 'oidc-provider';
import { inSeconds } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { toAudience } from './audience.ts';
import { exchangeOf } from './exchange.ts';
import type { Journey, RefreshTokenNow } from './journey-port.ts';
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
  const answer = await journey.onRefresh({
    request,
    portal,
    customer,
    signIn,
    signedInAt,
    scope,
    token: tokenNow(token, portal),
  });
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

function tokenNow({ iiat, iat, exp, resource = [], scopes }: RefreshToken, portal: Portal): RefreshTokenNow {
  const at = (seconds: number) => new Date(seconds * 1000);
  const { rotation_type, infinite_token_lifetime, infinite_idle_token_lifetime } = portal.settings.refresh_token;
  const first = iiat ?? iat;
  return {
    createdAt: at(first),
    exchangedAt: iat > first ? at(iat) : undefined,
    idleEndsAt: infinite_idle_token_lifetime || exp === undefined ? undefined : at(exp),
    endsAt: infinite_token_lifetime ? undefined : at(first + refreshLimits(portal).absolute),
    isRotating: rotation_type === 'rotating',
    audiences: [resource].flat().map(toAudience),
    scopes: [...scopes],
  };
}
