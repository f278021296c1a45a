import { z } from 'zod';
import { client, clientDraft, clientPatch } from '../../../contract/clients.ts';
import { Problem } from '../../base/errors.ts';
import {
  countPortals,
  createPortal,
  getPortal,
  listPortals,
  removePortal,
  rotateSecret,
  updatePortal,
} from '../../features/portals/portals.ts';
import { demandScope } from './caller.ts';
import { clientSettings, showClient } from './client-shape.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { findBrandId } from './find-brand.ts';
import { idParams } from './id-params.ts';
import { refuseStrongerMachine } from './machine-powers.ts';
import { checkpointQuery, flag, listOf, listReply, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseChanged } from './version.ts';

const listQuery = z.strictObject({
  ...pageQuery,
  ...checkpointQuery,
  ...fieldsQuery,
  /** Comma-separated. */
  app_type: z.string().max(200).optional(),
  is_global: flag.optional(),
  is_first_party: flag.optional(),
});
const mayRead = ['read:clients', 'read:client_keys'] as const;

export const clientRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/clients',
      summary: 'List clients (portals)',
      may: mayRead,
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: listOf('clients', client),
    },
    async ({ base }, { query }) => {
      // None is global or of a third party, so a list of those is empty.
      const none = query.is_global === true || query.is_first_party === false;
      const only = { app_type: none ? ['-'] : query.app_type?.split(',') };
      return listReply(base.vault, 'clients', query, {
        load: (limit, start) => listPortals(base.db, { limit, start }, only),
        after: (portal) => ({ created_at: portal.created_at, id: portal.client_id }),
        count: () => countPortals(base.db, only),
        show: (portal) => pickFields(showClient(portal), query),
      });
    },
  ),
  route(
    {
      method: 'POST',
      path: '/clients',
      summary: 'Create a client (portal)',
      may: ['create:clients'],
      params: nothing,
      query: nothing,
      body: clientDraft,
      status: 201,
      reply: client,
    },
    async ({ base, validateClient }, { body }) => {
      const draft = {
        name: body.name,
        app_type: body.app_type,
        brand: body.brand === undefined ? undefined : await findBrandId(base.db, body.brand),
        enabled: body.enabled,
        settings: clientSettings(body),
      };
      const { portal, client_secret } = await createPortal(base, draft, validateClient);
      return { ...showClient(portal), client_secret };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/clients/{id}',
      summary: 'Read a client (portal)',
      may: mayRead,
      versioned: true,
      params: idParams,
      query: z.strictObject(fieldsQuery),
      body: noBody,
      status: 200,
      reply: client,
    },
    async ({ base }, { params, query }) => {
      const portal = await getPortal(base.db, params.id);
      if (!portal) throw noClient();
      return pickFields(showClient(portal), query);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/clients/{id}',
      summary: 'Change a client (portal)',
      may: ['update:clients', 'update:client_keys'],
      versioned: true,
      params: idParams,
      query: nothing,
      body: clientPatch,
      status: 200,
      reply: client,
    },
    async ({ base, validateClient }, { params, body, caller, ifMatch }) => {
      const { client_secret } = body;
      demandScope(caller, client_secret === undefined ? 'update:clients' : 'update:client_keys');
      if (Object.keys(body).some((name) => name !== 'client_secret')) demandScope(caller, 'update:clients');
      if (!(await getPortal(base.db, params.id))) throw noClient();
      await refuseStrongerMachine(base, caller, params.id);
      const patch = {
        name: body.name,
        app_type: body.app_type,
        client_secret,
        brand: body.brand === undefined ? undefined : await findBrandId(base.db, body.brand),
        enabled: body.enabled,
        settings: clientSettings(body),
      };
      const portal = await updatePortal(base, params.id, patch, validateClient, (known) =>
        refuseChanged(ifMatch, showClient(known)),
      );
      return { ...showClient(portal), ...(client_secret !== undefined && { client_secret }) };
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/clients/{id}',
      summary: 'Remove a client (portal)',
      may: ['delete:clients'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params, caller }) => {
      await refuseStrongerMachine(base, caller, params.id);
      await removePortal(base, params.id);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/clients/{id}/rotate-secret',
      summary: 'Give a client (portal) a new secret',
      may: ['update:client_keys'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: client,
    },
    async ({ base }, { params, caller }) => {
      if (!(await getPortal(base.db, params.id))) throw noClient();
      await refuseStrongerMachine(base, caller, params.id);
      const { portal, client_secret } = await rotateSecret(base, params.id);
      return { ...showClient(portal), client_secret };
    },
  ),
];

function noClient(): Problem {
  return new Problem('not_found', 'The client does not exist', { errorCode: 'inexistent_client' });
}
