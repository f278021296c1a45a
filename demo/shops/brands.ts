import type { Drawing } from './drawings.ts';

/** What a storefront of the demo shows: words and colours, no logic. */
export type ShopBrand = {
  slug: 'lumiere' | 'northtrail';
  name: string;
  tagline: string;
  promise: string;
  colours: { main: string; onMain: string; page: string; ink: string; accent: string };
  font: string;
  products: readonly { name: string; note: string; price: string; tint: string; drawing: Drawing }[];
};

export const lumiere: ShopBrand = {
  slug: 'lumiere',
  name: 'Lumière',
  tagline: 'Skincare that knows your skin',
  promise: 'Sign in, and the shelf arranges itself for you: your scents, your skin, a gift in your birthday month.',
  colours: { main: '#7a2e4d', onMain: '#ffffff', page: '#fbf5f3', ink: '#2c1a22', accent: '#e9c9c0' },
  font: '"Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif',
  products: [
    { name: 'Rosée serum', note: 'Damask rose, for thirsty skin', price: '€ 38', tint: '#f0cfcf', drawing: 'serum' },
    { name: 'Nuit balm', note: 'Fig and sandalwood, overnight', price: '€ 44', tint: '#cdbfd6', drawing: 'jar' },
    { name: 'Citron mist', note: 'Sicilian lemon, all day', price: '€ 22', tint: '#efe3b4', drawing: 'spray' },
  ],
};

export const northtrail: ShopBrand = {
  slug: 'northtrail',
  name: 'Northtrail',
  tagline: 'Made for the long way round',
  promise: 'Sign in with what you have. One profile at Lumière and here: your size, your trails, your next walk.',
  colours: { main: '#1f4d3a', onMain: '#ffffff', page: '#f3f4ef', ink: '#18211c', accent: '#d9e3c8' },
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  products: [
    { name: 'Fjell jacket', note: 'Three layers, 390 g', price: '€ 249', tint: '#bcd0c0', drawing: 'jacket' },
    { name: 'Tarn 38 pack', note: 'Carries itself, almost', price: '€ 169', tint: '#d8cfae', drawing: 'pack' },
    { name: 'Ridge bottle', note: 'Steel, keeps tea for a day', price: '€ 29', tint: '#c3d3dd', drawing: 'bottle' },
  ],
};
