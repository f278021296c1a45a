import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { Brand } from '../../features/brands/brands.ts';
import {
  portal as cachedPortal,
  createPortal,
  type Portal,
  type PortalCheck,
  updatePortal,
} from '../../features/portals/portals.ts';

/** Where the protocol sends somebody back who signed in to see their account. */
export function callbackOf({ config }: Pick<Base, 'config'>): string {
  return `${config.issuer}account/callback`;
}

/**
 * The account pages sign in as a portal of their own, one for each brand, made when it is first needed. It offers what
 * any portal of the brand offers, and asks for no consent; so nobody but these pages changes it.
 */
export async function accountPortal(base: Base, brand: Brand, check: PortalCheck): Promise<Portal> {
  const clientId = `account-${brand.slug}`;
  const known = await cachedPortal(base, clientId);
  const callbacks = [callbackOf(base)];
  if (known?.is_account) {
    // The umbrella may have moved to another address.
    if (known.settings.callbacks.includes(callbackOf(base))) return known;
    return updatePortal(base, clientId, { settings: { callbacks } }, check);
  }
  const settings = { callbacks, grant_types: ['authorization_code' as const] };
  try {
    const draft = { client_id: clientId, name: brand.name, brand: brand.id, settings, is_account: true };
    return (await createPortal(base, draft, check)).portal;
  } catch (error) {
    // Somebody else made it at the same moment.
    await base.settings.refresh();
    const made = isProblem(error, 'already_exists') ? await cachedPortal(base, clientId) : undefined;
    if (!made?.is_account) throw error;
    return made;
  }
}
