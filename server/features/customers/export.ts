import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { readLivingId } from './customers-store.ts';
import { readExport } from './export-store.ts';

/**
 * Everything this feature knows of a customer, to be handed to the customer: profile, identities, every fact that was
 * ever learned, proofs, visits, devices, timeline. Undefined when there is none. Instants are ISO texts.
 */
export async function exportOf(db: Db, customerId: string): Promise<JsonObject | undefined> {
  const living = await readLivingId(db, customerId);
  return living ? readExport(db, living) : undefined;
}
