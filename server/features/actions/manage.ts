import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { unbindAction } from './bindings.ts';
import { isBound } from './bindings-store.ts';
import { checkDeployable, checkDraft } from './check-code.ts';
import { checkModules, type Dependency, fromDependencies, toDependencies } from './modules.ts';
import { mergeSecrets, openSecrets, type SecretDraft, sealSecrets } from './secrets.ts';
import * as store from './store.ts';
import { type TriggerId, triggerIds } from './triggers.ts';

type Ground = Pick<Base, 'db' | 'vault' | 'settings'>;

/** What is written of an action. */
export type ActionDraft = {
  readonly name: string;
  readonly trigger: TriggerId;
  readonly code: string;
  readonly dependencies: readonly Dependency[];
  readonly runtime: string;
  readonly secrets: readonly SecretDraft[];
  readonly on_failure: 'refuse' | 'go_on';
};

/**
 * Makes an action: its draft, which runs nowhere before it is deployed and bound.
 *
 * @throws Problem invalid_body when its code cannot work, already_exists for the name
 */
export async function createAction({ db, vault }: Ground, draft: ActionDraft): Promise<store.ActionRow> {
  await checkDraft(draft.trigger, draft.code);
  await checkModules(draft);
  const { secrets, dependencies, ...columns } = draft;
  const at = now();
  const written = {
    ...columns,
    dependencies: fromDependencies(dependencies),
    secrets: sealSecrets({ vault }, 'actions', mergeSecrets([], secrets, at)),
  };
  return store.insertAction(db, randomId(), written, at).catch(refuseTaken);
}

/**
 * Changes the draft, or the name. What runs stays as it was deployed.
 *
 * @throws Problem not_found, invalid_body, already_exists; conflict when it is bound to a trigger that it would leave
 */
export function changeAction(
  { db, vault, settings }: Ground,
  id: string,
  patch: { readonly [Name in keyof ActionDraft]?: ActionDraft[Name] | undefined },
): Promise<store.ActionRow> {
  const written = (old: store.ActionRow) => {
    const { trigger = triggerOf(old), code = old.code, dependencies = toDependencies(old.dependencies) } = patch;
    return { trigger, code, dependencies };
  };
  const look = async (old: store.ActionRow) => {
    const draft = written(old);
    await checkDraft(draft.trigger, draft.code);
    await checkModules(draft);
  };
  return holdLookedAt(db, id, look, async (tx, old) => {
    const { trigger, code } = written(old);
    const { name, runtime, on_failure, dependencies, secrets } = patch;
    if (trigger !== old.trigger && (await isBound(tx, id))) {
      throw new Problem('conflict', 'This action is bound to its trigger. Unbind it before you give it another one.');
    }
    const at = now();
    const known = openSecrets({ vault }, 'actions', old.secrets);
    const isWritten = [patch.code, runtime, dependencies, secrets, patch.trigger].some((one) => one !== undefined);
    const columns = {
      code,
      trigger,
      ...(name !== undefined && { name }),
      ...(runtime !== undefined && { runtime }),
      ...(on_failure !== undefined && { on_failure }),
      ...(dependencies && { dependencies: fromDependencies(dependencies) }),
      ...(secrets && { secrets: sealSecrets({ vault }, 'actions', mergeSecrets(known, secrets, at)) }),
      ...(isWritten && { all_changes_deployed: false, built_at: at }),
    };
    if (name !== undefined || on_failure !== undefined) await settings.changed(tx);
    return store.updateAction(tx, id, columns, at).catch(refuseTaken);
  });
}

/** The draft becomes a version, and that version runs wherever the action is bound. @throws Problem not_found, invalid_body */
export function deployAction(base: Ground, id: string, author: store.Author): Promise<store.VersionRow> {
  const look = (action: store.ActionRow) => checkToRun(action, action);
  return holdLookedAt(base.db, id, look, async (tx, action) => {
    const { code, runtime } = action;
    const secrets = openSecrets(base, 'actions', action.secrets);
    const written = {
      code,
      runtime,
      dependencies: JSON.stringify(action.dependencies),
      secrets: sealSecrets(base, 'action_versions', secrets),
    };
    const version = await store.insertVersion(tx, randomId(), id, written, author, now());
    await store.updateAction(tx, id, { deployed: version.id, all_changes_deployed: true }, now());
    await base.settings.changed(tx);
    return version;
  });
}

