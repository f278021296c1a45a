import type { Configuration, JWK } from 'oidc-provider';
import { claimsOfScopes } from '../../../contract/claims.ts';
import type { Base } from '../../base/base.ts';
import { addedClaims, speakAuth0 } from './access-tokens.ts';
import { findAccount } from './accounts.ts';
import { createAdapter } from './adapter.ts';
import { addedParam, auth0Params } from './added-params.ts';
import { describeApi, requestedResource } from './audience.ts';
import { originsOf } from './client-metadata.ts';
import { sessionCookieName, sessionCookieOptions } from './cookies.ts';
import { deviceCharset, deviceMask, showConfirmation, showInput, showSuccess } from './device-pages.ts';
import { exchangeOf } from './exchange.ts';
import { flowAddress } from './flow-address.ts';
import { createPolicy } from './interaction-policy.ts';
import type { Journey } from './journey-port.ts';
import * as lifetimes from './lifetimes.ts';
import { restoreOfflineAccess } from './offline-access.ts';
import { mayUseRefreshToken } from './refresh.ts';

/** Cookies of the engine that ours replace: they never reach a browser. */
export const engineCookies = { interaction: 'interaction', resume: 'resume' } as const;

/** How the engine is to behave: Auth0's paths and lifetimes, our records, our pages, and what each hook decides. */
export function configureEngine(base: Base, journey: Journey, keys: readonly JWK[]): Configuration {
  const { config, vault } = base;
  return {
    adapter: createAdapter(base),
    jwks: { keys },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      pushed_authorization_request: '/oauth/par',
      device_authorization: '/oauth/device/code',
      code_verification: '/activate',
      userinfo: '/userinfo',
      end_session: '/oidc/logout',
      jwks: '/.well-known/jwks.json',
    },
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        charset: deviceCharset,
        mask: deviceMask,
        deviceInfo: () => ({}),
        userCodeInputSource: showInput,
        userCodeConfirmSource: showConfirmation,
        successSource: showSuccess,
      },
      dPoP: { enabled: true, nonceSecret: vault.derive('dpop-nonce')[0].export(), requireNonce: () => false },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? requestedResource(ctx),
        getResourceServerInfo: (ctx, resource, client) => describeApi(base, ctx, resource, client),
        useGrantedResource: () => true,
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: true },
      webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
    },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256'], dPoPSigningAlgValues: ['ES256'] },
    acrValues: ['http://schemas.openid.net/pape/policies/2007/06/multi-factor'],
    claims: Object.fromEntries(Object.entries(claimsOfScopes).map(([scope, names]) => [scope, [...names]])),
    scopes: ['openid', 'offline_access'],
    conformIdTokenClaims: false,
    allowOmittingSingleRegisteredRedirectUri: true,
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
    // 192 bits make tokens of 32 characters, as Auth0's.
    formats: {
      bitsOfOpaqueRandomness: 192,
      customizers: {
        jwt(_ctx, token, parts) {
          Object.assign(parts, speakAuth0(config.issuer, token, parts));
        },
      },
    },
    cookies: {
      names: { session: sessionCookieName(config), ...engineCookies },
      long: sessionCookieOptions(config),
      short: { signed: false },
    },
    extraParams: {
      audience: (ctx) => restoreOfflineAccess(base, ctx),
      ...Object.fromEntries([...auth0Params, addedParam].map((name) => [name, null])),
    },
    interactions: {
      policy: createPolicy(journey),
      url: (ctx, interaction) => flowAddress(config, ctx, interaction.uid),
    },
    ttl: {
      AccessToken: lifetimes.accessTokenLifetime,
      AuthorizationCode: lifetimes.lifetimes.AuthorizationCode,
      ClientCredentials: lifetimes.accessTokenLifetime,
      DeviceCode: lifetimes.lifetimes.DeviceCode,
      Grant: lifetimes.grantLifetime,
      IdToken: lifetimes.idTokenLifetime,
      Interaction: lifetimes.lifetimes.Interaction,
      RefreshToken: lifetimes.refreshTokenLifetime,
      Session: lifetimes.sessionLifetime,
    },
    clientBasedCORS: (ctx, origin) => {
      const { portal } = exchangeOf(ctx);
      return portal !== undefined && originsOf(portal).has(origin);
    },
    // What was granted in a session is taken back when the session is ended, not when it runs out.
    expiresWithSession: () => false,
    extraTokenClaims: addedClaims,
    findAccount: (ctx, sub) => findAccount(base, ctx, sub),
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('offline_access'),
    loadExistingGrant: () => undefined,
    rotateRefreshToken: (ctx) => mayUseRefreshToken(journey, ctx),
    renderError: (ctx, out, error) => {
      exchangeOf(ctx).page = { name: 'error', model: { ...out } };
      exchangeOf(ctx).refused ??= error;
    },
    discovery: {},
  };
}
