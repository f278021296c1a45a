// The demo umbrella as Regulars keeps it: brands, portals, connections. Made once, and wired anew when addresses change.

import type { ConnectionDraft } from '../../contract/connections.ts';
import type { Base } from '../../server/base/base.ts';
import { transact } from '../../server/base/db.ts';
import { writeOutgoingHosts } from '../../server/base/outgoing-hosts.ts';
import { brandBySlug, createBrand, updateBrand } from '../../server/features/brands/brands.ts';
import {
  createConnection,
  defaultPasswordConnection,
  listConnections,
  updateConnection,
} from '../../server/features/connections/connections.ts';
import {
  createGrant,
  createPortal,
  getPortal,
  listGrants,
  updatePortal,
} from '../../server/features/portals/portals.ts';
import type { DemoSecrets } from '../demo-secrets.ts';
import type { BrandSlug, Places } from '../places.ts';
import { brandAddresses, brandDrafts } from './brands.ts';
import { apps, connectionOptions, networkNames } from './networks.ts';

export const brandSlugs: readonly BrandSlug[] = ['lumiere', 'northtrail'];
export const portalIds: Readonly<Record<BrandSlug, string>> = {
  lumiere: 'lumiere-shop',
  northtrail: 'northtrail-shop',
};
const portalNames: Readonly<Record<BrandSlug, string>> = { lumiere: 'Lumière shop', northtrail: 'Northtrail shop' };

/**
 * Makes what is missing, and tells what there is where the shops and networks are now and what they prove themselves
 * with. Everything else stays as it was changed meanwhile.
 */
export async function wireUmbrella(base: Base, places: Places, secrets: DemoSecrets): Promise<void> {
  // The networks, and the shops with their logos, on ports of this machine.
  const own = [...networkNames.map((name) => places.networks[name]), ...brandSlugs.map((slug) => places.shops[slug])];
  const hosts = own.map((place) => new URL(place)).flatMap(({ port, host }) => (port === '' ? [] : [host]));
  await transact(base.db, (tx) => writeOutgoingHosts(tx, base.settings, hosts));
  await base.settings.refresh();
  for (const slug of brandSlugs) {
    const brand = await wireBrand(base, slug, places.shops[slug]);
    await wirePortal(base, slug, brand, places.shops[slug], secrets.shops[slug]);
    await allowReading(base, portalIds[slug]);
  }
  await wireConnection(base, { name: defaultPasswordConnection, strategy: 'auth0' });
  for (const network of networkNames) {
    const { strategy } = apps[network];
    const options = connectionOptions(network, places.networks[network], secrets.networks[network]);
    await wireConnection(base, { name: strategy, strategy, options });
  }
  await base.settings.refresh();
}

async function wireBrand(base: Base, slug: BrandSlug, shop: string): Promise<string> {
  const addresses = brandAddresses(shop);
  const known = await brandBySlug(base.db, slug);
  const brand = known
    ? await updateBrand(base, known.id, addresses)
    : await createBrand(base, { ...brandDrafts[slug], ...addresses });
  return brand.id;
}

async function wirePortal(base: Base, slug: BrandSlug, brand: string, shop: string, secret: string): Promise<void> {
  const wiring = {
    client_secret: secret,
    settings: { callbacks: [`${shop}/callback`], allowed_logout_urls: [`${shop}/`] },
  };
  const clientId = portalIds[slug];
  if (await getPortal(base.db, clientId)) {
    await updatePortal(base, clientId, wiring, () => undefined);
    return;
  }
  const draft = { client_id: clientId, name: portalNames[slug], app_type: 'regular_web', brand, ...wiring } as const;
  await createPortal(base, draft, () => undefined);
}

/** The shops show where each value of a profile comes from, which they ask the Management API. */
async function allowReading(base: Base, clientId: string): Promise<void> {
  const audience = `${base.config.issuer}api/v2/`;
  const [known] = await listGrants(base.db, { limit: 1, start: { offset: 0 } }, { client_id: clientId, audience });
  if (!known) await createGrant(base, { client_id: clientId, audience, scope: ['read:users'] });
}

async function wireConnection(base: Base, draft: ConnectionDraft): Promise<void> {
  const { connections } = await listConnections(base.db, { name: draft.name }, { limit: 1 });
  const [known] = connections;
  if (!known) await createConnection(base, { ...draft, enabled_clients: Object.values(portalIds) });
  else if (draft.options) await updateConnection(base, known.id, { options: draft.options });
}
