import type { BrandDraft } from '../../contract/brands.ts';
import type { BrandSlug } from '../places.ts';

/** The two brands of Meridian as Regulars knows them, without their addresses. */
export const brandDrafts: Readonly<Record<BrandSlug, BrandDraft>> = {
  lumiere: {
    slug: 'lumiere',
    name: 'Lumière',
    theme: {
      primary: '#7a2e4d',
      background: '#fbf5f3',
      text: '#2c1a22',
      muted: '#6f5a62',
      corners: 'round',
      font: 'serif',
    },
    texts: {
      en: { 'login.title': 'Welcome to Lumière', 'signup.title': 'Become a Lumière regular' },
      de: { 'login.title': 'Willkommen bei Lumière', 'signup.title': 'Stammgast bei Lumière werden' },
      es: { 'login.title': 'Te damos la bienvenida a Lumière', 'signup.title': 'Únete a Lumière' },
      fr: { 'login.title': 'Bienvenue chez Lumière', 'signup.title': 'Rejoignez Lumière' },
    },
    mail_from: 'Lumière <bonjour@lumiere.example>',
    mail_reply_to: 'care@lumiere.example',
    default_language: 'en',
  },
  northtrail: {
    slug: 'northtrail',
    name: 'Northtrail',
    theme: {
      primary: '#1f4d3a',
      background: '#f3f4ef',
      text: '#18211c',
      muted: '#565f58',
      corners: 'square',
      font: 'system',
    },
    texts: {
      en: { 'login.title': 'Sign in, then go outside' },
      de: { 'login.title': 'Anmelden, dann raus' },
      es: { 'login.title': 'Inicia sesión y sal fuera' },
      fr: { 'login.title': 'Connectez-vous, puis dehors' },
    },
    mail_from: 'Northtrail <basecamp@northtrail.example>',
    mail_reply_to: 'help@northtrail.example',
    default_language: 'en',
  },
};

/** What hangs on where the brand's shop is. */
export function brandAddresses(shop: string) {
  return {
    logo_url: `${shop}/logo.svg`,
    website: `${shop}/`,
    privacy_url: `${shop}/privacy`,
    terms_url: `${shop}/terms`,
    support_url: `${shop}/help`,
  };
}
