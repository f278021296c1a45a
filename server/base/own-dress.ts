import { assetPath } from './assets.ts';
import type { Dress } from './pages.ts';

/** No brand's clothes: of pages that are the umbrella's own. */
export const ownDress: Dress = {
  name: 'Regulars',
  logo_url: null,
  stylesheet: assetPath('staff.css'),
  privacy_url: null,
  terms_url: null,
  support_url: null,
  texts: {},
};
