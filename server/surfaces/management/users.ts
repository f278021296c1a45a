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
import { flag, listOf, paged, pageOf, pageQuery } from './paging.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { showUser } from './user-shape.ts';

const sort = z
  .string()
  .regex(/^[a-z_]+:(1|-1)$/)
  .transform((value, context) => {
    const [name, direction] = value.split(':');
    const by = customers.sortColumns.find((column) => column === name);
    if (by) return { by, descending: direction === '-1' };
    context.addIssue(`Users cannot be sorted by this field (allowed: ${customers.sortColumns.join(', ')})`);
    return z.NEVER;
  });

const listQuery = z.strictObject({
  ...pageQuery,
  ...fieldsQuery,
  sort: sort.optional(),
  /** Name of a connection. */
  connection: z.string().max(128).optional(),
  /** Searching is not built yet. */
  q: z.never().optional(),
  search_engine: z.literal('v3').optional(),
  primary_order: flag.optional(),
});

export const userRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users',
      summary: 'List users (customers)',
      may: ['read:users'],
      params: nothing,
      query: listQuery,
      body: noBody,
      status: 200,
      reply: listOf('users', user, 'pages only'),
    },
    async ({ base }, { query }) => {
      const filter = { connection: query.connection };
      const found = await customers.browseCustomers(base.db, filter, { ...pageOf(query), sort: query.sort });
      const identities = await customers.identitiesOfMany(
        base.db,
        found.map(({ id }) => id),
      );
      const shown = found.map((one) => pickFields(showUser(one, identities.get(one.id) ?? []), query));
      const list = await paged('users', shown, query, () => customers.countBrowsed(base.db, filter));
      return query.include_totals ? { ...z.looseObject({}).parse(list), length: shown.length } : list;
    },
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
