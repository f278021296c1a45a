import { leavesOf } from '../../../contract/conditions.ts';
import type { QuestionContent } from '../../../contract/questions.ts';
import { Problem } from '../../base/errors.ts';
import type { Caller } from './caller.ts';
import { mayRead } from './may-read.ts';
import { refuseHidden } from './sight.ts';

/**
 * Whom a question finds, and what it is answered, is seen by who makes it.
 *
 * @throws Problem `access_denied` for a condition or a field on what the caller may not see
 */
export function refuseHiddenContent(caller: Caller, { variants, when }: QuestionContent): void {
  const may = mayRead(caller);
  const hidden = when && leavesOf(when).find(({ attribute }) => !may(attribute));
  if (hidden) throw new Problem('access_denied', `You may not look for customers by ${hidden.attribute}.`);
  refuseHidden(
    caller.access,
    variants.flatMap(({ fields }) => fields.flatMap((field) => ('path' in field ? [field.path] : []))),
  );
}
