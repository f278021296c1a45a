import type { Base } from '../../base/base.ts';
import { pickLanguage } from '../../base/languages.ts';
import type { Asked } from '../../features/accounts/accounts.ts';
import { type Brand, cachedBrand, defaultBrand } from '../../features/brands/brands.ts';
import { type Customer, visitsOf } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { type Caller, clientOf } from './caller.ts';
import { seesBrand } from './sight.ts';

/**
 * The circumstances of what a machine or staff ask through the API. Mails about it wear the brand of the portal that is
 * named, or of the machine; without one (staff has none) that of the customer's last visit, or else the umbrella's oldest.
 *
 * @param of `portal`: the `client_id` that the call names
 */
export async function askedBy(
  base: Base,
  { caller, ip }: { readonly caller: Caller; readonly ip: string },
  of: { customer?: Customer | undefined; portal?: string | undefined } = {},
): Promise<Asked> {
  const { customer, portal: clientId = clientOf(caller) } = of;
  const own = (await brandOf(base, clientId)) ?? (customer && (await brandOfLastVisit(base, caller, customer)));
  const brand = own ?? (await defaultBrand(base));
  const { locale } = customer?.attributes ?? {};
  const language = pickLanguage([typeof locale === 'string' ? locale : undefined], brand.default_language);
  return { brand, language, ip, portal: clientId };
}

async function brandOf(base: Base, clientId: string | undefined): Promise<Brand | undefined> {
  const id = clientId === undefined ? undefined : (await portal(base, clientId))?.brand;
  return id ? cachedBrand(base, id) : undefined;
}

async function brandOfLastVisit(base: Base, { access }: Caller, { id }: Customer): Promise<Brand | undefined> {
  const last = (await visitsOf(base.db, id)).find(({ brand }) => seesBrand(access, brand));
  return last && cachedBrand(base, last.brand);
}
