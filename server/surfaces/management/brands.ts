import { z } from 'zod';
import {
  brand,
  brandDraft,
  brandPatch,
  brandPreview,
  brandPreviewRequest,
  pageText,
} from '../../../contract/brands.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import type { Texts } from '../../base/languages.ts';
import {
  type Brand,
  brandBySlug,
  createBrand,
  getBrand,
  listBrands,
  removeBrand,
  updateBrand,
} from '../../features/brands/brands.ts';
import { forgetBrand } from '../../features/staff/staff.ts';
import * as account from '../account/account.ts';
import * as login from '../login/login.ts';
import { idParams } from './id-params.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { type Sight, seesBrand } from './sight.ts';
import { refuseNewBrand } from './umbrella-wide.ts';
import { refuseChanged } from './version.ts';

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
    async ({ base }, { query, caller }) => {
      const { brands, total } = await listBrands(base.db, pageOf(query), caller.access.brands);
      return paged('brands', brands.map(show), query, async () => total);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/brands',
      summary: 'Create a brand',
      may: ['create:brands'],
      audit: 'brand',
      together: true,
      params: nothing,
      query: nothing,
      body: brandDraft,
      status: 201,
      reply: brand,
    },
    async ({ base }, { body, caller }) => {
      refuseNewBrand(caller.access);
      return show(await createBrand(base, body));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/brands/preview',
      audit: 'nothing',
      summary: 'Show a page of the sign-in as it would be with a brand that is not saved',
      may: ['read:brands'],
      params: nothing,
      query: nothing,
      body: brandPreviewRequest,
      status: 200,
      reply: brandPreview,
    },
    async (api, { body, caller }) => {
      if (body.brand !== undefined) await find(api, caller.access, body.brand);
      return { html: await login.previewBrand(api.base, body) };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/brand-texts',
      summary: 'List the sentences of the pages that a brand can replace by its own',
      may: ['read:brands'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(pageText),
    },
    async () => [...textsOf('login', login.texts), ...textsOf('account', account.texts)],
  ),
  route(
    {
      method: 'GET',
      path: '/brands/{id}',
      summary: 'Read a brand, by id or slug',
      may: ['read:brands'],
      versioned: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: brand,
    },
    async (api, { params, caller }) => show(await find(api, caller.access, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/brands/{id}',
      summary: 'Change a brand, by id or slug',
      may: ['update:brands'],
      versioned: true,
      audit: 'brand',
      together: true,
      params: idParams,
      query: nothing,
      body: brandPatch,
      status: 200,
      reply: brand,
    },
    async (api, { params, body, ifMatch, caller, note }) => {
      note.onPaths(Object.keys(body));
      const { id } = await find(api, caller.access, params.id);
      return show(await updateBrand(api.base, id, body, (known) => refuseChanged(ifMatch, show(known))));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/brands/{id}',
      summary: 'Remove a brand without portals, by id or slug',
      may: ['delete:brands'],
      audit: 'brand',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      const { id } = await find(api, caller.access, params.id);
      await removeBrand(api.base, id);
      await forgetBrand(api.base.db, id, now());
    },
  ),
];

function textsOf(place: 'login' | 'account', texts: Texts): z.infer<typeof pageText>[] {
  return Object.entries(texts.en).map(([key, en]) => {
    const { de, es, fr } = texts;
    return { key, place, texts: { en, de: de[key] ?? en, es: es[key] ?? en, fr: fr[key] ?? en } };
  });
}

async function find({ base }: Api, sight: Sight, idOrSlug: string): Promise<Brand> {
  const isId = z.uuid().safeParse(idOrSlug).success;
  const found = isId ? await getBrand(base.db, idOrSlug) : await brandBySlug(base.db, idOrSlug);
  if (!found || !seesBrand(sight, found.id))
    throw new Problem('not_found', 'The brand does not exist', { errorCode: 'inexistent_brand' });
  return found;
}

function show(shown: Brand): z.infer<typeof brand> {
  return { ...shown, created_at: shown.created_at.toISOString(), updated_at: shown.updated_at.toISOString() };
}
