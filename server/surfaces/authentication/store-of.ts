import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { connectionOfRealm, type PasswordConnection } from '../../features/connections/connections.ts';
import type { Portal } from '../../features/portals/portals.ts';

/** The password connection of this name or realm, if the portal offers it. Throws Problem invalid_body. */
export async function storeOf(base: Base, portal: Portal, name: string): Promise<PasswordConnection> {
  const store = await connectionOfRealm(base, portal.client_id, name);
  if (!store) throw new Problem('invalid_body', 'The connection does not exist or is not enabled for this client.');
  return store;
}
