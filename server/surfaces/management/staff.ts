import { z } from 'zod';
import { staffMember, staffPatch, staffSession } from '../../../contract/staff.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  changeStaff,
  countStaff,
  endStaffSession,
  getStaff,
  readSessions,
  readStaffPage,
  removeStaff,
  type Staff,
} from '../../features/staff/staff.ts';
import { placeStaff } from '../../features/stores/stores.ts';
import { checkBrands } from './check-brands.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { toldPresent } from './present.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { showStaff, showStaffSession } from './staff-shape.ts';
import { uuidOf } from './uuid-of.ts';

const sessionParams = z.strictObject({ ...idParams.shape, session_id: z.string().max(100) });

/** The people who use the console, and their sessions. */
export const staffRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/staff',
      summary: 'List staff',
      may: ['read:staff'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery }),
      body: noBody,
      status: 200,
      reply: listOf('staff', staffMember),
    },
    async ({ base }, { query }) =>
      listReply(base.vault, 'staff', query, {
        load: async (limit, start) => showStaff(base.db, await readStaffPage(base.db, limit, start)),
        after: ({ created_at, id }) => ({ created_at: new Date(created_at), id }),
        count: () => countStaff(base.db),
        show: (member) => member,
      }),
  ),
  route(
    {
      method: 'GET',
      path: '/staff/{id}',
      summary: 'Read one of the staff',
      may: ['read:staff'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: staffMember,
    },
    async (api, { params }) => showOne(api, await find(api, params.id)),
  ),
  route(
    {
      method: 'PATCH',
      path: '/staff/{id}',
      summary: 'Change one of the staff, who may do no more than the caller; it holds from their next request on',
      may: ['update:staff'],
      audit: 'staff',
      together: true,
      params: idParams,
      query: nothing,
      body: staffPatch,
      status: 200,
      reply: staffMember,
    },
    async (api, { params, body, caller, note }) => {
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      const { if_version: ifVersion, stores, ...patch } = body;
      const id = uuidOf(params.id, 'staff member');
      await checkBrands(api.base.db, patch.brands);
      const also = stores && ((tx: Db) => placeStaff(tx, id, stores));
      const act = changeStaff(api.base, { by: caller, id, patch, ifVersion, ...(also && { also }) });
      const changed = await toldPresent(act, async () => showOne(api, await find(api, id)));
      return showOne(api, changed);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/staff/{id}',
      summary: 'Remove one of the staff, who may do no more than the caller; they are out at once',
      may: ['delete:staff'],
      audit: 'staff',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => removeStaff(api.base, { id: uuidOf(params.id, 'staff member'), by: caller }),
  ),
  route(
    {
      method: 'GET',
      path: '/staff/{id}/sessions',
      summary: 'List where one of the staff is signed in',
      may: ['read:staff'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(staffSession),
    },
    async (api, { params }) => {
      const { id } = await find(api, params.id);
      return (await readSessions(api.base.db, id, now())).map(showStaffSession);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/staff/{id}/sessions/{session_id}',
      summary: 'End one session of one of the staff',
      may: ['update:staff'],
      audit: 'staff',
      together: true,
      params: sessionParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, caller }) => {
      const session = uuidOf(params.session_id, 'session');
      await endStaffSession(api.base, { id: uuidOf(params.id, 'staff member'), session, by: caller });
    },
  ),
];

async function find({ base }: Api, id: string): Promise<Staff> {
  const found = await getStaff(base.db, uuidOf(id, 'staff member'));
  if (!found) throw new Problem('not_found', 'The staff member does not exist');
  return found;
}

async function showOne({ base }: Api, staff: Staff) {
  const [shown] = await showStaff(base.db, [staff]);
  return shown;
}
