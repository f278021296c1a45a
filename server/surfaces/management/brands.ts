import { z } from 'zod';
import { brand, brandDraft, brandPatch } from '../../../contract/brands.ts';
import { Problem } from '../../base/errors.ts';
import {
  type Brand,
  brandBySlug,
  createBrand,
  getBrand,
  listBrands,
  removeBrand,
  updateBrand,
} from '../../features/brands/brands.ts';
import { idParams } from './id-params.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';

export const brandRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/brands',
      summary: 'List brands',
      may: ['read:brands'],
      params: nothing,
      query: z.strictObject(pageQuery),
      body: noBody,
      status: 200,
      reply: listOf('brands', brand, 'pages only'),
    },
    async ({ base }, { query }) => {
      const { brands, total } = await listBrands(base.db, pageOf(query));
      return paged('brands', brands.map(show), query, async () => total);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/brands',
      summary: 'Create a brand',
      may: ['create:brands'],
      params: nothing,
      query: nothing,
      body: brandDraft,
      status: 201,
      reply: brand,
    },
    async ({ base }, { body }) => show(await createBrand(base, body)),
  ),
  route(
    {
      method: 'GET',
      path: '/brands/{id}',
      summary: 'Read a brand, by id or slug',
      may: ['read:brands'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: brand,
    },
    async (api, { params }) => show(await find(api, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/brands/{id}',
      summary: 'Change a brand, by id or slug',
      may: ['update:brands'],
      params: idParams,
      query: nothing,
      body: brandPatch,
      status: 200,
      reply: brand,
    },
    async (api, { params, body }) => show(await updateBrand(api.base, (await find(api, params.id)).id, body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/brands/{id}',
      summary: 'Remove a brand without portals, by id or slug',
      may: ['delete:brands'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params }) => removeBrand(api.base, (await find(api, params.id)).id),
  ),
];

async function find({ base }: Api, idOrSlug: string): Promise<Brand> {
  const isId = z.uuid().safeParse(idOrSlug).success;
  const found = isId ? await getBrand(base.db, idOrSlug) : await brandBySlug(base.db, idOrSlug);
  if (!found) throw new Problem('not_found', 'The brand does not exist', { errorCode: 'inexistent_brand' });
  return found;
}

function show(shown: Brand): z.infer<typeof brand> {
  return { ...shown, created_at: shown.created_at.toISOString(), updated_at: shown.updated_at.toISOString() };
}
