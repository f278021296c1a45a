import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { writeTextByCode } from '../../base/text-provider.ts';
import { type BindingRow, countBindings, holdBindings, holdNamed, replaceBindings, unbind } from './bindings-store.ts';
import type { ActionRow } from './store.ts';
import type { TriggerId } from './triggers.ts';

/** Which action is meant: by its id or name, or by the binding that it has already. */
export type BindingDraft = {
  readonly ref: { readonly type: 'binding_id' | 'action_id' | 'action_name'; readonly value: string };
  readonly display_name?: string | undefined;
};

const most = 100;

/**
 * These actions run at the trigger from now on, in this order, and no others.
 *
 * @throws Problem invalid_body for an action that is not there, was never deployed, is of another trigger, or comes twice
 */
export function changeBindings(
  { db, settings }: Pick<Base, 'db' | 'settings'>,
  trigger: TriggerId,
  drafts: readonly BindingDraft[],
): Promise<BindingRow[]> {
  if (drafts.length > most) throw invalid(`At most ${most} actions run at a trigger`);
  return transact(db, async (tx) => {
    const old = await holdBindings(tx, trigger);
    const ofType = (type: BindingDraft['ref']['type']) =>
      drafts.flatMap(({ ref }) => (ref.type === type ? [ref.value] : []));
    const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
    const ids = [...ofType('action_id').filter(isUuid), ...old.map(({ action }) => action)];
    const actions = await holdNamed(tx, ids, ofType('action_name'));
    const at = now();
    const rows = drafts.map((draft) => {
      const { ref, display_name } = draft;
      const action = actionOf(draft, old, actions);
      if (!action) throw invalid(`There is no action ${ref.value}`);
      if (action.trigger !== trigger) throw invalid(`The action ${action.name} is not for ${trigger}`);
      if (action.deployed === null) throw invalid(`The action ${action.name} must be deployed first`);
      const known = old.find((one) => one.action === action.id);
      return {
        id: known?.id ?? randomId(),
        trigger,
        action: action.id,
        display_name: display_name ?? known?.display_name ?? action.name,
        created_at: known?.created_at ?? at,
        updated_at: at,
      };
    });
    if (new Set(rows.map(({ action }) => action)).size < rows.length) throw invalid('An action runs once at a trigger');
    await replaceBindings(tx, trigger, rows);
    await tellCarried(tx, trigger, rows.length > 0);
    await settings.changed(tx);
    return rows;
  });
}

/** Where an action sends messages, none is missing for want of a provider. */
async function tellCarried(tx: Db, trigger: string, isBound: boolean): Promise<void> {
  if (trigger === 'send-phone-message') await writeTextByCode(tx, isBound);
}

/** An action that goes runs nowhere any more. */
export async function unbindAction(tx: Db, { id, trigger }: Pick<ActionRow, 'id' | 'trigger'>): Promise<void> {
  await unbind(tx, id);
  await tellCarried(tx, trigger, (await countBindings(tx, trigger)) > 0);
}

function actionOf(
  { ref: { type, value } }: BindingDraft,
  old: readonly BindingRow[],
  actions: readonly ActionRow[],
): ActionRow | undefined {
  if (type === 'action_name') return actions.find(({ name }) => name === value);
  const id = type === 'action_id' ? value : old.find((one) => one.id === value)?.action;
  return actions.find((one) => one.id === id);
}

function invalid(what: string): Problem {
  return new Problem('invalid_body', `Payload validation error: '${what}' on property bindings.`);
}
