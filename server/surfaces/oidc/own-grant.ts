import type { FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { type Client, errors, type Grant, type KoaContextWithOIDC, type ResourceServerInstance } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { apiByIdentifier, type Portal } from '../../features/portals/portals.ts';
import { findAccount } from './accounts.ts';
import { seconds } from './adapter-verbs.ts';
import { describeApi, toResource } from './audience.ts';
import { oidcScopes } from './claims.ts';
import { exchangeOf } from './exchange.ts';
import type { PasswordAnswer, Wanted } from './journey-port.ts';
import { describeMfaApi, mfaAudience } from './mfa-access.ts';

// Grants by which a portal hands over what proves the customer itself: no page of ours stands in between. They differ in
// what is handed over; what the tokens are is the same.

/** What a grant's journey is asked with. */
export type OwnGrantVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  readonly scope: readonly string[];
  readonly audience: string | undefined;
};

type Asked = {
  client: Client;
  scopes: ReadonlySet<string>;
  api: ResourceServerInstance | undefined;
  /** It is for those who have passed a second factor. */
  isMfaApi?: true;
};

/**
 * Runs one of these grants: who asks, whether it is proven (`prove` throws when not), and the tokens: those that
 * `prove` says were wanted, else those of this request.
 *
 * @param gty how the tokens were got, as refresh tokens remember it
 */
export async function exchangeOwn(
  base: Base,
  provider: Provider,
  ctx: KoaContextWithOIDC,
  gty: string,
  prove: (visit: OwnGrantVisit) => Promise<PasswordAnswer & { wanted?: Wanted }>,
): Promise<void> {
  const exchange = exchangeOf(ctx);
  const { request, portal } = exchange;
  const { client } = ctx.oidc;
  if (!client || !portal) throw new errors.InvalidClientAuth('no client');
  if (ctx.get('DPoP') !== '' || client.dpopBoundAccessTokens === true) {
    throw new errors.InvalidRequest('DPoP cannot be used with this grant type');
  }
  const audience = param(ctx, 'audience');
  const told = await readAsked(base, provider, ctx, client, { scope: scopesOf(ctx), audience });
  const { go, wanted } = await prove({ request, portal, scope: [...told.scopes], audience });
  const asked = wanted ? await readAsked(base, provider, ctx, client, wanted) : told;
  if (asked.isMfaApi && !go.amr.includes('mfa')) {
    throw new errors.AccessDenied('The MFA API is for those who have passed a second factor.');
  }
  const account = await findAccount(base, ctx, go.userId);
  if (!account) throw new errors.InvalidGrant('the customer is gone or blocked');
  ctx.oidc.entity('Account', account);
  exchange.newSignIn = go.signIn;
  exchange.decided = go.decided;
  const grant = await makeGrant(provider, ctx, go.userId, asked);
  ctx.body = await issueTokens(provider, ctx, grant, asked, { ...go, gty });
}

async function readAsked(
  base: Base,
  provider: Provider,
  ctx: KoaContextWithOIDC,
  client: Client,
  { scope, audience }: Wanted,
): Promise<Asked> {
  const scopes = new Set(scope);
  const withRefresh = client.grantTypeAllowed('refresh_token');
  if (audience === undefined) {
    if (!withRefresh) scopes.delete('offline_access');
    return { client, scopes, api: undefined };
  }
  if (audience === mfaAudience(base)) {
    scopes.delete('offline_access');
    return {
      client,
      scopes,
      api: new provider.ResourceServer(toResource(audience), describeMfaApi(base)),
      isMfaApi: true,
    };
  }
  const found = await apiByIdentifier(base, audience);
  if (!found) throw new errors.InvalidRequest('invalid audience specified for password grant exchange');
  if (!withRefresh || !found.settings.allow_offline_access) scopes.delete('offline_access');
  const resource = toResource(audience);
  const api = new provider.ResourceServer(resource, await describeApi(base, ctx, resource, client));
  return { client, scopes, api };
}

function scopesOf(ctx: KoaContextWithOIDC): string[] {
  return (param(ctx, 'scope') ?? '').split(' ').filter((scope) => scope !== '');
}

async function makeGrant(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  accountId: string,
  { client, scopes, api }: Asked,
) {
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(scopes.intersection(new Set(oidcScopes)));
  if (api) grant.addResourceScope(api.identifier(), scopes.intersection(api.scopes));
  await grant.save();
  ctx.oidc.entity('Grant', grant);
  return grant;
}

async function issueTokens(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  grant: Grant,
  { client, scopes, api }: Asked,
  { userId, amr, acr, gty }: PasswordAnswer['go'] & { gty: string },
): Promise<object> {
  const scope = api ? grant.getResourceScope(api.identifier()) : grant.getOIDCScope();
  const about = { client, accountId: userId, grantId: grant.jti, gty, scope };
  const proof = { amr: [...amr], acr, authTime: seconds(now()) };
  const access = new provider.AccessToken(about);
  if (api) access.resourceServer = api;
  ctx.oidc.entity('AccessToken', access);
  const answer = {
    access_token: await access.save(),
    expires_in: access.expiration,
    token_type: 'Bearer',
    scope: access.scope === '' ? undefined : access.scope,
  };
  const refresh = scopes.has('offline_access')
    ? new provider.RefreshToken({ ...about, ...proof, ...(api ? { resource: api.identifier() } : {}) })
    : undefined;
  return {
    ...answer,
    refresh_token: await refresh?.save(),
    id_token: scopes.has('openid') ? await issueIdToken(provider, ctx, grant, proof) : undefined,
  };
}

async function issueIdToken(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  grant: Grant,
  { amr, acr, authTime }: { amr: string[]; acr: string | undefined; authTime: number },
): Promise<string> {
  const scope = grant.getOIDCScope();
  const claims = await ctx.oidc.account?.claims('id_token', scope, {}, []);
  const token = new provider.IdToken({ ...claims, amr, acr, auth_time: authTime }, { ctx });
  Object.assign(token, { scope, mask: {}, rejected: [] });
  return token.issue({ use: 'idtoken' });
}

/** A parameter of the token request that is there and not empty. */
export function param(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const value = ctx.oidc.params?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Throws InvalidRequest when it is not there. */
export function required(ctx: KoaContextWithOIDC, name: string): string {
  const value = param(ctx, name);
  if (value === undefined) throw new errors.InvalidRequest(`missing required parameter '${name}'`);
  return value;
}
