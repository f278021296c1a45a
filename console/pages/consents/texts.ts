import type { Language } from '../../../contract/brands.ts';
import type { WordingText, WordingTexts } from '../../../contract/consents.ts';
import { languages } from '../../ui/languages.ts';
import { Refused } from '../../ui/refused.ts';

/** The words of one language while they are typed. */
export type TypedWords = { readonly label: string; readonly details: string; readonly link: string };
export type TypedTexts = Readonly<Record<Language, TypedWords>>;

export function typedOf(texts: WordingTexts): TypedTexts {
  function typed(language: Language): TypedWords {
    const { label = '', details = '', link = '' } = texts[language] ?? {};
    return { label, details, link };
  }
  return { en: typed('en'), de: typed('de'), es: typed('es'), fr: typed('fr') };
}

/** Is anything written in this language? */
export function isWritten({ label, details, link }: TypedWords): boolean {
  return [label, details, link].some((text) => text.trim() !== '');
}

/** As the API takes them. @throws Refused when there are none, or a language lacks what stands beside the box */
export function textsOf(typed: TypedTexts): WordingTexts {
  const texts: WordingTexts = {};
  for (const { value: language, label: name } of languages) {
    const { label, details, link } = typed[language];
    if (!isWritten(typed[language])) continue;
    if (label.trim() === '') {
      throw new Refused(`texts.${language}.label`, `The words beside the box are needed in ${name}, too.`);
    }
    texts[language] = { label, ...(details !== '' && { details }), ...(link.trim() !== '' && { link: link.trim() }) };
  }
  if (Object.keys(texts).length === 0) throw new Refused('texts.en.label', 'Write it in one language at least.');
  return texts;
}

/** “English and German”: the languages that it is written in. */
export function languagesOf(texts: WordingTexts): string {
  const names = languages.filter(({ value }) => texts[value]).map(({ label }) => label);
  return new Intl.ListFormat('en').format(names);
}

/** What a customer of this language reads: where it is not written in it, what they speak at the brand, else English. */
export function wordsFor(
  texts: WordingTexts,
  language: Language,
  speaks: Language,
): { readonly language: Language; readonly words: WordingText } | undefined {
  for (const wish of [language, speaks, ...languages.map(({ value }) => value)]) {
    const words = texts[wish];
    if (words) return { language: wish, words };
  }
  return undefined;
}
