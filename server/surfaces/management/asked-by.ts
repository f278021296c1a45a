import type { Base } from '../../base/base.ts';
import { pickLanguage } from '../../base/languages.ts';
import type { Asked } from '../../features/accounts/accounts.ts';
import { cachedBrand, defaultBrand } from '../../features/brands/brands.ts';
import { portal } from '../../features/portals/portals.ts';

/**
 * The circumstances of what a machine (or staff, without a client) asks through the API: mails wear its brand, or else
 * the umbrella's oldest.
 */
export async function askedBy(base: Base, clientId: string | undefined, ip: string): Promise<Asked> {
  const brandId = clientId === undefined ? undefined : (await portal(base, clientId))?.brand;
  const own = brandId ? await cachedBrand(base, brandId) : undefined;
  const brand = own ?? (await defaultBrand(base));
  return { brand, language: pickLanguage([], brand.default_language), ip, portal: clientId };
}
