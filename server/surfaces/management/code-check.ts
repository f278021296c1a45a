import {
  type ActionsChecked,
  actionsCheck,
  actionsChecked,
  type RulesChecked,
  rulesCheck,
  rulesChecked,
} from '../../../contract/code-check.ts';
import { judgeAction } from '../../features/actions/actions.ts';
import { questionsForCode } from '../../features/questions/questions.ts';
import { judgeScript } from '../../features/rules/rules.ts';
import { readReach } from '../login/login.ts';
import { fewFindings } from './few-findings.ts';
import { refuseCode } from './refuse-code.ts';
import { nothing, type Route, route } from './route.ts';

/** Code from Auth0 is looked at before it is brought along; none of it is run or kept. */
export const codeCheckRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      audit: 'nothing',
      path: '/rules/check',
      summary: 'Look at scripts from Auth0 without running them: whether they run here as they are, and if not, why',
      may: ['create:rules'],
      params: nothing,
      query: nothing,
      body: rulesCheck,
      status: 200,
      reply: rulesChecked,
    },
    async ({ base }, { body, caller }) => {
      refuseCode(caller.access);
      const checked: RulesChecked['checked'] = [];
      const reachesAll = (await readReach(base.db)) === 'everybody';
      // One after the other: packages are bundled on the way, and sign-ins come first.
      for (const { name, script } of body.rules) {
        const { findings, configuration } = await judgeScript(script, reachesAll);
        checked.push({ name, findings: fewFindings(findings), configuration });
      }
      return { checked };
    },
  ),
  route(
    {
      method: 'POST',
      audit: 'nothing',
      path: '/actions/check',
      summary: 'Look at actions from Auth0 without running them: whether they run here as they are, and if not, why',
      may: ['create:actions'],
      params: nothing,
      query: nothing,
      body: actionsCheck,
      status: 200,
      reply: actionsChecked,
    },
    async ({ base }, { body, caller }) => {
      refuseCode(caller.access);
      const checked: ActionsChecked['checked'] = [];
      const named = (await questionsForCode(base)).flatMap(({ id, name }) => [id, name]);
      const questions = new Set(named);
      for (const { name, ...action } of body.actions) {
        checked.push({ name, findings: fewFindings(await judgeAction(action, questions)) });
      }
      return { checked };
    },
  ),
];
