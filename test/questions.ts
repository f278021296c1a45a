// Questions of a test's umbrella, live and first in the order.
import { type QuestionDraft, questionDraft } from '../contract/questions.ts';
import type { Base } from '../server/base/base.ts';
import { createQuestion, writePauseDays } from '../server/features/questions/questions.ts';
import { conditionFields } from '../server/surfaces/management/user-conditions.ts';

/** Makes a live question; gives its id. `draft` is read by the contract. */
export async function askLive(
  base: Base,
  draft: { name: string; content: unknown } & Partial<Omit<QuestionDraft, 'content'>>,
) {
  const read = questionDraft.parse({ state: 'live', ...draft });
  const { id } = await createQuestion(base, read, await conditionFields(base, () => true, null));
  await base.settings.refresh();
  return id;
}

/** One variant with these fields, and what else the content says. */
export function contentOf(fields: readonly object[], more: object = {}) {
  return { variants: [{ key: 'a', heading: { en: 'One question' }, fields }], ...more };
}

/** For so many days after a question nobody is asked anything. */
export async function pauseFor(base: Base, days: number): Promise<void> {
  await base.db.transaction().execute((tx) => writePauseDays(base, tx, days));
  await base.settings.refresh();
}