/**
 * An earlier version runs again, as a new one.
 *
 * @param updatesDraft its code is what is being written from now on, too
 * @throws Problem not_found, invalid_body
 */
export function rollBack(
  base: Ground,
  act: { action: string; version: string; updatesDraft: boolean; author: store.Author },
): Promise<store.VersionRow> {
  const look = async (action: store.ActionRow) => {
    const old = await store.readVersion(base.db, action.id, act.version);
    if (!old) throw noVersion();
    await checkToRun(action, old);
  };
  return holdLookedAt(base.db, act.action, look, async (tx, action) => {
    const old = await store.readVersion(tx, action.id, act.version);
    if (!old) throw noVersion();
    const { code, runtime, secrets } = old;
    const written = { code, runtime, dependencies: JSON.stringify(old.dependencies) };
    const columns = { ...written, secrets };
    const version = await store.insertVersion(tx, randomId(), action.id, columns, act.author, now());
    const opened = openSecrets(base, 'action_versions', secrets);
    await store.updateAction(
      tx,
      action.id,
      {
        deployed: version.id,
        all_changes_deployed: act.updatesDraft,
        ...(act.updatesDraft && { ...written, secrets: sealSecrets(base, 'actions', opened) }),
      },
      now(),
    );
    await base.settings.changed(tx);
    return version;
  });
}

/**
 * Removes an action with all its versions.
 *
 * @param force also when it is bound; it runs nowhere any more then
 * @throws Problem not_found, conflict
 */
export function removeAction({ db, settings }: Ground, id: string, force: boolean): Promise<void> {
  return transact(db, async (tx) => {
    const action = await holdAction(tx, id);
    if (!force && (await isBound(tx, id))) {
      throw new Problem(
        'conflict',
        'This action is bound to a trigger. Unbind it first, or delete it with force=true.',
      );
    }
    await unbindAction(tx, action);
    await store.deleteAction(tx, id);
    await settings.changed(tx);
  });
}

/** The trigger of a row. */
export function triggerOf({ trigger }: Pick<store.ActionRow, 'trigger'>): TriggerId {
  const found = triggerIds.find((id) => id === trigger);
  if (!found) throw new Error(`${trigger} is no trigger`);
  return found;
}

/** No action has this id. */
export function noAction(): Problem {
  return new Problem('not_found', 'That action does not exist.');
}

/** The action has no such version. */
export function noVersion(): Problem {
  return new Problem('not_found', 'That version of the action does not exist.');
}

async function checkToRun(
  action: store.ActionRow,
  { code, dependencies }: Pick<store.ActionRow, 'code' | 'dependencies'>,
): Promise<void> {
  await checkDeployable(triggerOf(action), code);
  await checkModules({ code, dependencies: toDependencies(dependencies) });
}

/**
 * Looks at an action and then holds it for a change, which begins anew where what was looked at is another by then: to
 * read code may take seconds, in which no transaction is open.
 */
async function holdLookedAt<Done>(
  db: Base['db'],
  id: string,
  look: (action: store.ActionRow) => Promise<void>,
  act: (tx: Base['db'], action: store.ActionRow) => Promise<Done>,
): Promise<Done> {
  for (;;) {
    const seen = await store.readAction(db, id);
    if (!seen) throw noAction();
    await look(seen);
    const done = await transact(db, async (tx) => {
      const action = await holdAction(tx, id);
      return wasWritten(seen) === wasWritten(action) ? { value: await act(tx, action) } : undefined;
    });
    if (done) return done.value;
  }
}

function wasWritten({ trigger, code, dependencies }: store.ActionRow): string {
  return JSON.stringify([trigger, code, dependencies]);
}

async function holdAction(tx: Base['db'], id: string): Promise<store.ActionRow> {
  const action = await store.holdAction(tx, id);
  if (!action) throw noAction();
  return action;
}

function refuseTaken(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new Problem('already_exists', 'An action with this name exists already.');
}
