import { z } from 'zod';
import { client, clientDraft, clientPatch } from '../../../contract/clients.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import {
  countPortals,
  createPortal,
  listPortals,
  type PortalRecord,
  removePortal,
  rotateSecret,
  updatePortal,
} from '../../features/portals/portals.ts';
import { demandScope } from './caller.ts';
import { clientSettings, showClient } from './client-shape.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { findBrandId } from './find-brand.ts';
import { findClient } from './find-client.ts';
import { idParams } from './id-params.ts';
import { refuseStrongerMachine } from './machine-powers.ts';
import { checkpointQuery, flag, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import type { Sight } from './sight.ts';
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
    async ({ base }, { query, caller: { access } }) => {
      // None is global or of a third party, so a list of those is empty.
      const none = query.is_global === true || query.is_first_party === false;
      const only = { app_type: none ? ['-'] : query.app_type?.split(','), brands: access.brands };
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
      audit: 'portal',
      together: true,
      params: nothing,
      query: nothing,
      body: clientDraft,
      status: 201,
      reply: client,
    },
    async ({ base, validateClient }, { body, caller, note }) => {
      const draft = {
        name: body.name,
        app_type: body.app_type,
        brand: await brandOfNew(base, caller.access, body),
        enabled: body.enabled,
        settings: clientSettings(body),
      };
      note.onPaths(Object.keys(body));
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
    async (api, { params, query, caller }) => {
      const portal = await findClient(api, caller.access, params.id);
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
      audit: 'portal',
      together: true,
      params: idParams,
      query: nothing,
      body: clientPatch,
      status: 200,
      reply: client,
    },
    async (api, { params, body, caller, ifMatch, note }) => {
      const { base, validateClient } = api;
      const { client_secret } = body;
      note.onPaths(Object.keys(body));
      demandScope(caller, client_secret === undefined ? 'update:clients' : 'update:client_keys');
      if (Object.keys(body).some((name) => name !== 'client_secret')) demandScope(caller, 'update:clients');
      refuseAccountPages(await findClient(api, caller.access, params.id));
      await refuseStrongerMachine(base, caller, params.id);
      const patch = {
        name: body.name,
        app_type: body.app_type,
        client_secret,
        brand: body.brand === undefined ? undefined : await findBrandId(base.db, caller.access, body.brand),
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
      audit: 'portal',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      const found = await findClient(api, caller.access, params.id).catch(forgiveMissing);
      if (!found) return;
      await refuseStrongerMachine(api.base, caller, params.id);
      await removePortal(api.base, params.id);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/clients/{id}/rotate-secret',
      summary: 'Give a client (portal) a new secret',
      may: ['update:client_keys'],
      audit: 'portal',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: client,
    },
    async (api, { params, caller }) => {
      refuseAccountPages(await findClient(api, caller.access, params.id));
      await refuseStrongerMachine(api.base, caller, params.id);
      const { portal, client_secret } = await rotateSecret(api.base, params.id);
      return { ...showClient(portal), client_secret };
    },
  ),
];

/** The brand of a new portal; who is limited to brands names one of theirs, or has but one. */
async function brandOfNew(
  base: Api['base'],
  { brands }: Sight,
  { brand, app_type }: { brand?: string | undefined; app_type?: string | undefined },
): Promise<string | undefined> {
  if (brand !== undefined) return findBrandId(base.db, { brands }, brand);
  if (brands === null) return undefined;
  const [only, another] = brands;
  if (only !== undefined && another === undefined && app_type !== 'non_interactive') return only;
  throw new Problem('invalid_body', 'You are limited to some brands: name one of them (property brand).');
}

/** The account pages keep the portal that they sign in as; one that is removed is made anew when it is needed. */
function refuseAccountPages({ is_account, client_id }: PortalRecord): void {
  if (!is_account) return;
  throw new Problem(
    'access_denied',
    `The account pages themselves sign in as ${client_id}: it cannot be changed. Change the brand instead.`,
  );
}

function forgiveMissing(error: unknown): undefined {
  if (!isProblem(error, 'not_found')) throw error;
}
