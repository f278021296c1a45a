import type { z } from 'zod';
import type { Action, bindingList } from '../../../contract/actions.ts';
import type { CodeChecked, Finding } from '../../../contract/code-check.ts';
import { call } from '../../ui/api.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { makeRule, setConfig } from './api.ts';
import type { ExportFile, Found, FoundAction, FoundConfig, FoundRule } from './read-export.ts';

/** Something that was found, and what the server says of it. */
export type Looked<T> = { readonly thing: T; readonly findings: readonly Finding[] };
export type Report = Omit<Found, 'rules' | 'actions'> & {
  readonly rules: readonly Looked<FoundRule>[];
  readonly actions: readonly Looked<FoundAction>[];
};

/** How one thing went. */
export type Done = { readonly what: string; readonly name: string; readonly refused: string | undefined };

const mostAtOnce = 20;
const mostBytes = 1024 * 1024;
const wanted = /\.(c?js|json|ya?ml)$/i;

/** The files that may be of an export, with their texts. */
export async function readFiles(files: readonly File[]): Promise<ExportFile[]> {
  const chosen = files.filter(
    ({ name, size, webkitRelativePath: path }) =>
      wanted.test(name) && size <= mostBytes && !/(^|\/)(node_modules|\.git)\//.test(path),
  );
  return Promise.all(
    chosen.map(async (file) => ({ path: file.webkitRelativePath || file.name, text: await file.text() })),
  );
}

/** Asks the server about everything; nothing is run or kept. */
export async function lookAt(found: Found, mayActions: boolean): Promise<Report> {
  const rules = await check('/rules/check', 'rules', found.rules, ({ name, script }) => ({ name, script }));
  const actions = mayActions
    ? await check('/actions/check', 'actions', found.actions, ({ name, trigger, code, dependencies }) => ({
        ...{ name, trigger, code, dependencies },
      }))
    : [];
  return { ...found, rules, actions };
}

async function check<T>(
  path: string,
  list: string,
  things: readonly T[],
  show: (thing: T) => object,
): Promise<Looked<T>[]> {
  const looked: Looked<T>[] = [];
  for (let from = 0; from < things.length; from += mostAtOnce) {
    const part = things.slice(from, from + mostAtOnce);
    const { checked } = await call<CodeChecked>(path, { method: 'POST', body: { [list]: part.map(show) } });
    looked.push(...part.map((thing, place) => ({ thing, findings: checked[place]?.findings ?? [] })));
  }
  return looked;
}

export function stops({ findings }: Looked<unknown>): boolean {
  return findings.some((finding) => finding.stops);
}

/**
 * Brings everything along, in its order.
 *
 * @param isOff all is switched off at first, whatever it was
 * @param tell is told after each
 */
export async function bringAlong(report: Report, isOff: boolean, tell: (done: Done) => void): Promise<void> {
  for (const { key, value } of report.configs) {
    if (value !== undefined) tell(await attempt('Value', key, () => setConfig(key, value)));
  }
  for (const { thing } of report.rules.filter((one) => !stops(one))) {
    const { name, script, enabled } = thing;
    tell(await attempt('Rule', name, () => makeRule({ name, script, enabled: enabled && !isOff })));
  }
  const deployed: string[] = [];
  for (const { thing } of report.actions.filter((one) => !stops(one))) {
    const { name, trigger, code, dependencies } = thing;
    const deploy = thing.deployed && !isOff;
    const draft = { ...{ name, code, dependencies, deploy }, supported_triggers: [{ id: trigger }] };
    const done = await attempt('Action', name, () => call<Action>('/actions/actions', { method: 'POST', body: draft }));
    if (deploy && done.refused === undefined) deployed.push(name);
    tell(done);
  }
  for (const [trigger, names] of Object.entries(report.bindings)) {
    const own = names.filter((name) => deployed.includes(name));
    if (own.length > 0) tell(await attempt('Trigger', trigger, () => bind(trigger, own)));
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

async function attempt(what: string, name: string, act: () => Promise<unknown>): Promise<Done> {
  try {
    await act();
    return { what, name, refused: undefined };
  } catch (error) {
    return { what, name, refused: refusalOf(error).text };
  }
}

/** Values that an export does not have, and must be typed. */
export function missingValues({ configs, actions }: Report): { configs: FoundConfig[]; secrets: string[] } {
  return {
    configs: configs.filter(({ value }) => value === undefined),
    secrets: actions.flatMap(({ thing }) => thing.secrets.map((secret) => `${secret} of ${thing.name}`)),
  };
}
