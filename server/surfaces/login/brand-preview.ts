import type { BrandPreviewRequest } from '../../../contract/brands.ts';
import type { Base } from '../../base/base.ts';
import { type Connection, connectionsOf, isNetwork, listConnections } from '../../features/connections/connections.ts';
import { listPortals } from '../../features/portals/portals.ts';
import { draftDress } from './brand-style.ts';
import { toButton } from './network-buttons.ts';
import { pages } from './texts.ts';

const most = 1000;

/**
 * A page of the sign-in as it would look with a brand that is not saved, as HTML. It belongs to no flow: its forms lead
 * nowhere. Names, texts and colours of the brand are data to it, as they are to the page that customers see.
 */
export async function previewBrand(base: Base, asked: BrandPreviewRequest): Promise<string> {
  const { brand, page, language, theme = {}, texts = {} } = asked;
  const dress = draftDress({
    name: asked.name,
    theme,
    texts,
    logo_url: asked.logo_url ?? null,
    privacy_url: asked.privacy_url ?? null,
    terms_url: asked.terms_url ?? null,
    support_url: asked.support_url ?? null,
  });
  const offered = await offeredBy(base, brand);
  const store = offered.find(({ strategy }) => strategy === 'auth0');
  const networks = offered.filter(isNetwork).filter(({ show_as_button }) => show_as_button);
  const model = {
    networks: networks.map((network) => toButton(network, undefined)),
    // Whoever has no connection yet sees how most begin.
    password: store !== undefined || offered.length === 0,
    signup: true,
    // A button for them appears by script alone, and none runs here.
    passkeys: false,
    username: '',
    boxes: [],
  };
  return pages.render(page, model, { dress, language });
}

/** What the brand's portals offer, each connection once; where it has none yet, every connection. */
async function offeredBy(base: Base, brand: string | undefined): Promise<Connection[]> {
  const portals = brand ? await listPortals(base.db, { limit: most, start: { offset: 0 } }, { brand }) : [];
  const offers = await Promise.all(portals.map(({ client_id }) => connectionsOf(base, client_id)));
  const offered = [...new Map(offers.flat().map((connection) => [connection.id, connection])).values()];
  return offered.length > 0 ? offered : (await listConnections(base.db, {}, { limit: most })).connections;
}
