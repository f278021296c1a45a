import { z } from 'zod';
import {
  type ResourceServer,
  type ResourceServerPatch,
  resourceServer,
  resourceServerDraft,
  resourceServerPatch,
} from '../../../contract/resource-servers.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { type Api, createApi, getApi, listApis, removeApi, updateApi } from '../../features/portals/portals.ts';
import { idParams } from './id-params.ts';
import { flag, listOf, paged, pageOf, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const listQuery = z.strictObject({
  ...pageQuery,
  /** Only these audiences; may be repeated. */
  identifiers: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(z.string().min(1).max(600)).max(100).optional(),
  ),
  include_fields: flag.optional(),
});

export const resourceServerRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/resource-servers',
      summary: 'List resource servers (APIs)',
      may: ['read:resource_servers'],
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: listOf('resource_servers', resourceServer, 'pages only'),
    },
    async ({ base }, { query }) => {
      const { apis, total } = await listApis(base.db, pageOf(query), query.identifiers);
      return paged('resource_servers', apis.map(show), query, async () => total);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/resource-servers',
      summary: 'Create a resource server (API)',
      may: ['create:resource_servers'],
      audit: 'api',
      together: true,
      params: nothing,
      query: nothing,
      body: resourceServerDraft,
      status: 201,
      reply: resourceServer,
    },
    async ({ base }, { body }) => show(await createApi(base, { identifier: body.identifier, ...changesOf(body) })),
  ),
  route(
    {
      method: 'GET',
      path: '/resource-servers/{id}',
      summary: 'Read a resource server (API)',
      may: ['read:resource_servers'],
      params: idParams,
      query: z.strictObject({ include_fields: flag.optional() }),
      body: noBody,
      status: 200,
      reply: resourceServer,
    },
    async ({ base }, { params }) => {
      const api = await getApi(base.db, params.id);
      if (!api) throw missing();
      return show(api);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/resource-servers/{id}',
      summary: 'Change a resource server (API)',
      may: ['update:resource_servers'],
      audit: 'api',
      together: true,
      params: idParams,
      query: nothing,
      body: resourceServerPatch,
      // The service answers 201, and its clients know it.
      status: 201,
      reply: resourceServer,
    },
    async ({ base }, { params, body }) => show(await updateApi(base, params.id, changesOf(body)).catch(nameMissing)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/resource-servers/{id}',
      summary: 'Remove a resource server (API)',
      may: ['delete:resource_servers'],
      audit: 'api',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => removeApi(base, params.id).catch(forgiveMissing),
  ),
];

function changesOf({ name, scopes, allow_offline_access, token_lifetime }: ResourceServerPatch) {
  return { name, scopes, settings: { allow_offline_access, token_lifetime } };
}

function show({ id, name, is_system, identifier, scopes, settings }: Api): ResourceServer {
  return {
    id,
    ...(name !== null && { name }),
    is_system,
    identifier,
    scopes,
    ...settings,
    token_dialect: 'access_token',
    enforce_policies: false,
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
  };
}

/** Removing twice is no error, as at Auth0. */
function forgiveMissing(error: unknown): void {
  if (!isProblem(error, 'not_found')) throw error;
}

function nameMissing(error: unknown): never {
  throw isProblem(error, 'not_found') ? missing() : error;
}

function missing(): Problem {
  return new Problem('not_found', 'The resource server does not exist', { errorCode: 'inexistent_resource_server' });
}
