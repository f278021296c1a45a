import { z } from 'zod';
import { type Finding, finding } from '../../../contract/code-check.ts';
import { Problem } from '../../base/errors.ts';
import { hardToRead, readApart } from '../../base/read-apart.ts';
import type { TriggerId } from './triggers.ts';

const reader = new URL('./read-code.ts', import.meta.url);

/**
 * Looks at the code of a draft: whether it is JavaScript, and whether it asks `api` for something that cannot work at
 * this trigger, or for a factor that there is not. What is hidden from this look (`api[name]`) throws with its name when
 * it is called.
 *
 * @throws Problem `invalid_body` that names each with its line, or says that it is too hard to read; `busy`
 */
export function checkDraft(trigger: TriggerId, code: string): Promise<void> {
  return check(trigger, code, false);
}

/**
 * The same for code that is to run: it must export what is called at its trigger, too.
 *
 * @throws Problem `invalid_body`, `busy`
 */
export function checkDeployable(trigger: TriggerId, code: string): Promise<void> {
  return check(trigger, code, true);
}

async function check(trigger: TriggerId, code: string, toRun: boolean): Promise<void> {
  const found = await readApart(z.string().nullable(), reader, 'faultOf', [trigger, code, toRun]);
  const fault = found === undefined ? hardToRead : found;
  if (fault === null) return;
  throw new Problem('invalid_body', `Payload validation error: '${fault}' on property code.`);
}

/**
 * All that can be said of code without running it, in the order of its lines; undefined: it is too hard to read.
 *
 * @param questions ids and names of those that there are
 * @param secrets names of those that the action has; undefined where that is not known: then nothing is said of them
 * @throws Problem `busy`
 */
export function judgeCode(
  trigger: TriggerId,
  code: string,
  questions: ReadonlySet<string>,
  secrets?: ReadonlySet<string>,
): Promise<Finding[] | undefined> {
  return readApart(z.array(finding), reader, 'readCode', [trigger, code, questions, secrets]);
}
