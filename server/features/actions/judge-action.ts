import { isProblem } from '../../base/errors.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { checkCode } from './check-code.ts';
import { type Dependency, scriptsOf } from './modules.ts';
import { type TriggerId, triggerIds } from './triggers.ts';

/** Why an action that is brought along does not run here; nothing: it runs as it is. */
export async function judgeAction(action: {
  readonly trigger: string;
  readonly code: string;
  readonly dependencies: readonly Dependency[];
}): Promise<{ message: string; line: number | null }[]> {
  const { trigger } = action;
  if (!isTrigger(trigger)) {
    return [{ message: `There is no trigger ${trigger} here. There are ${triggerIds.join(', ')}.`, line: null }];
  }
  const { missing } = await worldFiles({ scripts: scriptsOf(action) });
  return [...refusalOf(trigger, action.code), ...missing.map(({ message }) => ({ message, line: null }))];
}

function refusalOf(trigger: TriggerId, code: string): { message: string; line: number | null }[] {
  try {
    checkCode(trigger, code);
    return [];
  } catch (error) {
    if (!isProblem(error, 'invalid_body')) throw error;
    const [, message = error.message] =
      /^Payload validation error: '(.*)' on property code\.$/s.exec(error.message) ?? [];
    const [, line] = /\(line (\d+)/.exec(message) ?? [];
    return [{ message, line: line === undefined ? null : Number(line) }];
  }
}

function isTrigger(id: string): id is TriggerId {
  return triggerIds.some((one) => one === id);
}
