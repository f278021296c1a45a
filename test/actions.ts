// Actions for tests: made, deployed and bound in one go.

import type { Base } from '../server/base/base.ts';
import { randomId } from '../server/base/ids.ts';
import * as actions from '../server/features/actions/actions.ts';

type Draft = Partial<actions.ActionDraft> & { code: string };

/** These codes run at the trigger from now on, in this order, and no others. @returns the actions' ids */
export async function bindActions(
  base: Base,
  trigger: actions.TriggerId,
  drafts: readonly (string | Draft)[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const one of drafts) {
    const made = await actions.createAction(base, {
      name: `action ${randomId()}`,
      trigger,
      dependencies: [],
      runtime: 'node22',
      secrets: [],
      on_failure: 'refuse',
      ...(typeof one === 'string' ? { code: one } : one),
    });
    await actions.deployAction(base, made.id, { by: 'test', name: 'Test' });
    ids.push(made.id);
  }
  const refs = ids.map((value) => ({ ref: { type: 'action_id' as const, value } }));
  await actions.changeBindings(base, trigger, refs);
  await base.settings.refresh();
  return ids;
}
