import { z } from 'zod';
import { listedConnection } from '../../../contract/connection-requests.ts';
import { enabledClientsPatch } from '../../../contract/connections.ts';
import { isProblem } from '../../base/errors.ts';
import {
  enabledClientsPage,
  getConnection,
  listConnections,
  setEnabledClients,
} from '../../features/connections/connections.ts';
import { listConnection, noConnection } from './connection-shape.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { findClient, seenClients } from './find-client.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, pageToken, readPageToken } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const never = new Date(0);

/** Which portals offer a connection, and which connections a portal offers. */
export const connectionClientRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/connections/{id}/clients',
      summary: 'List the clients (portals) that offer a connection',
      may: ['read:connections'],
      params: idParams,
      query: z.strictObject({ ...checkpointQuery, take: z.coerce.number().int().min(1).max(1000).default(50) }),
      body: noBody,
      status: 200,
      reply: z.strictObject({
        clients: z.array(z.strictObject({ client_id: z.string() })),
        next: z.string().optional(),
      }),
    },
    async (api, { params, query: { from, take }, caller }) => {
      const { base } = api;
      if (!(await getConnection(base.db, params.id))) throw noConnection();
      const list = `clients of ${params.id}`;
      const after = from === undefined ? '' : readPageToken(base.vault, list, from).id;
      const ids = await enabledClientsPage(base.db, params.id, take + 1, after);
      const shown = ids.slice(0, take);
      const last = ids.length > take ? shown.at(-1) : undefined;
      return {
        clients: (await seenClients(api, caller.access, shown)).map((client_id) => ({ client_id })),
        ...(last !== undefined && { next: pageToken(base.vault, list, { created_at: never, id: last }) }),
      };
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/connections/{id}/clients',
      summary: 'Turn a connection on or off for single clients (portals)',
      may: ['update:connections'],
      audit: 'portal',
      together: true,
      params: idParams,
      query: nothing,
      body: enabledClientsPatch,
      status: 204,
    },
    async (api, { params, body, caller }) => {
      for (const { client_id } of caller.access.brands ? body : []) await findClient(api, caller.access, client_id);
      await setEnabledClients(api.base, params.id, body).catch((error: unknown) => {
        throw isProblem(error, 'not_found') ? noConnection() : error;
      });
    },
  ),
  route(
    {
      method: 'GET',
      path: '/clients/{id}/connections',
      summary: 'List the connections that a client (portal) offers',
      may: ['read:connections'],
      params: idParams,
      query: z.strictObject({ ...checkpointQuery, ...fieldsQuery }),
      body: noBody,
      status: 200,
      reply: z.strictObject({ connections: z.array(listedConnection), next: z.string().optional() }),
    },
    async (api, { params, query, caller }) => {
      const { base } = api;
      await findClient(api, caller.access, params.id);
      const { from, take = 50 } = query;
      const list = `connections of ${params.id}`;
      const after = from === undefined ? undefined : readPageToken(base.vault, list, from);
      const { connections } = await listConnections(base.db, { clientId: params.id }, { limit: take + 1, after });
      const shown = connections.slice(0, take);
      const last = connections.length > take ? shown.at(-1) : undefined;
      return {
        connections: shown.map((connection) => pickFields(listConnection(connection), query)),
        ...(last && { next: pageToken(base.vault, list, { created_at: last.created_at, id: last.id }) }),
      };
    },
  ),
];
