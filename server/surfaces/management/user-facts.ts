import { z } from 'zod';
import { fact } from '../../../contract/customers.ts';
import { explain } from '../../features/customers/customers.ts';
import { findUser } from './find-user.ts';
import { seesFactOf } from './hide.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { ruleNamesOf } from './rule-names.ts';

/** Where every value of a profile comes from. */
export const userFactRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/facts',
      summary: "List a user's current facts: what was said, by whom and when, and which of it holds",
      may: ['read:users'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(fact),
    },
    async (api, { params, ...from }) => {
      const customer = await findUser(api, from, params.id);
      const facts = await explain(api.base.db, customer.id);
      const names = await ruleNamesOf(
        api.base,
        facts.map(({ origin }) => origin),
      );
      return facts
        .filter(({ path, value }) => seesFactOf(customer, path, value, from.caller.access))
        .map(({ subject: _, at, ...rest }) => ({
          ...rest,
          origin_name: names.get(rest.origin) ?? null,
          at: at.toISOString(),
        }));
    },
  ),
];
