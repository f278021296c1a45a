import type { Visit } from '../visit.ts';

/**
 * Who sent the request, and so whose its IP address is: a portal that keeps a secret has a server, which speaks for the
 * customer at `/oauth/token`.
 */
export function senderOf({ portal, wire }: Pick<Visit, 'portal' | 'wire'>): 'customer' | 'portal' {
  const isTokenRequest = wire.protocol === 'oauth2-refresh-token' || wire.protocol === 'oauth2-password';
  return isTokenRequest && portal.settings.token_endpoint_auth_method !== 'none' ? 'portal' : 'customer';
}
