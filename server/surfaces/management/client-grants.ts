import { z } from 'zod';
import { type ClientGrant, clientGrant, clientGrantDraft, clientGrantPatch } from '../../../contract/client-grants.ts';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import * as portals from '../../features/portals/portals.ts';
import { checkBrands } from './check-brands.ts';
import { seenClients } from './find-client.ts';
import { idParams } from './id-params.ts';
import { refuseStrongerGrant, refuseStrongerMachine } from './machine-powers.ts';
import { managementAudience } from './management-audience.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import type { Sight } from './sight.ts';

const listQuery = z.strictObject({
  ...pageQuery,
  ...checkpointQuery,
  audience: z.string().max(600).optional(),
  client_id: z.string().max(128).optional(),
  subject_type: z.literal(['client', 'user']).optional(),
  allow_any_organization: z.literal('true').optional(),
  default_for: z.literal('third_party_clients').optional(),
});

export const clientGrantRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/client-grants',
      summary: 'List client grants',
      may: ['read:client_grants'],
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: listOf('client_grants', clientGrant),
    },
    async ({ base }, { query, caller: { access } }) => {
      const { audience, client_id } = query;
      const only = { audience, client_id, brands: access.brands };
      // Grants are for clients, and none is for any organization or by default, so lists of those are empty.
      const none = query.subject_type === 'user' || query.allow_any_organization || query.default_for;
      return listReply(base.vault, 'client_grants', query, {
        load: async (limit, start) => (none ? [] : portals.listGrants(base.db, { limit, start }, only)),
        after: ({ created_at, id }) => ({ created_at, id }),
        count: async () => (none ? 0 : portals.countGrants(base.db, only)),
        show,
      });
    },
  ),
  route(
    {
      method: 'POST',
      path: '/client-grants',
      summary: 'Allow a client an API',
      may: ['create:client_grants'],
      audit: 'grant',
      together: true,
      params: nothing,
      query: nothing,
      body: clientGrantDraft,
      status: 201,
      reply: clientGrant,
    },
    async (api, { body: { client_id, audience, scope, attributes, brands }, caller }) => {
      const { base } = api;
      if (attributes || brands) refuseLimits(base, audience);
      await checkBrands(base.db, brands);
      const given = { reads: attributes?.read ?? ['*'], writes: attributes?.write ?? ['*'], brands };
      refuseStrongerGrant(base, caller, { audience, scope, ...given });
      await refuseStrongerMachine(base, caller, client_id);
      await refuseUnknown(api, caller.access, client_id, audience, scope);
      return show(await portals.createGrant(base, { client_id, audience, scope, ...given }));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/client-grants/{id}',
      summary: 'Read a client grant',
      may: ['read:client_grants'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: clientGrant,
    },
    async (api, { params, caller }) => show(await find(api, caller.access, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/client-grants/{id}',
      summary: 'Replace the scopes, the attributes or the brands of a client grant',
      may: ['update:client_grants'],
      audit: 'grant',
      together: true,
      params: idParams,
      query: nothing,
      body: clientGrantPatch,
      status: 200,
      reply: clientGrant,
    },
    async (api, { params, body, caller, note }) => {
      const { base } = api;
      note.onPaths(Object.keys(body));
      const grant = await find(api, caller.access, params.id);
      const { scope = grant.scope, attributes, brands = grant.brands } = body;
      if (attributes || body.brands) refuseLimits(base, grant.audience);
      await checkBrands(base.db, body.brands, grant.brands);
      const given = { reads: attributes?.read ?? grant.reads, writes: attributes?.write ?? grant.writes, brands };
      await refuseStrongerMachine(base, caller, grant.client_id);
      refuseStrongerGrant(base, caller, { audience: grant.audience, scope, ...given });
      if (body.scope === undefined && !attributes && body.brands === undefined) return show(grant);
      await refuseUnknown(api, caller.access, grant.client_id, grant.audience, scope);
      return show(await portals.updateGrant(base, grant.id, scope, given));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/client-grants/{id}',
      summary: 'Take a client grant away',
      may: ['delete:client_grants'],
      audit: 'grant',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      const grant = await find(api, caller.access, params.id).catch(forgiveMissing);
      if (grant) await portals.removeGrant(api.base, grant.id);
    },
  ),
];

/** Other APIs know nothing of customers: it would be left undone silently. */
function refuseLimits(base: Pick<Base, 'config'>, audience: string): void {
  if (audience === managementAudience(base)) return;
  throw new Problem('invalid_body', 'Only a grant of the Management API has attributes and brands.');
}

async function find(api: Api, sight: Sight, id: string): Promise<portals.ClientGrant> {
  const grant = await portals.getGrant(api.base.db, id);
  if (grant && (await seenClients(api, sight, [grant.client_id])).length > 0) return grant;
  throw new Problem('not_found', 'The grant does not exist.', { errorCode: 'inexistent_client_grant' });
}

function forgiveMissing(error: unknown): undefined {
  if (!isProblem(error, 'not_found')) throw error;
}

async function refuseUnknown(
  ground: Api,
  sight: Sight,
  clientId: string,
  audience: string,
  scope: readonly string[],
): Promise<void> {
  const [seen] = await seenClients(ground, sight, [clientId]);
  const portal = seen === undefined ? undefined : await portals.getPortal(ground.base.db, seen);
  const api = await portals.getApi(ground.base.db, audience);
  if (!portal) throw new Problem('not_found', 'Client not found', { errorCode: 'inexistent_client' });
  if (api?.identifier !== audience) {
    throw new Problem('not_found', 'Resource server not found', { errorCode: 'inexistent_resource_server' });
  }
  const unknown = scope.filter((one) => !api.scopes.some(({ value }) => value === one));
  if (unknown.length > 0) {
    const names = unknown.join(', ');
    throw new Problem('invalid_body', `Scopes: ${names} do not exist in ${audience} Resource Server (property scope).`);
  }
}

function show({ id, client_id, audience, scope, reads, writes, brands }: portals.ClientGrant): ClientGrant {
  const isAll = [reads, writes].every((paths) => paths.length === 1 && paths[0] === '*');
  return {
    id,
    client_id,
    audience,
    scope,
    ...(!isAll && { attributes: { read: reads, write: writes } }),
    ...(brands && { brands }),
    subject_type: 'client',
    organization_usage: 'deny',
    allow_any_organization: false,
  };
}
