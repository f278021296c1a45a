import type { Base } from '../../base/base.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import {
  type Connection,
  connectionsOf,
  isNetwork,
  isStore,
  isText,
  type NetworkConnection,
  type PasswordConnection,
  type TextConnection,
} from '../../features/connections/connections.ts';
import { listPortals, type Portal } from '../../features/portals/portals.ts';

/** The ways in that a portal offers. */
export type Offer = {
  readonly store: PasswordConnection | undefined;
  readonly networks: readonly NetworkConnection[];
  /** Codes by text message: where somebody carries the messages. */
  readonly text: TextConnection | undefined;
};

/** What this portal offers: its password store, the networks (also those without a button), codes by text message. */
export async function offerOf(base: Base, portal: Portal): Promise<Offer> {
  const connections = portal.is_account
    ? await offeredByBrand(base, portal)
    : await connectionsOf(base, portal.client_id);
  const text = connections.find(isText);
  const carried = text && (await textChannels(base)).includes('sms');
  return {
    store: connections.find(isStore),
    networks: connections.filter(isNetwork),
    text: carried ? text : undefined,
  };
}

/** The portal's password store. Throws Problem `access_denied` (extra: text) when it has none. */
export async function passwordConnectionOf(base: Base, portal: Portal): Promise<PasswordConnection> {
  const { store } = await offerOf(base, portal);
  if (!store) throw new Problem('access_denied');
  return store;
}

/** The portal's codes by text message. Throws Problem `access_denied` when it has none. */
export async function textConnectionOf(base: Base, portal: Portal): Promise<TextConnection> {
  const { text } = await offerOf(base, portal);
  if (!text) throw new Problem('access_denied', 'Codes by text message are not enabled for this client.');
  return text;
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
export function requireSignUp(store: PasswordConnection | TextConnection): void {
  if (store.options.disable_signup) throw new Problem('access_denied', undefined, { text: 'problem.signup_closed' });
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
