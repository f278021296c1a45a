import {
  type AppType,
  type PortalSettings,
  portalSettings,
  type RefreshTokenSettings,
} from '../../../contract/portals.ts';

type Part<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Settings as they are asked for: what is left out is filled in or stays; the parts of nested ones too. */
export type PortalWishes = Part<
  Omit<PortalSettings, 'refresh_token' | 'jwt_configuration' | 'oidc_logout' | 'client_metadata'>
> & {
  /** Null: what the type has by default. */
  refresh_token?: Part<RefreshTokenSettings> | null | undefined;
  jwt_configuration?: Part<PortalSettings['jwt_configuration']> | undefined;
  oidc_logout?: Part<PortalSettings['oidc_logout']> | undefined;
  /** Laid over what there is; null takes a name away. */
  client_metadata?: Readonly<Record<string, string | null>> | undefined;
};

const day = 86_400;
const grants: Record<AppType, PortalSettings['grant_types']> = {
  native: ['authorization_code', 'refresh_token'],
  spa: ['authorization_code', 'refresh_token'],
  regular_web: ['authorization_code', 'refresh_token', 'client_credentials'],
  non_interactive: ['client_credentials'],
};

/** What a portal of this type has when nothing is said: Auth0's defaults, with the lifetimes of this server. */
export function defaultSettings(type: AppType): PortalSettings {
  const isPublic = type === 'spa' || type === 'native';
  return {
    description: '',
    logo_uri: '',
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    allowed_origins: [],
    initiate_login_uri: '',
    grant_types: grants[type],
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_post',
    refresh_token: defaultRefreshToken(isPublic ? 'rotating' : 'non-rotating', 'expiring'),
    jwt_configuration: { lifetime_in_seconds: 36_000, secret_encoded: false, alg: 'RS256' },
    oidc_logout: { backchannel_logout_urls: [] },
    oidc_conformant: true,
    is_first_party: true,
    sso: false,
    sso_disabled: false,
    require_pushed_authorization_requests: false,
    require_proof_of_possession: false,
    require_consent: false,
    client_metadata: {},
    mfa: null,
  };
}

/** Lays what is asked for over what there is; lists are replaced as a whole. */
export function applyWishes(type: AppType, current: PortalSettings, wishes: PortalWishes): PortalSettings {
  const { refresh_token, jwt_configuration, oidc_logout, client_metadata, ...plain } = wishes;
  const metadata = Object.entries({ ...current.client_metadata, ...client_metadata });
  return portalSettings.parse({
    ...current,
    ...given(plain),
    refresh_token:
      refresh_token === null
        ? defaultSettings(type).refresh_token
        : applyRefreshToken(current.refresh_token, refresh_token ?? {}),
    jwt_configuration: { ...current.jwt_configuration, ...given(jwt_configuration ?? {}) },
    oidc_logout: { ...current.oidc_logout, ...given(oidc_logout ?? {}) },
    client_metadata: Object.fromEntries(metadata.filter(([, value]) => value !== null)),
  });
}

function applyRefreshToken(current: RefreshTokenSettings, wish: Part<RefreshTokenSettings>): object {
  const rotation = wish.rotation_type ?? current.rotation_type;
  const expiration = wish.expiration_type ?? current.expiration_type;
  // Another kind of expiry brings its own lifetimes, unless they are named.
  const base = expiration === current.expiration_type ? current : defaultRefreshToken(rotation, expiration);
  return { ...base, ...given(wish), rotation_type: rotation, expiration_type: expiration };
}

function defaultRefreshToken(
  rotation: RefreshTokenSettings['rotation_type'],
  expiration: RefreshTokenSettings['expiration_type'],
): RefreshTokenSettings {
  const endless = expiration === 'non-expiring';
  return {
    rotation_type: rotation,
    expiration_type: expiration,
    leeway: 0,
    token_lifetime: (endless ? 365 : 30) * day,
    infinite_token_lifetime: endless,
    idle_token_lifetime: (endless ? 30 : 15) * day,
    infinite_idle_token_lifetime: endless,
  };
}

function given(wish: object): object {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}
