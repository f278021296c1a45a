import { z } from 'zod';
import {
  type LibraryValue,
  libraryRuleDraft,
  libraryValue,
  ruleRunning,
  type LibraryRule as Shown,
  libraryRule as shape,
} from '../../../contract/rules.ts';
import { addLibraryRule, type LibraryRule, libraryOf, scriptOf } from '../../features/rules/rules.ts';
import { authorOf } from './caller.ts';
import { decidesForAll, isHarmless, refuseCode } from './refuse-code.ts';
import { noBody, nothing, type Route, route } from './route.ts';
import { showRunning } from './rule-shape.ts';
import { sees } from './sight.ts';

/** Ready rules, switched on by filling in a form. */
export const rulesLibraryRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/rules/library',
      summary: 'List the rules of the library: what each does, needs, and asks for',
      may: ['read:rules'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(shape),
    },
    async ({ base }) =>
      [...libraryOf(base).values()].map((rule) => ({ ...showCard(rule), needs_code: !isHarmless(base, rule.id) })),
  ),
  route(
    {
      method: 'GET',
      path: '/rules/library/values',
      summary: 'List the values that rules of the library keep of users: what each is called, and what its words mean',
      may: ['read:users'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(libraryValue),
    },
    async ({ base }, { caller }) =>
      [...libraryOf(base).values()].flatMap(valuesOf).filter(({ path }) => sees(caller.access, path)),
  ),
  route(
    {
      method: 'POST',
      path: '/rules/library',
      summary: 'Switch a rule of the library on',
      may: ['create:rules'],
      audit: 'rule',
      together: true,
      params: nothing,
      query: nothing,
      body: libraryRuleDraft,
      status: 201,
      reply: ruleRunning,
    },
    async ({ base }, { body, caller }) => {
      if (!isHarmless(base, body.library) || decidesForAll(body)) refuseCode(caller.access);
      const { on_failure: onFailure, deadline_ms: deadlineMs, ...draft } = body;
      const row = await addLibraryRule(base, { ...draft, onFailure, deadlineMs }, authorOf(caller));
      return showRunning(base, row, undefined);
    },
  ),
];

function valuesOf({ id, tells }: LibraryRule): LibraryValue[] {
  return (tells?.values ?? []).map(({ path, labels, type = null, choices }) => ({
    ...{ library: id, path, labels, type },
    choices: choices ? [...choices] : null,
  }));
}

const jsonSchema = z.record(z.string(), z.json());

function showCard(rule: LibraryRule): Omit<Shown, 'needs_code'> {
  const { id, name, card, needsConsent, topicIsEnough = false, callsOutside, settings, onFailure, deadlineMs } = rule;
  const { consentWhy, ...told } = card;
  return {
    ...{ id, name, ...told, needs_consent: needsConsent, consent_why: consentWhy, topic_is_enough: topicIsEnough },
    calls_outside: callsOutside,
    settings: jsonSchema.parse(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })),
    on_failure: onFailure,
    deadline_ms: deadlineMs,
    script: scriptOf(rule),
  };
}
