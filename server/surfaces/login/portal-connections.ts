import type { Base } from '../../base/base.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import { Problem } from '../../base/errors.ts';
import {
  type Connection,
  connectionsOf,
  isNetwork,
  type NetworkConnection,
  type PasswordConnection,
} from '../../features/connections/connections.ts';
import { listPortals, type Portal } from '../../features/portals/portals.ts';

/** The ways in that a portal offers. */
export type Offer = { readonly store: PasswordConnection | undefined; readonly networks: readonly NetworkConnection[] };

/** What this portal offers: its password store, and the networks (also those without a button). */
export async function offerOf(base: Base, portal: Portal): Promise<Offer> {
  const connections = isAccountPages(portal)
    ? await offeredByBrand(base, portal)
    : await connectionsOf(base, portal.client_id);
  return { store: connections.find(isStore), networks: connections.filter(isNetwork) };
}

/** The portal's password store. Throws Problem `access_denied` (extra: text) when it has none. */
export async function passwordConnectionOf(base: Base, portal: Portal): Promise<PasswordConnection> {
  const { store } = await offerOf(base, portal);
  if (!store) throw new Problem('access_denied');
  return store;
}

/** The network that this portal offers under this name. Throws Problem `access_denied` (extra: text). */
export async function networkOf(base: Base, portal: Portal, name: string): Promise<NetworkConnection> {
  const { networks } = await offerOf(base, portal);
  const network = networks.find((one) => one.name === name);
  if (!network) throw new Problem('access_denied', undefined, { text: 'problem.network_unknown' });
  return network;
}

/** Are passkeys made and used here? As the password store says; where there is none, beside the networks. */
export function offersPasskeys({ config }: Pick<Base, 'config'>, { store, networks }: Offer): boolean {
  if (!hasPasskeys(config)) return false;
  return store ? store.options.authentication_methods?.passkey.enabled !== false : networks.length > 0;
}

/** Throws Problem `access_denied` (extra: text) when nobody can sign up by themselves here. */
export function requireSignUp(store: PasswordConnection): void {
  if (store.options.disable_signup) throw new Problem('access_denied', undefined, { text: 'problem.signup_closed' });
}

/** The portal as which the account pages themselves sign in. */
function isAccountPages({ settings }: Portal): boolean {
  return settings.client_metadata.account_pages !== undefined;
}

/** What any portal of the same brand offers, each connection once. */
async function offeredByBrand(base: Base, { brand, client_id }: Portal): Promise<Connection[]> {
  if (brand === null) return [];
  const others = await base.settings.remember(`portals-of:${brand}`, () => {
    return listPortals(base.db, { limit: 1000, start: { offset: 0 } }, { brand });
  });
  const offers = await Promise.all(
    others.filter((other) => other.client_id !== client_id).map((other) => connectionsOf(base, other.client_id)),
  );
  return [...new Map(offers.flat().map((connection) => [connection.id, connection])).values()];
}

function isStore(connection: Connection): connection is PasswordConnection {
  return connection.strategy === 'auth0';
}
