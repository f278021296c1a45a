import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import type { FactDraft } from './fact.ts';
import { deleteProofs } from './facts-store.ts';

const path = 'phone_number';

/**
 * A phone number that is replaced or taken away opens the account no more: in time it is somebody else's.
 *
 * @param before the value that held at the path of numbers until now
 */
export async function forgetNumber(
  tx: Db,
  customerId: string,
  before: Json | undefined,
  drafts: readonly FactDraft[],
): Promise<void> {
  const draft = drafts.find((one) => one.path === path);
  if (!draft || typeof before !== 'string') return;
  const isSaid = draft.kind !== 'withdrawn' && draft.kind !== 'excluded';
  if (!isSaid || draft.value !== before) await deleteProofs(tx, customerId, 'phone', before);
}
