import type { Client, ClientDraft, ClientPatch } from '../../../contract/clients.ts';
import type { PortalRecord, PortalWishes } from '../../features/portals/portals.ts';

/** A portal as Auth0 shows a client, without its secret. */
export function showClient(portal: PortalRecord): Client {
  const { client_id, name, app_type, brand, enabled, settings } = portal;
  return {
    client_id,
    name,
    app_type,
    ...settings,
    oidc_logout: { ...settings.oidc_logout, backchannel_logout_initiators: { mode: 'all' } },
    brand,
    enabled,
    global: false,
    client_aliases: [],
    allowed_clients: [],
    is_token_endpoint_ip_header_trusted: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    organization_usage: 'deny',
    organization_require_behavior: 'no_prompt',
    compliance_level: 'none',
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  };
}

/** What a body asks of a portal's settings; what only says "not used" is left out. */
export function clientSettings(
  body: Omit<ClientDraft, 'name' | 'resource_server_identifier'> | ClientPatch,
): PortalWishes {
  const { refresh_token, jwt_configuration } = body;
  const logout = body.oidc_logout ?? body.oidc_backchannel_logout;
  return {
    description: body.description,
    logo_uri: body.logo_uri,
    callbacks: body.callbacks,
    allowed_logout_urls: body.allowed_logout_urls,
    web_origins: body.web_origins,
    allowed_origins: body.allowed_origins,
    initiate_login_uri: body.initiate_login_uri,
    grant_types: body.grant_types,
    token_endpoint_auth_method: body.token_endpoint_auth_method,
    oidc_conformant: body.oidc_conformant,
    is_first_party: body.is_first_party,
    sso: body.sso,
    sso_disabled: body.sso_disabled,
    require_pushed_authorization_requests: body.require_pushed_authorization_requests,
    require_proof_of_possession: body.require_proof_of_possession,
    require_consent: body.require_consent,
    client_metadata: body.client_metadata,
    mfa: body.mfa,
    refresh_token: refresh_token && {
      rotation_type: refresh_token.rotation_type,
      expiration_type: refresh_token.expiration_type,
      leeway: refresh_token.leeway,
      token_lifetime: refresh_token.token_lifetime,
      infinite_token_lifetime: refresh_token.infinite_token_lifetime,
      idle_token_lifetime: refresh_token.idle_token_lifetime,
      infinite_idle_token_lifetime: refresh_token.infinite_idle_token_lifetime,
    },
    jwt_configuration: jwt_configuration && {
      lifetime_in_seconds: jwt_configuration.lifetime_in_seconds,
      secret_encoded: jwt_configuration.secret_encoded,
      alg: jwt_configuration.alg,
    },
    oidc_logout: logout && { backchannel_logout_urls: logout.backchannel_logout_urls },
  };
}
