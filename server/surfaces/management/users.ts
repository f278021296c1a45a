import { z } from 'zod';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { emailAddress, user, userDraft, userPatch } from '../../../contract/users.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import * as customers from '../../features/customers/customers.ts';
import { changeUser } from './change-user.ts';
import { createUser } from './create-user.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { findUser, showOne } from './find-user.ts';
import { idParams } from './id-params.ts';
import { listOf } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
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
    (api, { query, caller }) => (query.kind === 'page' ? pageOfUsers(api, query) : markedUsers(api, query, caller)),
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
    async ({ base }, { query }) => {
      const found = await customers.customersByEmail(base.db, normaliseEmail(query.email) ?? '');
      const identities = await customers.identitiesOfMany(
        base.db,
        found.map(({ id }) => id),
      );
      return found.map((one) => pickFields(showUser(one, identities.get(one.id) ?? []), query));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/users',
      summary: 'Create a user (customer) of a password connection',
      may: ['create:users'],
      params: nothing,
      query: nothing,
      body: userDraft,
      status: 201,
      reply: user,
    },
    async (api, { body, caller, ip }) => showOne(api, caller, await createUser(api, body, caller, ip)),
  ),
  route(
    {
      method: 'GET',
      path: '/users/{id}',
      summary: 'Read a user (customer)',
      may: ['read:users'],
      params: idParams,
      query: z.strictObject(fieldsQuery),
      body: noBody,
      status: 200,
      reply: user,
    },
    async (api, { params, query, caller }) =>
      pickFields(await showOne(api, caller, await findUser(api, params.id)), query),
  ),
  route(
    {
      method: 'PATCH',
      path: '/users/{id}',
      summary: 'Change a user (customer); metadata is merged one level deep',
      may: ['update:users', 'update:users_app_metadata'],
      params: idParams,
      query: nothing,
      body: userPatch,
      status: 200,
      reply: user,
    },
    async (api, { params, body, caller, ip }) => {
      if (!caller.scopes.has('update:users') && Object.keys(body).some((name) => name !== 'app_metadata')) {
        throw new Problem('access_denied', 'Insufficient scope, expected any of: update:users', {
          errorCode: 'insufficient_scope',
        });
      }
      const customer = await findUser(api, params.id);
      return showOne(api, caller, await changeUser(api, customer, body, caller, ip));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}',
      summary: 'Erase a user (customer) for ever',
      may: ['delete:users'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base, endSessions, erasures }, { params }) => {
      const customer = await customers.findByUserId(base.db, params.id);
      // Deleting twice is no error, as at Auth0.
      if (!customer) return;
      await customers.removeCustomer(base.db, customer.id, { at: now(), endSessions, others: erasures });
    },
  ),
];
