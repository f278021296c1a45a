import { z } from 'zod';
import { type RuleVersion, rule, ruleVersion, ruleVersionLine } from '../../../contract/rules.ts';
import { Problem } from '../../base/errors.ts';
import { getRule, readVersion, readVersions, restoreVersion, type VersionRow } from '../../features/rules/rules.ts';
import { authorOf } from './caller.ts';
import { refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { ruleParams } from './rule-params.ts';
import { showRule } from './rule-shape.ts';

const params = ruleParams.extend({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

/** What a rule was: every save is a version. */
export const ruleVersionRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules/{id}/versions',
      summary: 'List the saves of a rule, the newest first',
      may: ['read:rules'],
      params: ruleParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(ruleVersionLine),
    },
    async ({ base }, { params: { id } }) => {
      await getRule(base.db, id);
      return (await readVersions(base.db, id)).map(showLine);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/rules/{id}/versions/{version}',
      summary: 'Read what a rule was',
      may: ['read:rules'],
      params,
      query: nothing,
      body: noBody,
      status: 200,
      reply: ruleVersion,
    },
    async ({ base }, { params: { id, version } }) => {
      const found = await readVersion(base.db, id, version);
      if (!found) {
        throw new Problem('not_found', 'The rule has no such version', { errorCode: 'inexistent_rule_version' });
      }
      return showVersion(found);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/rules/{id}/versions/{version}/restore',
      summary: 'Bring back what a rule was, as a save like any other',
      may: ['update:rules'],
      audit: 'rule',
      together: true,
      params,
      query: nothing,
      body: noBody,
      status: 200,
      reply: rule,
    },
    async ({ base }, { params: { id, version }, caller }) => {
      refuseCode(caller.access);
      return showRule(base, await restoreVersion(base, id, version, authorOf(caller)));
    },
  ),
];

function showLine({ version, name, saved_by, saved_by_name, saved_at, restored }: VersionRow) {
  return {
    ...{ version, name, restored },
    saved_by: { id: saved_by, name: saved_by_name },
    saved_at: saved_at.toISOString(),
  };
}

function showVersion(row: VersionRow): RuleVersion {
  const { script, settings, on_failure, deadline_ms } = row;
  return {
    ...showLine(row),
    ...{ script, deadline_ms },
    settings: settings === null ? null : { ...Object(settings) },
    on_failure: on_failure === 'go_on' ? 'go_on' : 'refuse',
  };
}
