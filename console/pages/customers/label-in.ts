import type { ApiAttribute } from '../../../contract/customers.ts';

/** In the language of the browser, or else in English. */
export function labelIn(labels: ApiAttribute['labels']): string | undefined {
  const [language = 'en'] = navigator.language.split('-');
  return new Map(Object.entries(labels)).get(language) ?? labels.en;
}
