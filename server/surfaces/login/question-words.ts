import type { Language } from '../../../contract/brands.ts';
import type { QuestionTexts } from '../../../contract/questions.ts';
import { languages } from '../../base/languages.ts';

/** A text in the first of these languages that it is written in, or in any; undefined: it is not written. */
export function textIn(texts: QuestionTexts | undefined, wishes: readonly Language[]): string | undefined {
  for (const language of [...wishes, ...languages]) {
    const found = texts?.[language];
    if (found !== undefined) return found;
  }
  return undefined;
}
