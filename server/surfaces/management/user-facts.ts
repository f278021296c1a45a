import { z } from 'zod';
import { fact } from '../../../contract/customers.ts';
import { explain } from '../../features/customers/customers.ts';
import { libraryOf, readRules } from '../../features/rules/rules.ts';
import { findUser } from './find-user.ts';
import { seesFactOf } from './hide.ts';
import { idParams } from './id-params.ts';
import { noBody, nothing, type Route, route } from './route.ts';

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
      const own = facts.some(({ origin }) => origin.startsWith('rule:')) ? await readRules(api.base.db) : [];
      const names = new Map<string, string>([
        ...[...libraryOf(api.base).values()].map(({ id, name }): [string, string] => [`library:${id}`, name]),
        ...own.map(({ id, name }): [string, string] => [`rule:${id}`, name]),
      ]);
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
