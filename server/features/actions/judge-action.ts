import { isPublicRegistry, otherRegistry } from '../../../contract/actions.ts';
import type { Finding } from '../../../contract/code-check.ts';
import { hardToRead } from '../../base/read-apart.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { linesOfTexts } from '../../base/syntax-tree.ts';
import { judgeCode } from './check-code.ts';
import { isDifferent, isStopping } from './finding-kinds.ts';
import { type Dependency, scriptsOf } from './modules.ts';
import { type TriggerId, triggerIds } from './triggers.ts';

/**
 * What of an action that is brought along is not here as it was; nothing: it runs as it is.
 *
 * @param questions ids and names of those that there are
 * @throws Problem `busy`
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
  const read = await judgeCode(trigger, code, questions, action.secrets && new Set(action.secrets));
  if (!read) return [{ message: `${hardToRead}.`, line: null, ...isStopping }];
  const { missing, replaced } = await worldFiles({ scripts: scriptsOf(action) });
  const lineOfText = linesOfTexts(code);
  // Its version may stand among the dependencies alone.
  const lineOf = (name: string) => lineOfText(name) ?? lineOfText(name.replace(/(?<=.)@.*$/, ''));
  const modules = missing.map(({ name, message }) => ({ message, line: lineOf(name), ...isStopping }));
  // Once, whether the code or its list of dependencies names it.
  const others = [...new Map(replaced.map((one) => [one.message, one])).values()].map(({ name, message }) => {
    return { message, line: lineOf(name), ...isDifferent };
  });
  const elsewhere = action.dependencies
    .filter(({ registry_url }) => !isPublicRegistry(registry_url ?? ''))
    .map(({ name }) => ({ message: `${name}: ${otherRegistry}.`, line: lineOf(name), ...isStopping }));
  return [...read, ...modules, ...others, ...elsewhere];
}

function isTrigger(id: string): id is TriggerId {
  return triggerIds.some((one) => one === id);
}
