import { z } from 'zod';
import { staffRole, staffRoleDraft, staffRolePatch } from '../../../contract/staff.ts';
import { changeRole, countRoles, createRole, getRole, readRoles, removeRole } from '../../features/staff/staff.ts';
import { checkBrands } from './check-brands.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { toldPresent } from './present.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { showRole } from './staff-shape.ts';
import { uuidOf } from './uuid-of.ts';

/** What staff may do: scopes, attributes and brands. `/roles` is Auth0's path, for customers' roles. */
export const staffRoleRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/staff-roles',
      summary: 'List roles of staff',
      may: ['read:staff_roles'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery }),
      body: noBody,
      status: 200,
      reply: listOf('staff_roles', staffRole),
    },
    async ({ base }, { query }) =>
      listReply(base.vault, 'staff_roles', query, {
        load: (limit, start) => readRoles(base.db, limit, start),
        after: ({ created_at, id }) => ({ created_at, id }),
        count: () => countRoles(base.db),
        show: showRole,
      }),
  ),
  route(
    {
      method: 'POST',
      path: '/staff-roles',
      summary: 'Create a role of staff, which gives no more than the caller has',
      may: ['create:staff_roles'],
      audit: 'role',
      together: true,
      params: nothing,
      query: nothing,
      body: staffRoleDraft,
      status: 201,
      reply: staffRole,
    },
    async ({ base }, { body, caller }) => {
      const { attributes, ...draft } = body;
      await checkBrands(base.db, body.brands);
      const columns = { ...draft, reads: attributes.read, writes: attributes.write };
      return showRole(await createRole(base, columns, { by: caller }));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/staff-roles/{id}',
      summary: 'Read a role of staff',
      may: ['read:staff_roles'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: staffRole,
    },
    async ({ base }, { params }) => showRole(await getRole(base.db, uuidOf(params.id, 'role'))),
  ),
  route(
    {
      method: 'PATCH',
      path: '/staff-roles/{id}',
      summary: 'Change a role of staff; its holders have it from their next request on',
      may: ['update:staff_roles'],
      audit: 'role',
      together: true,
      params: idParams,
      query: nothing,
      body: staffRolePatch,
      status: 200,
      reply: staffRole,
    },
    async ({ base }, { params, body, caller, note }) => {
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      const { if_version: ifVersion, attributes, ...plain } = body;
      const id = uuidOf(params.id, 'role');
      await checkBrands(base.db, body.brands);
      const patch = { ...plain, reads: attributes?.read, writes: attributes?.write };
      const act = changeRole(base, { by: caller, id, patch, ifVersion });
      return showRole(await toldPresent(act, async () => showRole(await getRole(base.db, id))));
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/staff-roles/{id}',
      summary: 'Remove a role of staff that nobody has; ready ones stay',
      may: ['delete:staff_roles'],
      audit: 'role',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params, caller }) => removeRole(base, { id: uuidOf(params.id, 'role'), by: caller }),
  ),
];
