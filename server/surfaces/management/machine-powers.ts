import type { Base } from '../../base/base.ts';
import { type ClientGrant, listGrants } from '../../features/portals/portals.ts';
import { refuseMore } from '../../features/staff/staff.ts';
import type { Caller } from './caller.ts';
import { managementAudience } from './management-audience.ts';

type Ground = Pick<Base, 'config' | 'db'>;

/**
 * Nobody gives a machine what they do not have themselves: whoever holds a machine's secret may do what it may. Scopes
 * machines may give as at Auth0; attributes and brands that their own grant keeps from them they may not.
 *
 * @throws Problem `access_denied`
 */
export function refuseStrongerGrant(
  base: Ground,
  caller: Caller,
  { audience, scope, reads, writes, brands }: Pick<ClientGrant, 'audience' | 'scope' | 'reads' | 'writes' | 'brands'>,
): void {
  if (audience !== managementAudience(base)) return;
  refuseMore(caller, { scopes: caller.kind === 'staff' ? scope : [], reads, writes, brands });
}

/** Nor do they take over one that may do more: by a new secret, or by how it proves who it is. */
export async function refuseStrongerMachine(base: Ground, caller: Caller, clientId: string): Promise<void> {
  const filter = { audience: managementAudience(base), client_id: clientId };
  for (const grant of await listGrants(base.db, { limit: 10, start: { offset: 0 } }, filter)) {
    refuseStrongerGrant(base, caller, grant);
  }
}
