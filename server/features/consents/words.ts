import type { Language } from '../../../contract/brands.ts';
import type { WordingText, WordingTexts } from '../../../contract/consents.ts';

/** What stands on a page, in the language it is there in. */
export type Words = WordingText & { readonly language: Language };

/** The words of a version in the first of these languages that it has, with the brand's name in its place. */
export function wordsIn(texts: WordingTexts, wishes: readonly Language[], brand: string): Words {
  for (const language of [...wishes, ...languagesOf(texts)]) {
    const found = texts[language];
    if (!found) continue;
    const named = (text: string) => text.replaceAll('{brand}', brand);
    const { label, details, link } = found;
    return { language, label: named(label), ...(details && { details: named(details) }), ...(link && { link }) };
  }
  throw new Error('A wording has at least one language.');
}

/** The words as one text, as they are kept with an answer. */
export function textOf({ label, details, link }: WordingText): string {
  return [label, details, link].filter((part) => part !== undefined).join('\n\n');
}

function languagesOf(texts: WordingTexts): Language[] {
  const all: Language[] = ['en', 'de', 'es', 'fr'];
  return all.filter((language) => texts[language]);
}
