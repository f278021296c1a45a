import { z } from 'zod';
import {
  action,
  actionDraft,
  actionList,
  actionPatch,
  actionTest,
  actionTested,
  actionVersion,
  rollback,
  triggerId,
  versionList,
} from '../../../contract/actions.ts';
import { Problem } from '../../base/errors.ts';
import {
  type ActionRow,
  changeAction,
  countActions,
  countVersions,
  createAction,
  deployAction,
  noAction,
  noVersion,
  readAction,
  readActions,
  readVersion,
  readVersions,
  removeAction,
  rollBack,
  tryAction,
} from '../../features/actions/actions.ts';
import { questionsForCode } from '../../features/questions/questions.ts';
import { hostOf } from '../triggers/triggers.ts';
import { showActions, showVersion } from './action-shape.ts';
import { authorOf } from './caller.ts';
import { idParams } from './id-params.ts';
import { flag, pageOf, pageQuery } from './paging.ts';
import { refuseCode } from './refuse-code.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';

const { page, per_page } = pageQuery;
const versionParams = z.strictObject({ actionId: z.string().max(100), id: z.string().max(100) });

/** The umbrella's own code: what is being written, and what was deployed. */
export const actionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/actions/actions',
      summary: 'List actions',
      may: ['read:actions'],
      params: nothing,
      query: z.strictObject({
        page,
        per_page,
        triggerId: triggerId.optional(),
        actionName: z.string().max(300).optional(),
        deployed: flag.optional(),
        installed: flag.optional(),
        /** Older clients ask for it; totals are always told. */
        include_totals: flag.optional(),
      }),
      body: noBody,
      status: 200,
      reply: actionList,
    },
    async ({ base }, { query }) => {
      // None is installed from a marketplace.
      const filter = { trigger: query.triggerId, name: query.actionName, deployed: query.deployed };
      const rows = query.installed ? [] : await readActions(base.db, filter, pageOf(query));
      const total = query.installed ? 0 : await countActions(base.db, filter);
      return { total, page: query.page, per_page: query.per_page, actions: await showActions(base, rows) };
    },
  ),
  route(
    {
      method: 'POST',
      path: '/actions/actions',
      summary: 'Create an action',
      may: ['create:actions'],
      audit: 'action',
      together: true,
      params: nothing,
      query: nothing,
      body: actionDraft,
      status: 201,
      reply: action,
    },
    async (api, { body, caller }) => {
      refuseCode(caller.access);
      const { supported_triggers, modules: _, deploy, ...draft } = body;
      const made = await createAction(api.base, { ...draft, trigger: triggerIn(supported_triggers) });
      if (deploy) await deployAction(api.base, made.id, authorOf(caller));
      return show(api, made.id);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/actions/actions/{id}',
      summary: 'Read an action',
      may: ['read:actions'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: action,
    },
    (api, { params }) => show(api, params.id),
  ),
  route(
    {
      method: 'PATCH',
      path: '/actions/actions/{id}',
      summary: 'Change an action; what runs stays as it was deployed',
      may: ['update:actions'],
      audit: 'action',
      together: true,
      params: idParams,
      query: nothing,
      body: actionPatch,
      status: 200,
      reply: action,
    },
    async (api, { params, body, caller, note }) => {
      refuseCode(caller.access);
      note.onPaths(Object.keys(body));
      const { id } = await find(api, params.id);
      const { supported_triggers, modules: _, ...patch } = body;
      await changeAction(api.base, id, {
        ...patch,
        ...(supported_triggers && { trigger: triggerIn(supported_triggers) }),
      });
      return show(api, id);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/actions/actions/{id}',
      summary: 'Remove an action with its versions; `force` also when it is bound',
      may: ['delete:actions'],
      audit: 'action',
      together: true,
      params: idParams,
      query: z.strictObject({ force: flag.default(false) }),
      body: noBody,
      status: 204,
    },
    async (api, { params, query, caller }) => {
      refuseCode(caller.access);
      const { id } = await find(api, params.id);
      await removeAction(api.base, id, query.force);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/actions/actions/{id}/deploy',
      summary: 'Deploy an action: what was written runs from now on',
      may: ['create:actions'],
      audit: 'action',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 202,
      reply: actionVersion,
    },
    async (api, { params, caller }) => {
      refuseCode(caller.access);
      const { id } = await find(api, params.id);
      const version = await deployAction(api.base, id, authorOf(caller));
      return showVersion(api.base, await find(api, id), version);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/actions/actions/{id}/test',
      summary: 'Try what is written of an action with an event; nothing that it asks for is done',
      may: ['create:actions'],
      audit: 'action',
      apart: 'The code may call out: it runs outside of any transaction.',
      params: idParams,
      query: nothing,
      body: actionTest,
      status: 200,
      reply: actionTested,
    },
    async (api, { params, body, caller, ip, note }) => {
      refuseCode(caller.access);
      const found = await find(api, params.id);
      await note.write(api.base.db);
      const tried = await tryAction(api.base, found, {
        event: body.payload,
        host: hostOf(api.base, { ip }),
        forms: () => questionsForCode(api.base),
      });
      const { asked, stopped = null, error = null, printed, ms } = tried;
      const console = printed.map(({ level, line }) => ({ level, text: line }));
      return { payload: { asked, stopped, error, console, duration_ms: ms } };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/actions/actions/{actionId}/versions',
      summary: "List an action's versions, the newest first",
      may: ['read:actions'],
      params: z.strictObject({ actionId: z.string().max(100) }),
      query: z.strictObject({ page, per_page }),
      body: noBody,
      status: 200,
      reply: versionList,
    },
    async (api, { params, query }) => {
      const { db } = api.base;
      const found = await find(api, params.actionId);
      const versions = await readVersions(db, found.id, pageOf(query));
      return {
        total: await countVersions(db, found.id),
        page: query.page,
        per_page: query.per_page,
        versions: versions.map((version) => showVersion(api.base, found, version)),
      };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/actions/actions/{actionId}/versions/{id}',
      summary: 'Read a version of an action',
      may: ['read:actions'],
      params: versionParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: actionVersion,
    },
    async (api, { params }) => {
      const found = await find(api, params.actionId);
      const version = isUuid(params.id) ? await readVersion(api.base.db, found.id, params.id) : undefined;
      if (!version) throw noVersion();
      return showVersion(api.base, found, version);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/actions/actions/{actionId}/versions/{id}/deploy',
      summary: 'Roll back: an earlier version runs again, as a new one',
      may: ['create:actions'],
      audit: 'action',
      together: true,
      params: versionParams,
      query: nothing,
      body: rollback,
      status: 202,
      reply: actionVersion,
    },
    async (api, { params, body, caller }) => {
      refuseCode(caller.access);
      const found = await find(api, params.actionId);
      if (!isUuid(params.id)) throw noVersion();
      const updatesDraft = body?.update_draft ?? false;
      const act = { action: found.id, version: params.id, updatesDraft, author: authorOf(caller) };
      const version = await rollBack(api.base, act);
      return showVersion(api.base, await find(api, found.id), version);
    },
  ),
];

async function find({ base }: Api, id: string): Promise<ActionRow> {
  const found = isUuid(id) ? await readAction(base.db, id) : undefined;
  if (!found) throw noAction();
  return found;
}

async function show(api: Api, id: string) {
  const [shown] = await showActions(api.base, [await find(api, id)]);
  return shown;
}

function triggerIn([trigger]: readonly { id: z.infer<typeof triggerId> }[]): z.infer<typeof triggerId> {
  if (!trigger)
    throw new Problem('invalid_body', "Payload validation error: 'One trigger' on property supported_triggers.");
  return trigger.id;
}

function isUuid(id: string): boolean {
  return z.uuid().safeParse(id).success;
}
