import type { AccessToken, ClientCredentials, JWTStructured, KoaContextWithOIDC } from 'oidc-provider';
import { ownClaims, repeatedClaims } from './claims.ts';
import { exchangeOf } from './exchange.ts';

type Token = AccessToken | ClientCredentials;

/**
 * The engine's JWT access token (RFC 9068) in Auth0's words: type `JWT`, `azp`, `gty`, machines as `<id>@clients`, and
 * `/userinfo` as second audience when `openid` was asked; its `jti` then leads there to the grant.
 */
export function speakAuth0(issuer: string, token: Token, { payload, ...parts }: JWTStructured): JWTStructured {
  const { client_id: azp, jti, aud, sub, ...rest } = payload;
  const userinfo = token.kind === 'AccessToken' && token.scopes.has('openid');
  const changed = {
    ...rest,
    sub: token.kind === 'ClientCredentials' ? `${azp}@clients` : sub,
    aud: userinfo ? [aud, `${issuer}userinfo`] : aud,
    azp,
    gty: grantTypeOf(token),
    ...(userinfo && token.grantId !== undefined && { jti: `${token.grantId}.${jti}` }),
  };
  return { ...parts, header: { typ: 'JWT' }, payload: changed };
}

/** The grant that a JWT goes back to by its `jti`; tokens of an earlier version have none. */
export function grantOf(jti: string | undefined): string | undefined {
  return jti?.split('.', 1)[0];
}

function grantTypeOf(token: Token): string | undefined {
  if (token.kind === 'ClientCredentials') return 'client-credentials';
  return token.gty?.split(' ')[0] === 'password' ? 'password' : undefined;
}

/** Claims that rules and actions added to the access token of this sign-in, or of a machine's request. */
export function addedClaims(ctx: KoaContextWithOIDC): Record<string, unknown> | undefined {
  const { decided, customer } = exchangeOf(ctx);
  const claims = decided?.access_token;
  const asked = new Set(ctx.oidc.entities.Grant?.getOIDCScope().split(' '));
  const added = { ...ownClaims(claims), ...(customer && repeatedClaims(claims, customer, asked)) };
  return Object.keys(added).length === 0 ? undefined : added;
}
