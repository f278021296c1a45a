import type { Action, ActionVersion, Binding, ShownTrigger } from '../../../contract/actions.ts';
import type { Base } from '../../base/base.ts';
import {
  type ActionRow,
  type BindingRow,
  openSecrets,
  readVersionsById,
  type TriggerId,
  toDependencies,
  triggerOf,
  triggers,
  type VersionRow,
} from '../../features/actions/actions.ts';

const runtimes = ['node22'];

export function showTrigger(id: TriggerId): ShownTrigger {
  return {
    id,
    version: triggers[id].version,
    status: 'CURRENT',
    runtimes,
    default_runtime: 'node22',
    compatible_triggers: [],
    binding_policy: 'trigger-bound',
  };
}

/** Actions as the API shows them, each with the version that runs. */
export async function showActions(base: Pick<Base, 'db' | 'vault'>, actions: readonly ActionRow[]): Promise<Action[]> {
  const deployed = actions.flatMap((action) => action.deployed ?? []);
  const versions = await readVersionsById(base.db, deployed);
  return actions.map((action) => {
    const version = versions.find(({ id }) => id === action.deployed);
    return {
      ...showBase(action),
      ...showWritten(base, 'actions', action),
      status: 'built',
      built_at: action.built_at.toISOString(),
      ...(version && { deployed_version: showPlainVersion(base, action, version) }),
      on_failure: action.on_failure === 'go_on' ? 'go_on' : 'refuse',
      modules: [],
    };
  });
}

export function showVersion(base: Pick<Base, 'vault'>, action: ActionRow, version: VersionRow): ActionVersion {
  const { deployed_by: id, deployed_by_name: name } = version;
  const deployed_by = id === null || name === null ? null : { id, name };
  return { ...showPlainVersion(base, action, version), deployed_by, errors: [], action: showBase(action) };
}

/** Bindings as the API shows them; `actions` are theirs. */
export function showBindings(rows: readonly BindingRow[], actions: readonly Action[]): Binding[] {
  return rows.flatMap(({ id, trigger, action, display_name, created_at, updated_at }) => {
    const shown = actions.find((one) => one.id === action);
    if (!shown) return [];
    return [
      {
        id,
        trigger_id: triggerOf({ trigger }),
        display_name,
        action: shown,
        created_at: created_at.toISOString(),
        updated_at: updated_at.toISOString(),
      },
    ];
  });
}

function showBase(action: ActionRow) {
  const { id, name, all_changes_deployed, created_at, updated_at } = action;
  return {
    id,
    name,
    supported_triggers: [showTrigger(triggerOf(action))],
    all_changes_deployed,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}

function showPlainVersion(base: Pick<Base, 'vault'>, action: ActionRow, version: VersionRow) {
  const at = version.created_at.toISOString();
  return {
    id: version.id,
    action_id: action.id,
    ...showWritten(base, 'action_versions', version),
    deployed: version.id === action.deployed,
    number: version.number,
    status: 'built' as const,
    built_at: at,
    created_at: at,
    updated_at: at,
    supported_triggers: [showTrigger(triggerOf(action))],
    modules: [],
  };
}

/** Of secrets only their names, and when their values were set. */
function showWritten(
  base: Pick<Base, 'vault'>,
  place: 'actions' | 'action_versions',
  { code, dependencies, runtime, secrets }: Pick<VersionRow, 'code' | 'dependencies' | 'runtime' | 'secrets'>,
) {
  return {
    code,
    dependencies: toDependencies(dependencies),
    runtime,
    secrets: openSecrets(base, place, secrets).map(({ name, updated_at }) => ({ name, updated_at })),
  };
}
