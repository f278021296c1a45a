import { z } from 'zod';
import { staffInvitation, staffInvitationDraft } from '../../../contract/staff.ts';
import { Problem } from '../../base/errors.ts';
import {
  countInvitations,
  getInvitation,
  invite,
  readInvitations,
  revokeInvitation,
} from '../../features/staff/staff.ts';
import { getStore } from '../../features/stores/stores.ts';
import type { Caller } from './caller.ts';
import { checkBrands } from './check-brands.ts';
import { idParams } from './id-params.ts';
import { checkpointQuery, listOf, listReply, pageQuery } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { showInvitation } from './staff-shape.ts';
import { uuidOf } from './uuid-of.ts';

/** People who are asked by mail to join the staff. */
export const staffInvitationRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/staff-invitations',
      summary: 'List open invitations of staff',
      may: ['read:staff_invitations'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...checkpointQuery }),
      body: noBody,
      status: 200,
      reply: listOf('staff_invitations', staffInvitation),
    },
    async ({ base }, { query }) =>
      listReply(base.vault, 'staff_invitations', query, {
        load: (limit, start) => readInvitations(base.db, { limit, start }),
        after: ({ createdAt, id }) => ({ created_at: createdAt, id }),
        count: () => countInvitations(base.db),
        show: showInvitation,
      }),
  ),
  route(
    {
      method: 'POST',
      path: '/staff-invitations',
      summary: 'Invite somebody to the staff by mail, who may do no more than the caller',
      may: ['create:staff_invitations'],
      audit: 'invitation',
      together: true,
      params: nothing,
      query: nothing,
      body: staffInvitationDraft,
      status: 201,
      reply: staffInvitation,
    },
    async (api, { body, caller }) => {
      await checkBrands(api.base.db, body.brands);
      await checkStores(api, body.stores);
      return showInvitation(await invite(api.base, { by: caller, draft: body, from: senderOf(caller) }));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/staff-invitations/{id}',
      summary: 'Read an open invitation of staff',
      may: ['read:staff_invitations'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: staffInvitation,
    },
    async ({ base }, { params }) => showInvitation(await getInvitation(base.db, uuidOf(params.id, 'invitation'))),
  ),
  route(
    {
      method: 'DELETE',
      path: '/staff-invitations/{id}',
      summary: 'Revoke an open invitation of staff: its link is worth nothing from now on',
      may: ['delete:staff_invitations'],
      audit: 'invitation',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params }) => revokeInvitation(base, uuidOf(params.id, 'invitation')),
  ),
];

/** Who invites, as the mail names them. */
function senderOf(caller: Caller): { staff?: string; machine?: string; name: string } {
  const { name } = caller;
  return caller.kind === 'staff' ? { staff: caller.staffId, name } : { machine: caller.clientId, name };
}

async function checkStores({ base }: Api, stores: readonly string[]): Promise<void> {
  for (const id of new Set(stores)) {
    if (await getStore(base.db, id)) continue;
    throw new Problem('invalid_body', "Payload validation error: 'No such store' on property stores.");
  }
}
