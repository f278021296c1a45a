import type { z } from 'zod';
import type { Action, bindingList } from '../../../contract/actions.ts';
import type { ActionsChecked } from '../../../contract/code-check.ts';
import { call } from '../../ui/api.ts';
import { listActions } from '../../ui/list-actions.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { Refused } from '../../ui/refused.ts';
import type { RunningRules } from '../../ui/running-rules.ts';
import { checkRules, listConfigs, makeRule, setConfig } from './api.ts';
import {
  comesAlong,
  comingValues,
  isComplete,
  lookedAction,
  lookedRule,
  type Report,
  type Taken,
  withoutActions,
} from './import-values.ts';
import { inParts } from './in-parts.ts';
import type { Found, FoundAction, FoundRule } from './read-export.ts';

/** How one thing went. */
export type Done = {
  readonly what: 'Value' | 'Rule' | 'Action' | 'Trigger';
  readonly name: string;
  /** The page of what has one. */
  readonly page: string | undefined;
  /** What has become of it: it runs, or not yet. */
  readonly state: string;
  readonly refused: string | undefined;
};

/** Asks the server about everything; nothing is run or kept. */
export async function lookAt(found: Found, may: (scope: string) => boolean): Promise<Report> {
  const here = may('read:rules_configs') ? (await listConfigs()).map(({ key }) => key) : [];
  const taken = await takenNames(may);
  const rules = await askInParts(found.rules, showRule, async (part) => {
    return pairs(part, await checkRules(part)).map(([rule, said]) =>
      lookedRule(rule, said, found.configs, here, taken.rules),
    );
  });
  if (!may('create:actions')) return withoutActions({ ...found, rules, actions: [], here }, found.actions.length);
  const actions = await askInParts(found.actions, showAction, async (part) => {
    const body = { actions: part.map(showAction) };
    const { checked } = await call<ActionsChecked>('/actions/check', { method: 'POST', body });
    return pairs(part, checked).map(([action, { findings }]) => lookedAction(action, findings, taken.actions));
  });
  return { ...found, rules, actions, here };
}

const showRule = ({ name, script }: FoundRule) => ({ name, script });
const showAction = ({ name, trigger, code, dependencies }: FoundAction) => ({ name, trigger, code, dependencies });

/** Names are given once: what has one of these would be refused. */
async function takenNames(may: (scope: string) => boolean): Promise<Taken> {
  const rules = may('read:rules') ? (await call<RunningRules>('/rules/running')).rules : [];
  const actions = may('read:actions') ? await listActions() : [];
  return { rules: new Set(rules.map(({ name }) => name)), actions: new Set(actions.map(({ name }) => name)) };
}

async function askInParts<T extends { readonly name: string }, U>(
  things: readonly T[],
  shown: (thing: T) => unknown,
  ask: (part: readonly T[]) => Promise<U[]>,
): Promise<U[]> {
  const answers: U[] = [];
  for (const part of inParts(things, shown)) {
    answers.push(...(await ask(part).catch((error: unknown) => Promise.reject(naming(part, error)))));
  }
  return answers;
}

/** A refusal of one of many, by its name: `rules[3]` says nothing to whoever chose files. */
function naming(part: readonly { readonly name: string }[], error: unknown): unknown {
  const { field = '', text } = refusalOf(error);
  const one = part[Number(/^\w+\[(\d+)\]/.exec(field)?.[1])];
  return one ? new Refused(field, `${one.name.slice(0, 100)} cannot be looked at: ${text} Take its file out.`) : error;
}

function pairs<T, U>(things: readonly T[], answers: readonly U[]): [T, U][] {
  return things.flatMap((thing, place) => {
    const answer = answers[place];
    return answer === undefined ? [] : [[thing, answer] satisfies [T, U]];
  });
}

/**
 * Brings everything along, in its order. What misses a value comes switched off.
 *
 * @param isOff all is switched off at first, whatever it was
 * @param tell is told after each
 */
export async function bringAlong(report: Report, isOff: boolean, tell: (done: Done) => void): Promise<void> {
  for (const { key, value } of comingValues(report)) {
    tell(await attempt('Value', key, 'kept', () => setConfig(key, value)));
  }
  for (const rule of report.rules.filter(comesAlong)) {
    const { name, script, enabled } = rule.thing;
    const isOn = enabled && !isOff && isComplete(rule);
    const make = async () => pageOf('rules', await makeRule({ name, script, enabled: isOn }));
    tell(await attempt('Rule', name, isOn ? 'on' : 'switched off', make));
  }
  const deployed: string[] = [];
  for (const action of report.actions.filter(comesAlong)) {
    const { name, trigger, code, dependencies, deployed: wasDeployed } = action.thing;
    const deploy = wasDeployed && !isOff && isComplete(action);
    const secrets = action.thing.secrets.flatMap(({ key, value }) => (value === undefined ? [] : { name: key, value }));
    const draft = { ...{ name, code, dependencies, secrets, deploy }, supported_triggers: [{ id: trigger }] };
    const done = await attempt('Action', name, deploy ? 'deployed' : 'a draft', async () =>
      pageOf('actions', await call<Action>('/actions/actions', { method: 'POST', body: draft })),
    );
    if (deploy && done.refused === undefined) deployed.push(name);
    tell(done);
  }
  for (const [trigger, names] of Object.entries(report.bindings)) {
    const own = names.filter((name) => deployed.includes(name));
    if (own.length > 0) tell(await attempt('Trigger', trigger, `runs ${own.join(', ')}`, () => bind(trigger, own)));
  }
}

/** Behind what runs at the trigger already. */
async function bind(trigger: string, names: readonly string[]): Promise<void> {
  const path = `/actions/triggers/${encodeURIComponent(trigger)}/bindings`;
  const { bindings } = await call<z.infer<typeof bindingList>>(path, { query: { per_page: 100 } });
  const before = bindings.map(({ id, display_name }) => ({ ref: { type: 'binding_id', value: id }, display_name }));
  const added = names.map((name) => ({ ref: { type: 'action_name', value: name }, display_name: name }));
  await call(path, { method: 'PATCH', body: { bindings: [...before, ...added] } });
}

function pageOf(where: 'rules' | 'actions', { id }: { readonly id: string }): string {
  return `/${where}/${id}`;
}

/** @param act may tell the page of what it made */
async function attempt(what: Done['what'], name: string, state: string, act: () => Promise<unknown>): Promise<Done> {
  try {
    const made = await act();
    return { what, name, state, page: typeof made === 'string' ? made : undefined, refused: undefined };
  } catch (error) {
    return { what, name, state, page: undefined, refused: refusalOf(error).text };
  }
}
