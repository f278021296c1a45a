import { buttonOf, type NetworkConnection } from '../../features/connections/connections.ts';
import { lastConnection } from './browser-cookies.ts';
import type { PageVisit } from './page-visit.ts';
import { offerOf } from './portal-connections.ts';

/** A button to a network: `last` marks the one that was used last in this browser. */
export type NetworkButton = {
  readonly connection: string;
  readonly strategy: string;
  readonly label: string;
  readonly last: boolean;
};

/** The networks of this portal that have a button. */
export async function networkButtons({ base, request, visit }: PageVisit): Promise<NetworkButton[]> {
  const { networks } = await offerOf(base, visit.portal);
  const last = lastConnection(base.config, request);
  return networks.filter(({ show_as_button }) => show_as_button).map((network) => toButton(network, last));
}

/** The button of a network; `last`: the one that was used last. */
export function toButton(network: NetworkConnection, last: string | undefined): NetworkButton {
  const { name: connection, strategy } = network;
  return { connection, strategy, label: buttonOf(network).label, last: connection === last };
}
