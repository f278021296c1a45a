/** Languages of the customers' pages and mails. */
export const languages = ['en', 'de', 'es', 'fr'] as const;

export type Language = (typeof languages)[number];

/** Sentences of one surface: language, then key. English has every key. */
export type Texts = Readonly<Record<Language, Readonly<Record<string, string>>>>;

/**
 * The first language of ours that is wished for.
 *
 * @param wishes in order: OIDC `ui_locales` (space separated) and HTTP `Accept-Language` (RFC 9110), each as sent
 * @param fallback what the brand speaks
 */
export function pickLanguage(wishes: readonly (string | undefined)[], fallback: string): Language {
  for (const wish of wishes) {
    const tags = (wish ?? '').slice(0, 500).split(/[\s,]+/);
    for (const tag of orderByWeight(tags)) {
      const found = toLanguage(tag);
      if (found) return found;
    }
  }
  return toLanguage(fallback) ?? 'en';
}

function toLanguage(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return languages.find((language) => language === primary);
}

function orderByWeight(tags: string[]): string[] {
  const weighed = tags.map((tag) => {
    const [name = '', weight] = tag.split(';q=');
    return { name, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  return weighed
    .filter((tag) => tag.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map((tag) => tag.name);
}
