import { z } from 'zod';
import { visit } from '../../../contract/customers.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { visitsOf } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { seesBrand } from './sight.ts';

/** At which brands a customer was seen. */
export const userVisitRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/visits',
      summary: 'List the brands where a user (customer) signs in, the latest first',
      may: ['read:users'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(visit),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      const seen = (await visitsOf(api.base.db, id)).filter(({ brand }) => seesBrand(from.caller.access, brand));
      const shown = seen.map(async ({ brand, firstAt, lastAt, count }) => {
        const slug = (await cachedBrand(api.base, brand))?.slug ?? brand;
        return { brand: slug, first_at: firstAt.toISOString(), last_at: lastAt.toISOString(), count };
      });
      return Promise.all(shown);
    },
  ),
];
