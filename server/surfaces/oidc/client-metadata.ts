import type { ClientMetadata } from 'oidc-provider';
import type { Portal } from '../../features/portals/portals.ts';

/**
 * A portal as the engine's client. Its secret stays here as the sealed hash that is stored: `compareClientSecret` is
 * replaced where the engine is built.
 */
export function toClientMetadata(portal: Portal): ClientMetadata {
  const { settings } = portal;
  const withCode = settings.grant_types.includes('authorization_code') && settings.callbacks.length > 0;
  const isPublic = settings.token_endpoint_auth_method === 'none';
  const [backchannel] = settings.oidc_logout.backchannel_logout_urls;
  return {
    client_id: portal.client_id,
    client_name: portal.name,
    application_type: portal.app_type === 'native' ? 'native' : 'web',
    grant_types: settings.grant_types.filter((type) => withCode || type !== 'authorization_code'),
    response_types: withCode ? ['code'] : [],
    redirect_uris: [...settings.callbacks],
    post_logout_redirect_uris: [...settings.allowed_logout_urls],
    token_endpoint_auth_method: settings.token_endpoint_auth_method,
    ...(isPublic || portal.secret_hash === null ? {} : { client_secret: portal.secret_hash }),
    ...(settings.initiate_login_uri === '' ? {} : { initiate_login_uri: settings.initiate_login_uri }),
    ...(backchannel === undefined
      ? {}
      : { backchannel_logout_uri: backchannel, backchannel_logout_session_required: true }),
    require_pushed_authorization_requests: settings.require_pushed_authorization_requests,
    dpop_bound_access_tokens: settings.require_proof_of_possession,
  };
}

/** Origins that may call the token endpoint for this portal from a browser. */
export function originsOf({ settings }: Portal): ReadonlySet<string> {
  const origins = [...settings.web_origins, ...settings.allowed_origins, ...settings.callbacks];
  return new Set(origins.flatMap((address) => URL.parse(address)?.origin ?? []).filter((origin) => origin !== 'null'));
}
