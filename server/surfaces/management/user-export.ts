import { Readable } from 'node:stream';
import { z } from 'zod';
import { writeJson } from '../../base/json-stream.ts';
import { exportAll } from '../../features/customers/customers.ts';
import { hideFromExport } from './export-shape.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';

export const userExportRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/export',
      summary: 'Everything that is kept of a user (customer) and that you may see, without secrets',
      may: ['read:user_exports'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.record(z.string(), z.json()).meta({ id: 'UserExport' }),
    },
    async (api, { params, ...from }) => {
      const customer = await findUser(api, from, params.id);
      const parts = exportAll(api.base.db, customer.id, api.exports);
      return Readable.from(writeJson(hideFromExport(parts, from.caller.access)));
    },
  ),
];
