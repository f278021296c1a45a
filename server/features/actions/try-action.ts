import { randomId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { OwnedLine, ScriptError } from '../../base/sandbox/marked-lines.ts';
import { triggerOf } from './manage.ts';
import { toDependencies } from './modules.ts';
import { createPipeline, namedValues } from './pipeline.ts';
import { type RunGround, runPipeline, type SignInRun, type TriggerRun } from './run.ts';
import { openSecrets } from './secrets.ts';
import type { ActionRow } from './store.ts';
import type { Command } from './told.ts';

/** What an action came to that was only tried. */
export type Tried = {
  /** What it asked for, in order; nothing of it was done. */
  readonly asked: readonly Command[];
  /** Why it stopped the act, if it did. */
  readonly stopped: JsonObject | undefined;
  readonly error: ScriptError | undefined;
  readonly printed: readonly OwnedLine[];
  readonly ms: number;
};

/** Runs an action's draft by itself, with its secrets and an empty cache. Calls to the outside happen; nothing is kept. */
export async function tryAction(
  base: RunGround,
  action: ActionRow,
  run: TriggerRun & Pick<SignInRun, 'forms'>,
): Promise<Tried> {
  const { id, name, code } = action;
  const dependencies = toDependencies(action.dependencies);
  const secrets = namedValues(openSecrets(base, 'actions', action.secrets));
  const bound = { id, name, onFailure: 'refuse' as const, secrets };
  const { program, ...others } = await createPipeline(
    'tried action',
    triggerOf(action),
    [bound],
    [{ name, code, dependencies }],
  );
  // Each in an isolate of its own: what sign-ins, or another's try, have left in `global` is not there.
  const pipeline = { ...others, program: { ...program, version: `${program.version} ${randomId()}` } };
  const { runs, commands, stopped, printed } = await runPipeline(base, pipeline, run, {
    canRedirect: true,
    executedRules: [],
    forms: run.forms,
  });
  const [{ error, ms } = { error: undefined, ms: 0 }] = runs;
  const { at: _, ...told } = stopped ?? { at: 0 };
  return { asked: commands, stopped: stopped && JSON.parse(JSON.stringify(told)), error, printed, ms };
}
