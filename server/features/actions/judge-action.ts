import { isPublicRegistry, otherRegistry } from '../../../contract/actions.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { lineOfText } from '../../base/syntax-tree.ts';
import { type Finding, isDifferent, isStopping, judgeCode } from './check-code.ts';
import { type Dependency, scriptsOf } from './modules.ts';
import { type TriggerId, triggerIds } from './triggers.ts';

/**
 * What of an action that is brought along is not here as it was; nothing: it runs as it is.
 *
 * @param questions ids and names of those that there are
 */
export async function judgeAction(
  action: {
    readonly trigger: string;
    readonly code: string;
    /** Names of those that it has; left out: nothing is said of secrets. */
    readonly secrets?: readonly string[] | undefined;
    readonly dependencies: readonly (Dependency & { readonly registry_url?: string | null | undefined })[];
  },
  questions: ReadonlySet<string>,
): Promise<Finding[]> {
  const { trigger, code } = action;
  if (!isTrigger(trigger)) {
    const message = `There is no trigger ${trigger} here. There are ${triggerIds.join(', ')}.`;
    return [{ message, line: null, ...isStopping }];
  }
  const { missing, replaced } = await worldFiles({ scripts: scriptsOf(action) });
  const modules = missing.map(({ name, message }) => ({ message, line: lineOf(code, name), ...isStopping }));
  // Once, whether the code or its list of dependencies names it.
  const others = [...new Map(replaced.map((one) => [one.message, one])).values()].map(({ name, message }) => {
    return { message, line: lineOf(code, name), ...isDifferent };
  });
  const elsewhere = action.dependencies
    .filter(({ registry_url }) => !isPublicRegistry(registry_url ?? ''))
    .map(({ name }) => ({ message: `${name}: ${otherRegistry}.`, line: lineOf(code, name), ...isStopping }));
  const secrets = action.secrets && new Set(action.secrets);
  return [...judgeCode(trigger, code, questions, secrets), ...modules, ...others, ...elsewhere];
}

/** Where code asks for a module; its version may stand among the dependencies alone. */
function lineOf(code: string, name: string): number | null {
  return lineOfText(code, name) ?? lineOfText(code, name.replace(/(?<=.)@.*$/, ''));
}

function isTrigger(id: string): id is TriggerId {
  return triggerIds.some((one) => one === id);
}
