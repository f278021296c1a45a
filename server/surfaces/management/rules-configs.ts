import { z } from 'zod';
import { rulesConfig, rulesConfigDraft, rulesConfigKey, rulesConfigSet } from '../../../contract/rules.ts';
import { configKeys, removeConfig, setConfig } from '../../features/rules/rules.ts';
import { refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const params = z.strictObject({ key: rulesConfigKey });

/** Auth0's resource: what rules find as `configuration`. Values are for rules alone. */
export const rulesConfigRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules-configs',
      summary: 'List the keys of the configuration of rules',
      may: ['read:rules_configs'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(rulesConfig),
    },
    async ({ base }) => (await configKeys(base.db)).map((key) => ({ key })),
  ),
  route(
    {
      method: 'PUT',
      path: '/rules-configs/{key}',
      summary: 'Set a value of the configuration of rules; it is not shown again',
      may: ['update:rules_configs'],
      audit: 'rule',
      together: true,
      params,
      query: nothing,
      body: rulesConfigDraft,
      status: 200,
      reply: rulesConfigSet,
    },
    async ({ base }, { params: { key }, body: { value }, caller, note }) => {
      // It may say where a rule sends what it knows.
      refuseCode(caller.access);
      note.onPaths([key]);
      await setConfig(base, key, value);
      return { key, value };
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/rules-configs/{key}',
      summary: 'Remove a value of the configuration of rules',
      may: ['delete:rules_configs'],
      audit: 'rule',
      together: true,
      params,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async ({ base }, { params: { key }, caller, note }) => {
      // Without it a rule does something else, or nobody signs in.
      refuseCode(caller.access);
      note.onPaths([key]);
      await removeConfig(base, key);
    },
  ),
];
