import type { Texts } from '../../base/languages.ts';
import { createPages, type Pages } from '../../base/pages.ts';
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };

/** Every sentence of the account pages. */
export const texts: Texts = { en, de, es, fr };

/** The account pages: templates in `pages/`, sentences in `texts/`. */
export const pages: Pages = createPages(new URL('./pages/', import.meta.url), texts);
