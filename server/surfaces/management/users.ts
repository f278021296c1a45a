import { z } from 'zod';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { emailAddress, user, userDraft, userPatch, userWithConsents } from '../../../contract/users.ts';
import { now } from '../../base/clock.ts';
import { isProblem } from '../../base/errors.ts';
import { currentConsents } from '../../features/consents/consents.ts';
import * as customers from '../../features/customers/customers.ts';
import { demandScope } from './caller.ts';
import { changeUser } from './change-user.ts';
import { showCurrent } from './consent-shape.ts';
import { createUser } from './create-user.ts';
import { fieldsQuery, namesField, pickFields } from './fields.ts';
import { findUser, showOne } from './find-user.ts';
import { idParams } from './id-params.ts';
import { listOf } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { refuseHidden, seesBrand } from './sight.ts';
import { markedList, markedUsers, pageOfUsers } from './user-list.ts';
import { showUser } from './user-shape.ts';
import { listQuery } from './users-query.ts';

export const userRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users',
      summary: 'List users (customers) by page, or search and filter them',
      may: ['read:users'],
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: z.union([listOf('users', user, 'pages only'), markedList]),
    },
    (api, { query, ...from }) =>
      query.kind === 'page' ? pageOfUsers(api, query, from) : markedUsers(api, query, from),
  ),
  route(
    {
      method: 'GET',
      path: '/users-by-email',
      summary: 'Find users (customers) by e-mail address',
      may: ['read:users'],
      params: nothing,
      query: z.strictObject({ ...fieldsQuery, email: emailAddress }),
      body: noBody,
      status: 200,
      reply: z.array(user),
    },
    async ({ base }, { query, caller: { access }, note }) => {
      refuseHidden(access, ['email']);
      note.onMany();
      const all = await customers.customersByEmail(base.db, normaliseEmail(query.email) ?? '');
      const ids = all.map(({ id }) => id);
      const own = access.brands && (await customers.ofBrands(base.db, ids, access.brands));
      const found = all.filter(({ id }) => own?.has(id) ?? true);
      const identities = await customers.identitiesOfMany(base.db, ids);
      return found.map((one) => pickFields(showUser(one, identities.get(one.id) ?? [], access), query));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/users',
      summary: 'Create a user (customer) of a password connection',
      may: ['create:users'],
      audit: 'customer',
      apart: 'Passwords are hashed first, outside of any transaction.',
      params: nothing,
      query: nothing,
      body: userDraft,
      status: 201,
      reply: user,
    },
    async (api, { body, ...from }) => showOne(api, from.caller, await createUser(api, body, from)),
  ),
  route(
    {
      method: 'GET',
      path: '/users/{id}',
      summary: 'Read a user (customer); with `consents` only where `fields` names them, and by `read:consents`',
      may: ['read:users'],
      versioned: true,
      params: idParams,
      query: z.strictObject(fieldsQuery),
      body: noBody,
      status: 200,
      reply: userWithConsents,
    },
    async (api, { params, query, ...from }) => {
      const { caller } = from;
      const asksConsents = namesField(query, 'consents');
      if (asksConsents) demandScope(caller, 'read:consents');
      const customer = await findUser(api, from, params.id);
      const shown = await showOne(api, caller, customer);
      if (!asksConsents) return pickFields(shown, query);
      const all = await currentConsents(api.base.db, customer.id);
      const consents = all.filter(({ brand }) => seesBrand(caller.access, brand)).map(showCurrent);
      return pickFields({ ...shown, consents }, query);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/users/{id}',
      summary: 'Change a user (customer); metadata is merged one level deep',
      may: ['update:users', 'update:users_app_metadata'],
      versioned: true,
      audit: 'customer',
      apart: 'Passwords are hashed first, outside of any transaction.',
      params: idParams,
      query: nothing,
      body: userPatch,
      status: 200,
      reply: user,
    },
    async (api, { params, body, ...from }) => {
      const { caller } = from;
      if (Object.keys(body).some((name) => name !== 'app_metadata')) demandScope(caller, 'update:users');
      const customer = await findUser(api, from, params.id);
      return showOne(api, caller, await changeUser(api, customer, body, from));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}',
      summary: 'Erase a user (customer) for ever',
      may: ['delete:users'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      const { base, endSessions, erasures } = api;
      // Deleting twice is no error, as at Auth0.
      const customer = await findUser(api, from, params.id).catch(forgiveMissing);
      if (!customer) return;
      await customers.removeCustomer(base.db, customer.id, { at: now(), endSessions, others: erasures });
    },
  ),
];

function forgiveMissing(error: unknown): undefined {
  if (!isProblem(error, 'not_found')) throw error;
}
