import { z } from 'zod';
import { fact } from '../../../contract/customers.ts';
import { explain } from '../../features/customers/customers.ts';
import { libraryOf, readRuleNames } from '../../features/rules/rules.ts';
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
      const ready = libraryOf(api.base);
      const own = await readRuleNames(api.base.db, [...new Set(facts.flatMap(({ origin }) => idAt(origin, 'rule')))]);
      const nameOf = (origin: string) => {
        const [id = ''] = idAt(origin, 'rule');
        const [library = ''] = idAt(origin, 'library');
        return own.get(id) ?? ready.get(library)?.name ?? null;
      };
      return facts
        .filter(({ path, value }) => seesFactOf(customer, path, value, from.caller.access))
        .map(({ subject: _, at, ...rest }) => ({ ...rest, origin_name: nameOf(rest.origin), at: at.toISOString() }));
    },
  ),
];

function idAt(origin: string, kind: 'rule' | 'library'): string[] {
  return origin.startsWith(`${kind}:`) ? [origin.slice(kind.length + 1)] : [];
}
