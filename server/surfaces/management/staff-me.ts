import { staffMe } from '../../../contract/staff.ts';
import { Problem } from '../../base/errors.ts';
import { getStaff } from '../../features/staff/staff.ts';
import { noBody, nothing, type Route, route } from './route.ts';

/** Who is signed in at the console, and what they may: everything it shows or hides hangs on this. */
export const staffMeRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/staff/me',
      summary: 'Read who is signed in at the console, and what they may',
      may: 'staff',
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: staffMe,
    },
    async ({ base }, { caller }) => {
      const found = caller.kind === 'staff' ? await getStaff(base.db, caller.staffId) : undefined;
      if (!found) throw new Problem('unauthenticated');
      const { read, write, brands } = caller.access;
      return {
        id: found.id,
        name: found.name,
        email: found.email,
        roles: found.roles,
        scopes: [...caller.scopes].sort(),
        attributes: { read: read.paths, write: write.paths },
        brands: brands && [...brands],
        sign_out: '/staff/sign-out',
      };
    },
  ),
];
