import type { ClientPatch } from '../../../../contract/clients.ts';
import { fromLines, toLines } from '../../../ui/lines.ts';
import type { Client } from './api.ts';

const day = 86_400;

/** A portal as its form shows it: lists one a line, lifetimes in the units people think in. */
export function valuesOf(portal: Client) {
  const { refresh_token: refresh } = portal;
  return {
    name: portal.name,
    description: portal.description,
    app_type: portal.app_type,
    brand: portal.brand ?? '',
    enabled: portal.enabled,
    callbacks: toLines(portal.callbacks),
    allowed_logout_urls: toLines(portal.allowed_logout_urls),
    web_origins: toLines(portal.web_origins),
    allowed_origins: toLines(portal.allowed_origins),
    initiate_login_uri: portal.initiate_login_uri,
    backchannel: portal.oidc_logout.backchannel_logout_urls[0] ?? '',
    grant_types: portal.grant_types,
    token_endpoint_auth_method: portal.token_endpoint_auth_method,
    require_pushed_authorization_requests: portal.require_pushed_authorization_requests,
    require_proof_of_possession: portal.require_proof_of_possession,
    require_consent: portal.require_consent,
    sso_disabled: portal.sso_disabled,
    mfa: portal.mfa,
    id_token_minutes: portal.jwt_configuration.lifetime_in_seconds / 60,
    rotates: refresh.rotation_type === 'rotating',
    refresh_days: refresh.infinite_token_lifetime ? 0 : refresh.token_lifetime / day,
    idle_days: refresh.infinite_idle_token_lifetime ? 0 : refresh.idle_token_lifetime / day,
    leeway: refresh.leeway,
  };
}
export type PortalValues = ReturnType<typeof valuesOf>;

const lists = ['callbacks', 'allowed_logout_urls', 'web_origins', 'allowed_origins'] as const;
const lifetimes = ['rotates', 'refresh_days', 'idle_days', 'leeway'] as const;

/** What was changed, in the words of the API. */
export function patchOf(changes: Partial<PortalValues>, values: PortalValues): ClientPatch {
  const {
    callbacks: _1,
    allowed_logout_urls: _2,
    web_origins: _3,
    allowed_origins: _4,
    rotates: _5,
    refresh_days: _6,
    idle_days: _7,
    leeway: _8,
    backchannel,
    id_token_minutes,
    brand,
    ...plain
  } = changes;
  return {
    ...plain,
    ...(brand ? { brand } : {}),
    ...Object.fromEntries(lists.filter((name) => name in changes).map((name) => [name, fromLines(values[name])])),
    ...(backchannel === undefined ? {} : { oidc_logout: { backchannel_logout_urls: fromLines(backchannel) } }),
    ...(id_token_minutes === undefined
      ? {}
      : { jwt_configuration: { lifetime_in_seconds: Math.round(id_token_minutes * 60) } }),
    ...(lifetimes.some((name) => name in changes) ? { refresh_token: refreshOf(values) } : {}),
  };
}

/** 0 days: without an end. */
function refreshOf({ rotates, refresh_days, idle_days, leeway }: PortalValues): ClientPatch['refresh_token'] {
  return {
    rotation_type: rotates ? 'rotating' : 'non-rotating',
    expiration_type: refresh_days === 0 ? 'non-expiring' : 'expiring',
    leeway,
    infinite_token_lifetime: refresh_days === 0,
    infinite_idle_token_lifetime: idle_days === 0,
    ...(refresh_days > 0 && { token_lifetime: Math.round(refresh_days * day) }),
    ...(idle_days > 0 && { idle_token_lifetime: Math.round(idle_days * day) }),
  };
}

/** The API's names of what the form shows under another. */
export const aliases = {
  oidc_logout: 'backchannel',
  jwt_configuration: 'id_token_minutes',
  refresh_token: 'refresh_days',
};
