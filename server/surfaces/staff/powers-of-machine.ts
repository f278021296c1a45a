import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { listGrants, machineLimits } from '../../features/portals/portals.ts';
import { type Powers, powersOf } from '../../features/staff/staff.ts';

/** What a machine may do at the Management API now; undefined when it is gone or closed, or its grant is. */
export async function powersOfMachine(
  { config }: Pick<Base, 'config'>,
  db: Db,
  clientId: string,
): Promise<Powers | undefined> {
  const audience = `${config.issuer}api/v2/`;
  const found = await machineLimits(db, clientId, audience);
  const [grant] = await listGrants(db, { limit: 1, start: { offset: 0 } }, { audience, client_id: clientId });
  if (!found || !grant) return undefined;
  const { reads, writes, brands } = found;
  return powersOf([{ scopes: grant.scope, reads, writes, brands }], null, new Set());
}
