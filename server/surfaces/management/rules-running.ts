import {
  ruleRunning,
  ruleRunningList,
  ruleRunningPatch,
  rulesOrder,
  rulesRunning,
  rulesRunningPatch,
} from '../../../contract/rules.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import {
  changeRule,
  changeRunning,
  getRule,
  orderRules,
  type Running,
  readRules,
  readRunning,
  statisticsOf,
} from '../../features/rules/rules.ts';
import { authorOf } from './caller.ts';
import { decidesForAll, isHarmlessHere, refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { ruleParams } from './rule-params.ts';
import { showRunning } from './rule-shape.ts';

/** How rules run: all together, and each of them. */
export const rulesRunningRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules/running',
      summary: 'Read how rules run, in their order, and how they did within the last hour',
      may: ['read:rules'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: ruleRunningList,
    },
    async ({ base }) => {
      const [running, rows, statistics] = [
        await readRunning(base.db),
        await readRules(base.db),
        await statisticsOf(base),
      ];
      return { ...show(running), rules: rows.map((row) => showRunning(base, row, statistics.get(row.id))) };
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/rules/running',
      summary: 'Skip all rules (break glass), let them run again, or change the time that they have together',
      may: ['update:rules'],
      audit: 'rule',
      together: true,
      params: nothing,
      query: nothing,
      body: rulesRunningPatch,
      status: 200,
      reply: rulesRunning,
    },
    async ({ base }, { body, caller, note }) => {
      refuseCode(caller.access);
      note.onPaths(Object.keys(body));
      return show(await changeRunning(base, { skipped: body.skipped, deadlineMs: body.deadline_ms }));
    },
  ),
  route(
    {
      method: 'PUT',
      path: '/rules/order',
      summary: 'Let rules run in this order: the ids of all rules',
      may: ['update:rules'],
      audit: 'rule',
      together: true,
      params: nothing,
      query: nothing,
      body: rulesOrder,
      status: 200,
      reply: rulesOrder,
    },
    async ({ base }, { body, caller, note }) => {
      refuseCode(caller.access);
      note.onPaths(['order']);
      await orderRules(base, body.ids);
      return body;
    },
  ),
  route(
    {
      method: 'GET',
      path: '/rules/{id}/running',
      summary: 'Read how a rule runs, and how it did within the last hour',
      may: ['read:rules'],
      params: ruleParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: ruleRunning,
    },
    async ({ base }, { params }) => showOne(base, params.id),
  ),
  route(
    {
      method: 'PATCH',
      path: '/rules/{id}/running',
      summary: 'Change what happens when a rule fails, how long it may take, or the settings of a library rule',
      may: ['update:rules'],
      audit: 'rule',
      together: true,
      params: ruleParams,
      query: nothing,
      body: ruleRunningPatch,
      status: 200,
      reply: ruleRunning,
    },
    async ({ base }, { params, body, caller, note }) => {
      const { on_failure: onFailure, deadline_ms: deadlineMs, settings, if_version: ifVersion } = body;
      note.onPaths(Object.keys(body).filter((name) => name !== 'if_version'));
      await changeRule(
        base,
        params.id,
        { onFailure, deadlineMs, settings },
        {
          author: authorOf(caller),
          check(present) {
            if (ifVersion !== undefined && present.version !== ifVersion) throw new Problem('changed_meanwhile');
            if (!isHarmlessHere(base, present) || decidesForAll(body)) refuseCode(caller.access);
          },
        },
      );
      return showOne(base, params.id);
    },
  ),
];

async function showOne(base: Base, id: string) {
  const row = await getRule(base.db, id);
  return showRunning(base, row, (await statisticsOf(base)).get(id));
}

function show({ skipped, deadlineMs }: Running) {
  return { skipped, deadline_ms: deadlineMs };
}
