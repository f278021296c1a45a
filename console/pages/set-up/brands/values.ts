import type { BrandPatch } from '../../../../contract/brands.ts';
import type { Brand } from './api.ts';

/** What can be edited. */
export type BrandValues = ReturnType<typeof valuesOf>;

/** A brand as its form shows it: an address that is not set is empty. */
export function valuesOf(brand: Brand) {
  const { name, theme, texts, default_language, mfa } = brand;
  return {
    name,
    theme,
    texts,
    default_language,
    mfa,
    logo_url: brand.logo_url ?? '',
    website: brand.website ?? '',
    mail_from: brand.mail_from ?? '',
    mail_reply_to: brand.mail_reply_to ?? '',
    privacy_url: brand.privacy_url ?? '',
    terms_url: brand.terms_url ?? '',
    support_url: brand.support_url ?? '',
  };
}

/** Of an address that was emptied, the API wants null. */
export function patchOf(changes: Partial<BrandValues>): BrandPatch {
  const { name, theme, texts, default_language, mfa, ...addresses } = changes;
  const plain = { name, theme, texts, default_language, mfa };
  return { ...plain, ...Object.fromEntries(Object.entries(addresses).map(([key, value]) => [key, value || null])) };
}

/** What the preview is made of. An address that is only half typed is left out. */
export function draftOf(
  brand: string,
  { name, theme, texts, logo_url, privacy_url, terms_url, support_url }: BrandValues,
) {
  const whole = (address: string) => (URL.canParse(address) ? address : null);
  return {
    brand,
    name: name || '…',
    theme,
    texts,
    logo_url: whole(logo_url),
    privacy_url: whole(privacy_url),
    terms_url: whole(terms_url),
    support_url: whole(support_url),
  };
}
