import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Brand } from '../../features/brands/brands.ts';
import { portal as cachedPortal, createPortal, type Portal, type PortalCheck } from '../../features/portals/portals.ts';

/** Where the protocol sends somebody back who signed in to see their account. */
export function callbackOf({ config }: Pick<Base, 'config'>): string {
  return `${config.issuer}account/callback`;
}

/**
 * The account pages sign in as a portal of their own, one for each brand, made when it is first needed. It offers what
 * any portal of the brand offers.
 */
export async function accountPortal(base: Base, brand: Brand, check: PortalCheck): Promise<Portal> {
  const clientId = `account-${brand.slug}`;
  const known = await cachedPortal(base, clientId);
  if (known) return known;
  const settings = {
    callbacks: [callbackOf(base)],
    grant_types: ['authorization_code' as const],
    client_metadata: { account_pages: brand.slug },
  };
  try {
    const draft = { client_id: clientId, name: brand.name, brand: brand.id, settings };
    return (await createPortal(base, draft, check)).portal;
  } catch (error) {
    // Somebody else made it at the same moment.
    await base.settings.refresh();
    const made = isProblem(error, 'already_exists') ? await cachedPortal(base, clientId) : undefined;
    if (!made) throw error;
    return made;
  }
}
