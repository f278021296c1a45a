import type { Base } from '../../base/base.ts';
import { type ClientGrant, listGrants } from '../../features/portals/portals.ts';
import { refuseMore } from '../../features/staff/staff.ts';
import type { Caller } from './caller.ts';
import { managementAudience } from './management-audience.ts';

type Ground = Pick<Base, 'config' | 'db'>;

/**
 * Staff give no machine what they do not have themselves: whoever holds a machine's secret may do what it may. Machines
 * are held to their scopes alone, as at Auth0.
 *
 * @throws Problem `access_denied`
 */
export function refuseStrongerGrant(
  base: Ground,
  caller: Caller,
  { audience, scope, reads, writes }: Pick<ClientGrant, 'audience' | 'scope' | 'reads' | 'writes'>,
): void {
  if (caller.kind !== 'staff' || audience !== managementAudience(base)) return;
  refuseMore(caller, { scopes: scope, reads, writes, brands: null });
}

/** Nor do they take over one that may do more: by a new secret, or by how it proves who it is. */
export async function refuseStrongerMachine(base: Ground, caller: Caller, clientId: string): Promise<void> {
  if (caller.kind !== 'staff') return;
  const filter = { audience: managementAudience(base), client_id: clientId };
  for (const grant of await listGrants(base.db, { limit: 10, start: { offset: 0 } }, filter)) {
    refuseStrongerGrant(base, caller, grant);
  }
}
