import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  Action,
  ActionPatch,
  ActionVersion,
  actionsRunning,
  actionTest,
  actionTested,
  Binding,
  bindingList,
  TriggerId,
  versionList,
} from '../../../contract/actions.ts';
import type { ActionsChecked } from '../../../contract/code-check.ts';
import { ApiError, call } from '../../ui/api.ts';
import { listActions } from '../../ui/list-actions.ts';
import { forForm } from '../../ui/query-client.ts';

export type Tested = z.infer<typeof actionTested>['payload'];

const of = (id: string) => `/actions/actions/${encodeURIComponent(id)}`;
const most = 100;

/** Where actions run, in the order in which a customer comes by them. */
export const triggers: readonly { readonly value: TriggerId; readonly label: string; readonly about: string }[] = [
  { value: 'post-login', label: 'Sign-in', about: 'After rules, at every sign-in, and when tokens are refreshed.' },
  { value: 'pre-user-registration', label: 'Before somebody registers', about: 'May refuse somebody new.' },
  {
    value: 'post-user-registration',
    label: 'After somebody registered',
    about: 'To tell others; nobody waits for it.',
  },
  { value: 'post-change-password', label: 'After a password change', about: 'To tell others; nobody waits for it.' },
  { value: 'credentials-exchange', label: 'A machine’s token', about: 'Claims and scopes for machines.' },
  { value: 'send-phone-message', label: 'A text message', about: 'Sends the code by a service of yours.' },
];

export const actionsQuery = queryOptions({ queryKey: ['actions'], queryFn: ({ signal }) => listActions(signal) });

export type ActionRunning = z.infer<typeof actionsRunning>['actions'][number];

/** How actions did within the last hour. */
export const actionsRunningQuery = queryOptions({
  queryKey: ['actions-running'],
  queryFn: async ({ signal }) => (await call<z.infer<typeof actionsRunning>>('/actions/running', { signal })).actions,
});

/** Where an action runs: at one trigger. */
export function triggerOf({ supported_triggers }: Action): TriggerId {
  return supported_triggers[0]?.id ?? 'post-login';
}

export function bindingsQuery(trigger: TriggerId) {
  return queryOptions({
    queryKey: ['action-bindings', trigger],
    queryFn: async ({ signal }) =>
      (
        await call<z.infer<typeof bindingList>>(`/actions/triggers/${trigger}/bindings`, {
          query: { per_page: most },
          signal,
        })
      ).bindings,
  });
}

/** What runs at a trigger, in this order: bindings that are there, or ids of actions that come to them. */
export function bind(trigger: TriggerId, bound: readonly (Binding | Action)[]): Promise<unknown> {
  const bindings = bound.map((one) =>
    'trigger_id' in one
      ? { ref: { type: 'binding_id', value: one.id }, display_name: one.display_name }
      : { ref: { type: 'action_id', value: one.id }, display_name: one.name },
  );
  return call(`/actions/triggers/${trigger}/bindings`, { method: 'PATCH', body: { bindings } });
}

export function actionQuery(id: string) {
  return queryOptions({
    queryKey: ['action', id],
    queryFn: ({ signal }) => call<Action>(of(id), { signal }),
    ...forForm,
  });
}

export function makeAction(draft: { name: string; trigger: TriggerId; code: string }): Promise<Action> {
  const { name, trigger, code } = draft;
  return call('/actions/actions', { method: 'POST', body: { name, code, supported_triggers: [{ id: trigger }] } });
}

/**
 * Changes what is written of an action.
 *
 * @param seen when what is changed was saved: whoever comes second is told; undefined: it is saved whatever is there
 */
export async function changeAction(id: string, patch: ActionPatch, seen: string | undefined): Promise<Action> {
  if (seen !== undefined) {
    const { updated_at } = await call<Action>(of(id));
    if (updated_at !== seen) throw new ApiError(412, 'changed_meanwhile', 'Somebody changed this meanwhile.', {});
  }
  return call(of(id), { method: 'PATCH', body: patch });
}

export function removeAction(id: string): Promise<void> {
  return call(of(id), { method: 'DELETE', query: { force: true } });
}

/** What is to be said of an action that is saved, and of the secrets that it reads. */
export function checkQuery(action: Action) {
  const { name, code, dependencies } = action;
  const secrets = action.secrets.map((secret) => secret.name);
  const shown = {
    ...{ name, code, secrets, trigger: triggerOf(action) },
    dependencies: dependencies.map((one) => ({ name: one.name, version: one.version })),
  };
  return queryOptions({
    queryKey: ['action-check', shown],
    queryFn: async () => {
      const { checked } = await call<ActionsChecked>('/actions/check', { method: 'POST', body: { actions: [shown] } });
      return checked.flatMap(({ findings }) => findings);
    },
  });
}

export function deployAction(id: string): Promise<ActionVersion> {
  return call(`${of(id)}/deploy`, { method: 'POST' });
}

/** What to test with: a customer's last sign-in as actions at this trigger are given it, or one that is made up. */
export async function testEvent(trigger: TriggerId, userId?: string): Promise<object> {
  const query = { user_id: userId };
  return (await call<z.infer<typeof actionTest>>(`/actions/triggers/${trigger}/event`, { query })).payload;
}

export function exampleEventQuery(trigger: TriggerId) {
  return queryOptions({
    queryKey: ['action-test-event', trigger],
    queryFn: () => testEvent(trigger),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function testAction(id: string, payload: unknown): Promise<{ payload: Tested }> {
  return call(`${of(id)}/test`, { method: 'POST', body: { payload } });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ['action-versions', id],
    queryFn: async ({ signal }) =>
      (await call<z.infer<typeof versionList>>(`${of(id)}/versions`, { query: { per_page: most }, signal })).versions,
  });
}

/** An earlier version runs again, and is what is being written. */
export function rollBack(id: string, version: string): Promise<ActionVersion> {
  return call(`${of(id)}/versions/${version}/deploy`, { method: 'POST', body: { update_draft: true } });
}
