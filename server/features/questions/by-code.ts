import type { Base } from '../../base/base.ts';
import { type Guest, knowledgeOf } from './choose.ts';
import { armOf, type Chosen } from './decide.ts';
import { fieldsLeft } from './due.ts';
import { type LiveQuestion, toLive } from './live-questions.ts';
import { readQuestions } from './questions-store.ts';
import { mostQuestions } from './save.ts';

type Ground = Pick<Base, 'db' | 'settings'>;
type Named = LiveQuestion & { readonly name: string };

/** The questions that code may ask and that can be read, in their order, drafts among them: those are asked by code alone. From memory. */
export function questionsForCode({ db, settings }: Ground): Promise<Named[]> {
  return settings.remember('questions for code', async () => {
    const rows = await readQuestions(db, {}, { limit: mostQuestions, offset: 0 });
    return rows.flatMap((row) => {
      const question = toLive(row);
      return question ? [{ ...question, name: row.name }] : [];
    });
  });
}

/**
 * What code asks this customer now, in the variant that they always see: the fields of which nothing is known. When it
 * is due, pauses, hold-outs and "don't ask again" are for what the marketer asks; whoever writes code decides.
 *
 * @returns undefined where nothing is left to ask, and for a question that is paused, or another brand's, or not there
 */
export async function chooseForCode(
  ground: Ground,
  id: string,
  guest: Guest,
): Promise<Chosen<LiveQuestion> | undefined> {
  const question = (await questionsForCode(ground)).find((one) => one.id === id);
  if (!question || question.state === 'paused') return undefined;
  if (question.brand !== null && question.brand !== guest.brand) return undefined;
  const { variant } = armOf(question, guest.customer.id);
  const fields = fieldsLeft(variant, await knowledgeOf(ground, guest, variant.fields), undefined);
  return fields.length === 0 ? undefined : { question, variant, fields, arm: 'asked' };
}
