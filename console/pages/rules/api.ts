import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { RulesChecked } from '../../../contract/code-check.ts';
import type {
  Rule,
  RuleRunning,
  RuleVersion,
  ruleRunningPatch,
  rulesConfig,
  rulesRunningPatch,
  ruleTried,
  ruleTry,
  ruleTryInput,
  ruleVersionLine,
} from '../../../contract/rules.ts';
import { call, callVersioned } from '../../ui/api.ts';
import { forForm } from '../../ui/query-client.ts';

export type VersionLine = z.infer<typeof ruleVersionLine>;
export type Trial = z.input<typeof ruleTry>;
export type TryInput = z.infer<typeof ruleTryInput>;
export type Tried = z.infer<typeof ruleTried>;
type RunningPatch = z.infer<typeof ruleRunningPatch>;

const of = (id: string) => `/rules/${encodeURIComponent(id)}`;

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ['rule', id],
    queryFn: ({ signal }) => callVersioned<Rule>(of(id), { signal }),
    ...forForm,
  });
}

/** How one runs: what its form shows. */
export function runningQuery(id: string) {
  return queryOptions({
    queryKey: ['rule-running', id],
    queryFn: ({ signal }) => call<RuleRunning>(`${of(id)}/running`, { signal }),
    ...forForm,
  });
}

/** Has the server look at scripts, without running them. */
export async function checkRules(rules: readonly Pick<Rule, 'name' | 'script'>[]): Promise<RulesChecked['checked']> {
  const body = { rules: rules.map(({ name, script }) => ({ name, script })) };
  return (await call<RulesChecked>('/rules/check', { method: 'POST', body })).checked;
}

/** What of a script does not run here, or runs otherwise. */
export function checkQuery({ name, script }: Pick<Rule, 'name' | 'script'>) {
  return queryOptions({
    queryKey: ['rule-check', script],
    queryFn: async () => (await checkRules([{ name, script }])).flatMap(({ findings }) => findings),
  });
}

export function makeRule(draft: { name: string; script: string; enabled: boolean; order?: number }): Promise<Rule> {
  return call('/rules', { method: 'POST', body: draft });
}

export function changeRule(
  id: string,
  patch: Partial<Pick<Rule, 'name' | 'script' | 'enabled'>>,
  version?: string,
): Promise<Rule> {
  return call(of(id), { method: 'PATCH', body: patch, version });
}

export function changeRunning(id: string, patch: RunningPatch): Promise<RuleRunning> {
  return call(`${of(id)}/running`, { method: 'PATCH', body: patch });
}

export function removeRule(id: string): Promise<void> {
  return call(of(id), { method: 'DELETE' });
}

export function orderRules(ids: readonly string[]): Promise<unknown> {
  return call('/rules/order', { method: 'PUT', body: { ids } });
}

export function changeAll(patch: z.infer<typeof rulesRunningPatch>): Promise<unknown> {
  return call('/rules/running', { method: 'PATCH', body: patch });
}

export function addFromLibrary(library: string, settings: Readonly<Record<string, unknown>>): Promise<RuleRunning> {
  return call('/rules/library', { method: 'POST', body: { library, settings } });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ['rule-versions', id],
    queryFn: ({ signal }) => call<readonly VersionLine[]>(`${of(id)}/versions`, { signal }),
  });
}

export function versionQuery(id: string, version: number) {
  return queryOptions({
    queryKey: ['rule-versions', id, version],
    queryFn: ({ signal }) => call<RuleVersion>(`${of(id)}/versions/${version}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function restoreVersion(id: string, version: number): Promise<Rule> {
  return call(`${of(id)}/versions/${version}/restore`, { method: 'POST' });
}

/** What to try with: a customer's last sign-in as rules are given it, or one that is made up. */
export function tryInput(userId?: string): Promise<TryInput> {
  return call('/rules/try/input', { query: { user_id: userId } });
}

export const exampleInputQuery = queryOptions({
  queryKey: ['rule-try-input'],
  queryFn: () => tryInput(),
  staleTime: Number.POSITIVE_INFINITY,
});

export function tryRule(trial: Trial): Promise<Tried> {
  return call('/rules/try', { method: 'POST', body: trial });
}

export const configQuery = queryOptions({
  queryKey: ['rules-configs'],
  queryFn: ({ signal }) => listConfigs(signal),
});

/** The keys of the configuration; its values are for rules alone. */
export function listConfigs(signal?: AbortSignal): Promise<readonly z.infer<typeof rulesConfig>[]> {
  return call('/rules-configs', signal && { signal });
}

export function setConfig(key: string, value: string): Promise<unknown> {
  return call(`/rules-configs/${encodeURIComponent(key)}`, { method: 'PUT', body: { value } });
}

export function removeConfig(key: string): Promise<void> {
  return call(`/rules-configs/${encodeURIComponent(key)}`, { method: 'DELETE' });
}
