import { decodeJwt } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { allowsOfflineAccess } from './audience.ts';
import { exchangeOf } from './exchange.ts';

const scope = 'offline_access';

/**
 * The engine drops `offline_access` unless the portal asks for `prompt=consent`, which none of the umbrella's own
 * portals does. It is put back here, after the engine's look at the scopes, where the portal may have refresh tokens
 * and the API allows them; else it stays dropped.
 */
export async function restoreOfflineAccess(base: Base, ctx: KoaContextWithOIDC): Promise<void> {
  const { params, client, requestParamScopes } = ctx.oidc;
  if (!params || !askedScopes(ctx).has(scope)) return;
  const allowed = client?.grantTypes?.includes('refresh_token') === true && (await allowsOfflineAccess(base, ctx));
  const others = [...requestParamScopes].filter((other) => other !== '' && other !== scope);
  const scopes = allowed ? [...others, scope] : others;
  params.scope = scopes.length > 0 ? scopes.join(' ') : undefined;
}

/** What was asked for at first: in this request, or in the pushed one that it names. */
function askedScopes(ctx: KoaContextWithOIDC): ReadonlySet<string> {
  const pushed = ctx.oidc.entities.PushedAuthorizationRequest;
  const asked = pushed ? decodeJwt(pushed.request).scope : exchangeOf(ctx).askedScope;
  return new Set(typeof asked === 'string' ? asked.split(' ') : []);
}
