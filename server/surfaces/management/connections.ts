import { z } from 'zod';
import { strategy } from '../../../contract/connection-options.ts';
import {
  connectionAnswer,
  connectionPatchRequest,
  connectionRequest,
  listedConnection,
} from '../../../contract/connection-requests.ts';
import type { ConnectionPatch } from '../../../contract/connections.ts';
import type { Db } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import {
  type Connection,
  createConnection,
  getConnection,
  listConnections,
  removeConnection,
  updateConnection,
} from '../../features/connections/connections.ts';
import { hasIdentities } from '../../features/customers/customers.ts';
import { listConnection, noConnection, showConnection } from './connection-shape.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { seenClients } from './find-client.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseChanged } from './version.ts';

const listQuery = z.strictObject({
  ...pageQuery,
  ...checkpointQuery,
  ...fieldsQuery,
  name: z.string().max(128).optional(),
  /** May be repeated. */
  strategy: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(strategy).optional(),
  ),
});

export const connectionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/connections',
      summary: 'List connections',
      may: ['read:connections'],
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: listOf('connections', listedConnection),
    },
    async ({ base }, { query }) => {
      const filter = { strategies: query.strategy, name: query.name };
      return listReply(base.vault, 'connections', query, {
        load: async (limit, start) => (await listConnections(base.db, filter, { limit, ...start })).connections,
        after: ({ created_at, id }) => ({ created_at, id }),
        count: async () => (await listConnections(base.db, filter, { limit: 0 })).total,
        show: (connection) => pickFields(listConnection(connection), query),
      });
    },
  ),
  route(
    {
      method: 'POST',
      path: '/connections',
      summary: 'Create a connection',
      may: ['create:connections'],
      audit: 'connection',
      together: true,
      params: nothing,
      query: nothing,
      body: connectionRequest,
      status: 201,
      reply: connectionAnswer,
    },
    async ({ base }, { body, note }) => {
      note.onPaths(Object.keys(body));
      const { is_domain_connection: _, authentication: __, connected_accounts: ___, ...rest } = body;
      const { cross_app_access_requesting_app: _4, ...draft } = rest;
      return showConnection(base.db, await createConnection(base, draft));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/connections/{id}',
      summary: 'Read a connection',
      may: ['read:connections'],
      versioned: true,
      params: idParams,
      query: z.strictObject(fieldsQuery),
      body: noBody,
      status: 200,
      reply: connectionAnswer,
    },
    async (api, { params, query, caller }) => {
      const connection = await getConnection(api.base.db, params.id);
      if (!connection) throw noConnection();
      const shown = await showConnection(api.base.db, connection);
      const enabled_clients = await seenClients(api, caller.access, shown.enabled_clients);
      return pickFields({ ...shown, enabled_clients }, query);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/connections/{id}',
      summary: 'Change a connection; options are replaced as a whole',
      may: ['update:connections'],
      versioned: true,
      audit: 'connection',
      together: true,
      params: idParams,
      query: nothing,
      body: connectionPatchRequest,
      status: 200,
      reply: connectionAnswer,
    },
    async ({ base }, { params, body, ifMatch, note }) => {
      note.onPaths(Object.keys(body));
      const patch: ConnectionPatch = {
        options: body.options,
        display_name: body.display_name,
        enabled_clients: body.enabled_clients,
        show_as_button: body.show_as_button,
        realms: body.realms,
        metadata: body.metadata,
      };
      const changed = await updateConnection(base, params.id, patch, async (tx, known) => {
        if (ifMatch !== undefined) refuseChanged(ifMatch, await showConnection(tx, known));
      }).catch(nameMissing);
      return showConnection(base.db, changed);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/connections/{id}',
      summary: 'Remove a connection that no identity comes from any more',
      may: ['delete:connections'],
      audit: 'connection',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => {
      await removeConnection(base, params.id, refuseWithIdentities).catch((error: unknown) => {
        if (!isProblem(error, 'not_found')) throw error;
      });
    },
  ),
];

/** A later connection of the same name must not inherit them. */
async function refuseWithIdentities(tx: Db, { name }: Connection): Promise<void> {
  if (!(await hasIdentities(tx, name))) return;
  throw new Problem('conflict', 'Users still sign in with this connection. Delete or unlink them first.');
}

function nameMissing(error: unknown): never {
  throw isProblem(error, 'not_found') ? noConnection() : error;
}
