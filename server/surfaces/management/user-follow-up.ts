import { followUp, followUpDraft, followUpPatch } from '../../../contract/notes.ts';
import * as notes from '../../features/notes/notes.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { showFollowUp, writerOf } from './note-shapes.ts';
import { toldPresent } from './present.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const path = '/users/{id}/follow-up';

function show(one: notes.FollowUp | undefined) {
  return one === undefined ? null : showFollowUp(one);
}

/** What somebody means to do for a user, and when. */
export const userFollowUpRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path,
      summary: 'Read the follow-up of a user (customer); null: there is none',
      may: ['read:user_follow_ups'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: followUp.nullable(),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      return show(await notes.followUpOf(api.base.db, id));
    },
  ),
  route(
    {
      method: 'POST',
      path,
      summary: 'Set a follow-up for a user (customer) who has none that is open',
      may: ['create:user_follow_ups'],
      audit: 'note',
      together: true,
      params: idParams,
      query: nothing,
      body: followUpDraft,
      status: 201,
      reply: followUp,
    },
    async (api, { params, body, ...from }) => {
      const { caller } = from;
      const { id } = await findUser(api, from, params.id);
      return showFollowUp(await notes.setFollowUp(api.base.db, id, writerOf(caller), body));
    },
  ),
  route(
    {
      method: 'PATCH',
      path,
      summary: 'Change the follow-up of a user (customer), or mark it as done',
      may: ['update:user_follow_ups'],
      audit: 'note',
      together: true,
      params: idParams,
      query: nothing,
      body: followUpPatch,
      status: 200,
      reply: followUp,
    },
    async (api, { params, body: { if_version: version, ...change }, ...from }) => {
      const { db } = api.base;
      const { id } = await findUser(api, from, params.id);
      const changed = await toldPresent(notes.changeFollowUp(db, id, { ...change, version }), async () =>
        show(await notes.followUpOf(db, id)),
      );
      return showFollowUp(changed);
    },
  ),
  route(
    {
      method: 'DELETE',
      path,
      summary: 'Delete the follow-up of a user (customer)',
      may: ['delete:user_follow_ups'],
      audit: 'note',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      await notes.removeFollowUp(api.base.db, id);
    },
  ),
];
