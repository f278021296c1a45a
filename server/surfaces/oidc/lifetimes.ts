import type { AccessToken, ClientCredentials, KoaContextWithOIDC, RefreshToken, Session } from 'oidc-provider';
import { now } from '../../base/clock.ts';
import type { Portal } from '../../features/portals/portals.ts';
import { seconds } from './adapter-verbs.ts';
import { exchangeOf } from './exchange.ts';

const day = 86_400;
const tenYears = 3650 * day;

/** Seconds that things live which no setting changes. */
export const lifetimes = {
  AuthorizationCode: 60,
  DeviceCode: 900,
  Interaction: 3600,
  /** A pushed authorization request; the engine would keep it for a minute. */
  PushedRequest: 30,
  /** An opaque access token. */
  AccessToken: day,
  SessionIdle: 3 * day,
  SessionAbsolute: 7 * day,
  /** A session in which nobody signed in yet. */
  SessionEmpty: 3600,
} as const;

/** Seconds until a session ends unless it is used: it rolls, but never beyond a week after the sign-in. */
export function sessionLifetime(_ctx: KoaContextWithOIDC, session: Session): number {
  const { loginTs } = session;
  if (session.accountId === undefined || loginTs === undefined) return lifetimes.SessionEmpty;
  const left = loginTs + lifetimes.SessionAbsolute - seconds(now());
  return Math.max(1, Math.min(lifetimes.SessionIdle, left));
}

/** Seconds an access token is good: its API decides. */
export function accessTokenLifetime(_ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials): number {
  return token.resourceServer?.accessTokenTTL ?? lifetimes.AccessToken;
}

/** Seconds an ID token is good: the portal decides. */
export function idTokenLifetime(ctx: KoaContextWithOIDC): number {
  return portalOf(ctx).settings.jwt_configuration.lifetime_in_seconds;
}

/** Seconds until a refresh token ends unless it is used; each use of a rotating one makes its successor. */
export function refreshTokenLifetime(ctx: KoaContextWithOIDC, token: RefreshToken): number {
  const { idle, absolute } = refreshLimits(portalOf(ctx));
  const left = (token.iiat ?? seconds(now())) + absolute - seconds(now());
  return Math.max(1, Math.min(idle, left));
}

/** Seconds a refresh token may be unused, and its family may live in all. */
export function refreshLimits({ settings }: Portal): { idle: number; absolute: number } {
  const { refresh_token: limits } = settings;
  return {
    idle: limits.infinite_idle_token_lifetime ? tenYears : limits.idle_token_lifetime,
    absolute: limits.infinite_token_lifetime ? tenYears : limits.token_lifetime,
  };
}

/** Seconds a grant is kept: as long as anything that hangs on it. */
export function grantLifetime(ctx: KoaContextWithOIDC): number {
  const asked = ctx.oidc.requestParamScopes;
  return asked.has('offline_access') ? refreshLimits(portalOf(ctx)).absolute + day : lifetimes.AccessToken + 3600;
}

function portalOf(ctx: KoaContextWithOIDC): Portal {
  const { portal } = exchangeOf(ctx);
  if (!portal) throw new Error('The engine has not asked for the portal yet.');
  return portal;
}
