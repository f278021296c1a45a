import { Readable } from 'node:stream';
import { z } from 'zod';
import { writeJson } from '../../base/json-stream.ts';
import { exportAll } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';

export const userExportRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/export',
      summary: 'Everything that is kept of a user (customer), without secrets',
      may: ['read:user_exports'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.record(z.string(), z.json()).meta({ id: 'UserExport' }),
    },
    async (api, { params }) => {
      const customer = await findUser(api, params.id);
      return Readable.from(writeJson(exportAll(api.base.db, customer.id, api.exports)));
    },
  ),
];
