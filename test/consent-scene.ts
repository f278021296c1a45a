// The Lumière shop asks for its terms (required) and for skincare news (not), and people who sign up there.
import type { Base } from '../server/base/base.ts';
import { brandBySlug } from '../server/features/brands/brands.ts';
import { consentHistory, type KeptConsent } from '../server/features/consents/consents.ts';
import { askFor } from './consents.ts';
import type { Browser, Page } from './http-browser.ts';
import { openWorld, signUp, type World } from './sign-in-world.ts';

export type ConsentScene = {
  readonly world: World;
  readonly base: Base;
  /** Ids: of the brand, and of the two consents. */
  readonly brand: string;
  readonly terms: string;
  readonly news: string;
  /** Everything that this customer said, the oldest first. */
  said(email: string): Promise<KeptConsent[]>;
  /** Fills the sign-up form and ticks these boxes; ends where the code is typed. */
  fillSignUp(browser: Browser, email: string, boxes: Record<string, string>): Promise<Page>;
};

export const password = 'correct horse battery';

/** Is the browser back in the shop? */
export const atShop = (page: Page): boolean => page.url.origin === 'http://lumiere.example';

/** The box of a consent, ticked. */
export const box = (id: string): Record<string, string> => ({ [`consent.${id}`]: 'yes' });

/** `early@example.com` was there before there was anything to agree to. */
export async function openConsentScene(): Promise<ConsentScene> {
  const world = await openWorld();
  const { base } = world;
  const brand = (await brandBySlug(base.db, 'lumiere'))?.id ?? '';
  await signUp(world, world.browser(), 'early@example.com', password);
  const terms = await askFor(base, {
    brand,
    purpose: 'terms',
    required: true,
    position: 1,
    texts: {
      en: { label: 'I accept the terms of {brand}.', link: 'http://lumiere.example/terms' },
      de: { label: 'Ich nehme die Bedingungen von {brand} an.' },
    },
  });
  const news = await askFor(base, {
    brand,
    purpose: 'email',
    topic: 'skincare news',
    position: 2,
    texts: { en: { label: 'Mail me skincare news.', details: 'About once a month.' } },
  });
  return {
    world,
    base,
    brand,
    terms,
    news,
    async said(email) {
      const { id } = await world.customer(email);
      return (await consentHistory(base.db, id)).reverse();
    },
    async fillSignUp(browser, email, boxes) {
      const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
      return browser.submit(page, 'signup', { username: email, password, ...boxes });
    },
  };
}
