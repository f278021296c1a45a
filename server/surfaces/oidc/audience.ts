import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { type Api, apiByIdentifier, grantFor } from '../../features/portals/portals.ts';
import { oidcScopes } from './claims.ts';
import { machineScopes } from './machine-actions.ts';
import { ownScopes } from './own-access.ts';

/**
 * Auth0's `audience` is any text; the engine wants a URI (RFC 8707 `resource`). Inside it is a URN that holds the
 * text; tokens say the text itself.
 */
const urn = 'urn:regulars:api:';

/** The engine's name for an audience. */
export function toResource(audience: string): string {
  return urn + Buffer.from(audience).toString('base64url');
}

/** What a portal calls it; a `resource` sent by a client that speaks RFC 8707 means itself. */
export function toAudience(resource: string): string {
  return resource.startsWith(urn) ? Buffer.from(resource.slice(urn.length), 'base64url').toString() : resource;
}

/** The engine asks what a request without `resource` means: its `audience`, if it has one. */
export function requestedResource(ctx: KoaContextWithOIDC): string | undefined {
  const audience = ctx.oidc.params?.audience;
  return typeof audience === 'string' && audience !== '' ? toResource(audience) : undefined;
}

/**
 * What the engine may put into tokens for an API: scopes that it defines (others are dropped), for machines only those
 * of their client grant.
 *
 * @throws AccessDenied in Auth0's words for an unknown audience, and for a machine without a grant; InvalidTarget where a
 *   request names several: who judges a sign-in by its API is told of one
 */
export async function describeApi(
  base: Base,
  ctx: KoaContextWithOIDC,
  resource: string,
  client: Client,
): Promise<ResourceServer> {
  const wanted: unknown = ctx.oidc.params?.resource;
  if (Array.isArray(wanted) && wanted.length > 1)
    throw new errors.InvalidTarget('one resource can be asked for at a time');
  const audience = toAudience(resource);
  const api = await apiByIdentifier(base, audience);
  if (!api) throw new errors.AccessDenied(`Service not found: ${audience}`);
  return {
    scope: (await scopesFor(base, ctx, client, api)).join(' '),
    audience,
    accessTokenTTL: api.settings.token_lifetime,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  };
}

async function scopesFor(base: Base, ctx: KoaContextWithOIDC, client: Client, api: Api): Promise<readonly string[]> {
  const { params } = ctx.oidc;
  if (params?.grant_type === 'client_credentials') {
    const grant = await grantFor(base, client.clientId, api.identifier);
    // A machine that names no scope gets all of its grant.
    if (grant && grant.scope.length > 0) params.scope ??= grant.scope.join(' ');
    if (grant) return machineScopes(base, ctx, { client, audience: api.identifier, granted: grant.scope });
    throw new errors.AccessDenied(
      `Client is not authorized to access "${api.identifier}". You need to create a "client-grant" for this API.`,
    );
  }
  const defined = api.scopes.map((scope) => scope.value);
  // A customer's token is good for the customer's own part of the Management API only.
  return [...oidcScopes, ...(api.is_system ? ownScopes : defined)];
}

/** May refresh tokens be given for what this request asks? */
export async function allowsOfflineAccess(base: Base, ctx: KoaContextWithOIDC): Promise<boolean> {
  const resource = ctx.oidc.params?.resource;
  if (typeof resource !== 'string') return true;
  const api = await apiByIdentifier(base, toAudience(resource));
  return api?.settings.allow_offline_access === true;
}
