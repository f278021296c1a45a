import { z } from 'zod';
import {
  actionsRunning,
  bindingList,
  bindings,
  bindingsDraft,
  execution,
  triggerId,
  triggerList,
} from '../../../contract/actions.ts';
import { Problem } from '../../base/errors.ts';
import {
  type BindingRow,
  changeBindings,
  countBindings,
  idsOfActions,
  readAction,
  readBindings,
  readExecution,
  triggerIds,
} from '../../features/actions/actions.ts';
import { statisticsOf } from '../../features/rules/rules.ts';
import { showActions, showBindings, showTrigger } from './action-shape.ts';
import { idParams } from './id-params.ts';
import { pageOf, pageQuery } from './paging.ts';
import { refuseCode } from './refuse-code.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import { showLastHour } from './rule-shape.ts';

const { page, per_page } = pageQuery;
const triggerParams = z.strictObject({ triggerId });

/** Where actions run, which of them do, and how that ended. */
export const actionTriggerRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/actions/triggers',
      summary: 'List the triggers of actions',
      may: ['read:actions'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: triggerList,
    },
    async () => ({ triggers: triggerIds.map(showTrigger) }),
  ),
  route(
    {
      method: 'GET',
      path: '/actions/triggers/{triggerId}/bindings',
      summary: 'List what runs at a trigger, in order',
      may: ['read:actions'],
      params: triggerParams,
      query: z.strictObject({ page, per_page }),
      body: noBody,
      status: 200,
      reply: bindingList,
    },
    async (api, { params, query }) => ({
      total: await countBindings(api.base.db, params.triggerId),
      page: query.page,
      per_page: query.per_page,
      bindings: await show(api, await readBindings(api.base.db, params.triggerId, pageOf(query))),
    }),
  ),
  route(
    {
      method: 'PATCH',
      path: '/actions/triggers/{triggerId}/bindings',
      summary: 'Say what runs at a trigger, in this order',
      may: ['update:actions'],
      audit: 'action',
      together: true,
      params: triggerParams,
      query: nothing,
      body: bindingsDraft,
      status: 200,
      reply: bindings,
    },
    async (api, { params, body, caller, note }) => {
      refuseCode(caller.access);
      note.onPaths([`bindings.${params.triggerId}`]);
      return { bindings: await show(api, await changeBindings(api.base, params.triggerId, body.bindings)) };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/actions/running',
      summary: 'Read how actions did within the last hour',
      may: ['read:actions'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: actionsRunning,
    },
    async ({ base }) => {
      const statistics = await statisticsOf(base);
      const ran = await idsOfActions(base.db, [...statistics.keys()]);
      return { actions: ran.map((id) => ({ id, last_hour: showLastHour(statistics.get(id)) })) };
    },
  ),
  route(
    {
      method: 'GET',
      path: '/actions/executions/{id}',
      summary: 'Read how a run of a trigger ended; kept for ten days',
      may: ['read:actions'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: execution,
    },
    async ({ base }, { params, caller }) => {
      // What code fails with may tell anything of a customer.
      refuseCode(caller.access);
      const found = z.uuid().safeParse(params.id).success ? await readExecution(base.db, params.id) : undefined;
      if (!found) throw new Problem('not_found', 'The execution does not exist.');
      const { id, trigger, status, results, created_at, updated_at } = found;
      return {
        id,
        trigger_id: trigger,
        status,
        results,
        created_at: created_at.toISOString(),
        updated_at: updated_at.toISOString(),
      };
    },
  ),
];

async function show({ base }: Api, rows: readonly BindingRow[]) {
  const actions = await Promise.all(rows.map(({ action }) => readAction(base.db, action)));
  const shown = await showActions(
    base,
    actions.filter((one) => one !== undefined),
  );
  return showBindings(rows, shown);
}
