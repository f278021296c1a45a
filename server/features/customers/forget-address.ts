import { normaliseEmail } from '../../../contract/email-address.ts';
import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import type { FactDraft } from './fact.ts';
import { deleteProofs } from './facts-store.ts';

const kinds: Readonly<Record<string, 'email' | 'phone'>> = { email: 'email', phone_number: 'phone' };

/**
 * An address or a phone number that is replaced or taken away opens the account no more: in time it is somebody else's.
 *
 * @param path nothing happens at others than those of addresses and numbers
 * @param before the value that held there until now
 */
export async function forgetAddress(
  tx: Db,
  customerId: string,
  { path, before }: { readonly path: string; readonly before: Json | undefined },
  drafts: readonly FactDraft[],
): Promise<void> {
  const kind = kinds[path];
  const draft = drafts.find((one) => one.path === path);
  if (!kind || !draft || typeof before !== 'string') return;
  const isSaid = draft.kind !== 'withdrawn' && draft.kind !== 'excluded';
  if (isSaid && draft.value === before) return;
  await deleteProofs(tx, customerId, kind, kind === 'email' ? (normaliseEmail(before) ?? before) : before);
}
