import { z } from 'zod';
import { type Store as Shown, store, storeDraft, storePatch } from '../../../contract/stores.ts';
import { Problem } from '../../base/errors.ts';
import {
  changeStore,
  countStores,
  createStore,
  getStore,
  readStores,
  removeStore,
  type Store,
} from '../../features/stores/stores.ts';
import { findBrandId } from './find-brand.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { toldPresent } from './present.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { uuidOf } from './uuid-of.ts';

/** Where brands sell in person. */
export const storeRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/stores',
      summary: 'List stores, of all brands or one (by id)',
      may: ['read:stores'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery, brand: z.uuid().optional() }),
      body: noBody,
      status: 200,
      reply: listOf('stores', store),
    },
    async ({ base }, { query, caller }) => {
      const seen = caller.access.brands;
      const asked = query.brand === undefined ? null : [query.brand];
      const brands = seen ? [...seen].filter((id) => !asked || asked.includes(id)) : asked;
      return listReply(base.vault, 'stores', query, {
        load: (limit, start) => readStores(base.db, { brands }, limit, start),
        after: ({ created_at, id }) => ({ created_at, id }),
        count: () => countStores(base.db, { brands }),
        show,
      });
    },
  ),
  route(
    {
      method: 'POST',
      path: '/stores',
      summary: 'Create a store',
      may: ['create:stores'],
      audit: 'store',
      together: true,
      params: nothing,
      query: nothing,
      body: storeDraft,
      status: 201,
      reply: store,
    },
    async ({ base }, { body, caller }) => {
      const brand = await findBrandId(base.db, caller.access, body.brand);
      return show(await createStore(base, brand, body));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/stores/{id}',
      summary: 'Read a store',
      may: ['read:stores'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: store,
    },
    async (api, { params, caller }) => show(await find(api, params.id, caller.access.brands)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/stores/{id}',
      summary: 'Change a store',
      may: ['update:stores'],
      audit: 'store',
      together: true,
      params: idParams,
      query: nothing,
      body: storePatch,
      status: 200,
      reply: store,
    },
    async (api, { params, body, caller, note }) => {
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      const { if_version: ifVersion, ...patch } = body;
      const { id } = await find(api, params.id, caller.access.brands);
      const act = changeStore(api.base, { id, patch, ifVersion });
      return show(await toldPresent(act, async () => show(await find(api, id, null))));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/stores/{id}',
      summary: 'Remove a store',
      may: ['delete:stores'],
      audit: 'store',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      const { id } = await find(api, params.id, caller.access.brands);
      await removeStore(api.base, id);
    },
  ),
];

/** A store of a brand that the caller sees; others are not there for them. */
async function find({ base }: Api, id: string, brands: ReadonlySet<string> | null): Promise<Store> {
  const found = await getStore(base.db, uuidOf(id, 'store'));
  if (!found || brands?.has(found.brand) === false) throw new Problem('not_found', 'The store does not exist');
  return found;
}

function show({ latitude, longitude, created_at, updated_at, ...plain }: Store): Shown {
  return {
    ...plain,
    position: latitude === null || longitude === null ? null : { latitude, longitude },
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
