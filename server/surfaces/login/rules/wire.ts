import type { FastifyRequest } from 'fastify';
import type { Json } from '../../../base/json.ts';
import type { PortalParams, RefreshTokenNow, Wanted } from '../../oidc/oidc.ts';

/** How a sign-in comes, in the words that rules know of Auth0. */
export type Protocol =
  | 'oidc-basic-profile'
  | 'oauth2-device-code'
  | 'oauth2-password'
  | 'oauth2-refresh-token'
  | 'redirect-callback';

/** What of a request the umbrella's own code may see. */
export type Wire = {
  readonly protocol: Protocol;
  readonly query: PortalParams;
  readonly body: Readonly<Record<string, Json>>;
  /** What the sign-in asks for, wherever its request has come to since: nobody on the way changes it. */
  readonly asked: PortalParams;
  /** The session that it comes by. */
  readonly session?: { readonly uid: string; readonly since: Date; readonly portals: readonly string[] } | undefined;
  /** The sign-in that its refresh token goes back to, and when the customer last proved who they are. */
  readonly refreshes?: { readonly signIn: string; readonly since: Date; readonly token: RefreshTokenNow } | undefined;
};

// What proves who somebody is, or opens something, is nobody's but ours to see.
const secrets = new Set([
  ...['password', 'otp', 'code', 'code_verifier', 'client_secret', 'client_assertion', 'refresh_token', 'device_code'],
  ...['mfa_token', 'binding_code', 'oob_code', 'recovery_code', 'login_ticket', 'id_token_hint', 'request'],
]);

/** A request at the pages of a flow, or at `/authorize`. */
export function wireOfPages(params: PortalParams, isDevice: boolean): Wire {
  const query = withoutSecrets(params);
  return { protocol: isDevice ? 'oauth2-device-code' : 'oidc-basic-profile', query, body: {}, asked: query };
}

/** A request at `/oauth/token`, and for what. */
export function wireOfTokens({ body }: Pick<FastifyRequest, 'body'>, protocol: Protocol, wanted: Wanted): Wire {
  const { scope, audience } = wanted;
  const asked = { scope: scope.join(' '), ...(audience !== undefined && { audience }) };
  return { protocol, query: {}, body: withoutSecrets(textsOf(body)), asked };
}

/**
 * The browser is back from where a rule sent it; what it brings is for the rule, so nothing is kept from it. What the
 * sign-in asks for was said before.
 */
export function wireOfReturn(query: unknown, body: unknown, { asked }: Pick<Wire, 'asked'>): Wire {
  return { protocol: 'redirect-callback', query: textsOf(query), body: textsOf(body), asked };
}

/** What of a form or an address is text, by name. */
export function textsOf(values: unknown): Record<string, string> {
  if (typeof values !== 'object' || values === null) return {};
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function withoutSecrets(values: PortalParams): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.has(name)));
}
