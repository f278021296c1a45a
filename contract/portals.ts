import { z } from 'zod';
import { mfaPolicy } from './second-factors.ts';
import { text, webAddress } from './text.ts';

/** What kind of program a portal is, in Auth0's words; `non_interactive` is a machine: no customer signs in there. */
export const appType = z.literal(['native', 'spa', 'regular_web', 'non_interactive']);
export type AppType = z.infer<typeof appType>;

export const grantType = z.literal([
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'password',
  'http://auth0.com/oauth/grant-type/password-realm',
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-oob',
  'http://auth0.com/oauth/grant-type/mfa-recovery-code',
  'urn:ietf:params:oauth:grant-type:device_code',
]);

/** A scheme that a browser would run or show instead of going there. */
const dangerous = /^(javascript|data|vbscript|blob|about|file|view-source):/i;

/** An address that is matched exactly: absolute, without fragment or wildcard; apps may have a scheme of their own. */
const exactAddress = text(2000).refine(
  (value) => URL.canParse(value) && !dangerous.test(value) && !/[#*\s\\]/.test(value),
  "Object didn't pass validation for format callback-url",
);

/** An http or https origin, without path and wildcard. */
const origin = webAddress().refine(
  (value) =>
    URL.canParse(value) && !value.includes('*') && new URL(value).origin === value.replace(/\/$/, '').toLowerCase(),
  "Object didn't pass validation for format origin",
);

const seconds = z.int().min(1).max(157_788_000);

/** How long a refresh token lives and whether each use gives a new one. */
export const refreshTokenSettings = z.strictObject({
  rotation_type: z.literal(['rotating', 'non-rotating']),
  expiration_type: z.literal(['expiring', 'non-expiring']),
  leeway: z.int().min(0).max(60),
  token_lifetime: seconds,
  infinite_token_lifetime: z.boolean(),
  idle_token_lifetime: seconds,
  infinite_idle_token_lifetime: z.boolean(),
});
export type RefreshTokenSettings = z.infer<typeof refreshTokenSettings>;

/** The ID token: how long it is good. It is always signed with RS256, so nothing is ever encoded with the secret. */
export const jwtSettings = z.strictObject({
  lifetime_in_seconds: z.int().min(1).max(2_592_000),
  secret_encoded: z.boolean(),
  alg: z.literal('RS256'),
});

/** Where the end of a session is told to (OpenID Connect Back-Channel Logout 1.0); every end is told. */
export const oidcLogoutSettings = z.strictObject({
  backchannel_logout_urls: z.array(webAddress()).max(1),
});

/** At most ten names and short values of the operator's own. */
const clientMetadata = z
  .record(text(255, 1), text(255))
  .refine((value) => Object.keys(value).length <= 10, 'Too many properties defined, maximum 10');

/** Everything of a portal that acts, as it is stored: Auth0's client properties, all filled in. */
export const portalSettings = z.strictObject({
  description: text(140),
  logo_uri: webAddress({ empty: true }),
  callbacks: z.array(exactAddress).max(100),
  allowed_logout_urls: z.array(exactAddress).max(100),
  web_origins: z.array(origin).max(100),
  allowed_origins: z.array(origin).max(100),
  initiate_login_uri: webAddress({ empty: true, httpsOnly: true }),
  grant_types: z.array(grantType).max(20),
  token_endpoint_auth_method: z.literal(['none', 'client_secret_post', 'client_secret_basic']),
  refresh_token: refreshTokenSettings,
  jwt_configuration: jwtSettings,
  oidc_logout: oidcLogoutSettings,
  oidc_conformant: z.boolean(),
  is_first_party: z.literal(true),
  /** Auth0's older flag, kept as said: single sign-on is this server's either way. */
  sso: z.boolean(),
  /** Do not use a session that another portal began. */
  sso_disabled: z.boolean(),
  require_pushed_authorization_requests: z.boolean(),
  require_proof_of_possession: z.boolean(),
  /** Ours: without the consents that the brand requires there are no tokens, also where no page can ask for them. */
  require_consent: z.boolean(),
  client_metadata: clientMetadata,
  /** Null: as the brand says. */
  mfa: mfaPolicy.nullable(),
});
export type PortalSettings = z.infer<typeof portalSettings>;
