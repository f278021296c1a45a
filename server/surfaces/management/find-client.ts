import { Problem } from '../../base/errors.ts';
import { getPortal, type PortalRecord } from '../../features/portals/portals.ts';
import type { Api } from './route.ts';
import { type Sight, seesBrand } from './sight.ts';

/** A portal of the caller's brands. Problem `not_found` in Auth0's words, for one of other brands as for none. */
export async function findClient({ base }: Api, sight: Sight, clientId: string): Promise<PortalRecord> {
  const found = await getPortal(base.db, clientId);
  if (found && isSeen(sight, found.brand)) return found;
  throw new Problem('not_found', 'The client does not exist', { errorCode: 'inexistent_client' });
}

/** Those of these client ids that the caller may see. */
export async function seenClients({ base }: Api, sight: Sight, clientIds: readonly string[]): Promise<string[]> {
  if (sight.brands === null) return [...clientIds];
  const found = await Promise.all(clientIds.map((id) => getPortal(base.db, id)));
  return found.flatMap((one) => (one && isSeen(sight, one.brand) ? [one.client_id] : []));
}

/** A machine of no brand is the umbrella's. */
function isSeen(sight: Sight, brand: string | null): boolean {
  return brand === null ? sight.brands === null : seesBrand(sight, brand);
}
