import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import type { Customer } from './customer.ts';
import { addressKindAt } from './fact.ts';
import { acceptDrafts } from './fact-drafts.ts';
import { fold } from './fold.ts';
import { forgetAddress } from './forget-address.ts';
import { writeLearned } from './learn.ts';
import { lockCustomers } from './locks.ts';
import { excludeOutranking } from './outranking.ts';
import { readUnfolded, refoldLocked } from './refold.ts';

/** New values by name; null deletes. Metadata and brand values merge one level. */
export type CustomerPatch = {
  root?: Readonly<Record<string, Json>> | undefined;
  user_metadata?: Readonly<Record<string, Json>> | undefined;
  app_metadata?: Readonly<Record<string, Json>> | undefined;
  brands?: Readonly<Record<string, Readonly<Record<string, Json>>>> | undefined;
};

/** Who says so. */
export type Said = { source: 'customer' | 'umbrella' | 'rule'; origin: string; at: Date };

/**
 * Changes values of a customer: what is given is said, null is a withdrawal (of what there is). An address that the
 * umbrella gives excludes those that would win against it, until the customer says or proves one of them anew. A number
 * that goes is no longer proven.
 *
 * @param said `of`: the customer's subject whose values they are; the primary one when left out
 * @throws Problem `not_found`, `invalid_body` (path, value, address, more than 1,000 paths)
 */
export function update(
  db: Db,
  customerId: string,
  patch: CustomerPatch,
  { of, ...said }: Said & { of?: string | undefined },
): Promise<Customer> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const { row, input: known } = await readUnfolded(tx, living);
    const subject = of ?? row.primary_subject;
    const { winners } = fold(known);
    const drafts = acceptDrafts(
      entriesOf(patch)
        .filter(([path, value]) => value !== null || winners.has(path))
        .map(([path, value]) => (value === null ? { path, ...said, kind: 'withdrawn' } : { path, ...said, value })),
    );
    const exclusions = drafts.flatMap((draft) =>
      said.source === 'umbrella' && draft.kind !== 'withdrawn' && addressKindAt(draft.path)
        ? excludeOutranking(subject, known, draft)
        : [],
    );
    await writeLearned(tx, { subject, drafts: [...drafts, ...exclusions], proofs: [], known });
    const number = { path: 'phone_number', before: winners.get('phone_number')?.value };
    await forgetAddress(tx, living, number, drafts);
    return refoldLocked(tx, living, now());
  });
}

function entriesOf(patch: CustomerPatch): [string, Json][] {
  const inside = (place: string, values: Readonly<Record<string, Json>> = {}): [string, Json][] =>
    Object.entries(values).map(([key, value]) => [`${place}.${key}`, value]);
  return [
    ...Object.entries(patch.root ?? {}),
    ...inside('user_metadata', patch.user_metadata),
    ...inside('app_metadata', patch.app_metadata),
    ...Object.entries(patch.brands ?? {}).flatMap(([brand, values]) => inside(`brands.${brand}`, values)),
  ];
}
