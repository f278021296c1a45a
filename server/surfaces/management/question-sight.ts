import { leavesOf } from '../../../contract/conditions.ts';
import type { QuestionContent } from '../../../contract/questions.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { Caller } from './caller.ts';
import { mayRead } from './may-read.ts';
import { refuseHidden } from './sight.ts';

/** Could this caller make such a question, and see whom it finds? */
export function seesContent(caller: Caller, content: QuestionContent): boolean {
  try {
    refuseHiddenContent(caller, content);
  } catch (error) {
    if (isProblem(error, 'access_denied')) return false;
    throw error;
  }
  return true;
}

/**
 * Whom a question finds, and what it is answered, is seen by who makes it.
 *
 * @throws Problem `access_denied` for a condition or a field on what the caller may not see
 */
export function refuseHiddenContent(caller: Caller, { variants, when }: QuestionContent): void {
  const may = mayRead(caller);
  const hidden = when && leavesOf(when).find(({ attribute }) => !may(attribute));
  if (hidden) throw new Problem('access_denied', `You may not look for customers by ${hidden.attribute}.`);
  const fields = variants.flatMap((variant) => variant.fields);
  refuseHidden(
    caller.access,
    fields.flatMap((field) => ('path' in field ? [field.path] : [])),
  );
  // Whom it finds has said nothing to it yet.
  if (fields.some((field) => !('path' in field)) && !may('consent')) {
    throw new Problem('access_denied', 'You may not ask for consents: read:consents is needed.');
  }
}
