import { z } from 'zod';
import { rule, ruleDraft, rulePatch } from '../../../contract/rules.ts';
import { changeRule, countRules, createRule, getRule, readRules, removeRule } from '../../features/rules/rules.ts';
import { authorOf } from './caller.ts';
import { fieldsQuery, pickFields } from './fields.ts';
import { flag, listOf, paged, pageOf, pageQuery } from './paging.ts';
import { isHarmlessHere, refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { ruleParams } from './rule-params.ts';
import { showRule } from './rule-shape.ts';
import { refuseChanged } from './version.ts';

/** Auth0's resource, in its shapes: rules in the order in which they run. */
export const ruleRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules',
      summary: 'List rules',
      may: ['read:rules'],
      params: nothing,
      query: z.strictObject({ ...pageQuery, ...fieldsQuery, enabled: flag.optional() }),
      body: noBody,
      status: 200,
      reply: listOf('rules', rule, 'pages only'),
    },
    async ({ base }, { query }) => {
      const filter = { enabled: query.enabled };
      const rows = await readRules(base.db, filter, pageOf(query));
      const shown = rows.map((row) => pickFields(showRule(base, row), query));
      return paged('rules', shown, query, () => countRules(base.db, filter));
    },
  ),
  route(
    {
      method: 'POST',
      path: '/rules',
      summary: 'Create a rule',
      may: ['create:rules'],
      audit: 'rule',
      together: true,
      params: nothing,
      query: nothing,
      body: ruleDraft,
      status: 201,
      reply: rule,
    },
    async ({ base }, { body, caller }) => {
      refuseCode(caller.access);
      const { stage: _, ...draft } = body;
      return showRule(base, await createRule(base, draft, authorOf(caller)));
    },
  ),
  route(
    {
      method: 'GET',
      path: '/rules/{id}',
      summary: 'Read a rule',
      may: ['read:rules'],
      versioned: true,
      params: ruleParams,
      query: z.strictObject(fieldsQuery),
      body: noBody,
      status: 200,
      reply: rule,
    },
    async ({ base }, { params, query }) => pickFields(showRule(base, await getRule(base.db, params.id)), query),
  ),
  route(
    {
      method: 'PATCH',
      path: '/rules/{id}',
      summary: 'Change a rule',
      may: ['update:rules'],
      audit: 'rule',
      together: true,
      versioned: true,
      params: ruleParams,
      query: nothing,
      body: rulePatch,
      status: 200,
      reply: rule,
    },
    async ({ base }, { params, body, caller, ifMatch, note }) => {
      note.onPaths(Object.keys(body));
      const row = await changeRule(base, params.id, body, {
        author: authorOf(caller),
        check(present) {
          const isSwitch = Object.keys(body).every((name) => name === 'enabled');
          if (!isSwitch || !isHarmlessHere(base, present)) refuseCode(caller.access);
          const shown = showRule(base, present);
          const fields = Object.keys(body).join(',');
          refuseChanged(ifMatch, shown, pickFields(shown, { fields, include_fields: true }));
        },
      });
      return showRule(base, row);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/rules/{id}',
      summary: 'Remove a rule',
      may: ['delete:rules'],
      audit: 'rule',
      together: true,
      params: ruleParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    ({ base }, { params, caller }) =>
      removeRule(base, params.id, (present) => {
        if (!isHarmlessHere(base, present)) refuseCode(caller.access);
      }),
  ),
];
