import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import type { Customer } from './customer.ts';
import { valueWithout } from './exclusion.ts';
import type { FactDraft } from './fact.ts';
import { acceptDrafts } from './fact-drafts.ts';
import { fold, type Winner } from './fold.ts';
import { forgetAddress } from './forget-address.ts';
import { markOf, markOfItem } from './known.ts';
import { writeLearned } from './learn.ts';
import { lockCustomers } from './locks.ts';
import { readMembers } from './members-store.ts';
import { readUnfolded, refoldLocked } from './refold.ts';

/**
 * What a customer does about one value: says it as it is, has it deleted, or does not want this value (or this item of
 * a list). `seen` is the mark of what they were shown.
 */
export type Correction = { readonly path: string } & (
  | { readonly say: Json; readonly seen: string }
  | { readonly withdraw: true; readonly seen: string }
  | { readonly exclude: 'value'; readonly seen: string }
  /** The mark of the item: it is the same one whatever else of the list has changed. */
  | { readonly exclude: 'item'; readonly item: string }
);

/**
 * Corrects a value as the customer's own word, which no later sign-in or rule outranks. A deletion and a "not for me"
 * are said by every subject of the customer that tells something at the path: whichever is unlinked later, what is left
 * keeps to it. An address or number that goes is no longer proven.
 *
 * @throws Problem `value_changed` (something else holds there by now: nothing is written), `invalid_body` (value)
 */
export function correct(
  db: Db,
  customerId: string,
  correction: Correction,
  said: { readonly origin: string; readonly at: Date },
): Promise<Customer> {
  return transact(db, async (tx) => {
    const [living = customerId] = await lockCustomers(tx, [customerId]);
    const { row, input: known } = await readUnfolded(tx, living);
    const primary = row.primary_subject;
    const { path } = correction;
    const winner = fold(known).winners.get(path);
    const draft = draftOf(correction, winner, said);
    const drafts = acceptDrafts([draft]);
    const telling = known.facts.filter((fact) => fact.path === path && fact.kind === 'said');
    const members = await readMembers(tx, living);
    const objecting = members.filter((one) => one === primary || telling.some(({ subject }) => subject === one));
    for (const subject of draft.kind ? objecting : [primary]) {
      await writeLearned(tx, { subject, drafts, proofs: [], known });
    }
    await forgetAddress(tx, living, { path, before: winner?.value }, drafts);
    return refoldLocked(tx, living, now());
  });
}

function draftOf(
  correction: Correction,
  winner: Winner | undefined,
  { origin, at }: { readonly origin: string; readonly at: Date },
): FactDraft {
  const word = { path: correction.path, source: 'customer', origin, at } as const;
  if ('seen' in correction && correction.seen !== markOf(winner)) throw new Problem('value_changed');
  if ('say' in correction) return { ...word, value: correction.say };
  if ('withdraw' in correction) return { ...word, kind: 'withdrawn' };
  const value = winner && ('item' in correction ? itemOf(winner.value, correction.item) : winner.value);
  // Of nothing, nothing can be taken away: another window was first.
  if (winner === undefined || value === undefined) throw new Problem('value_changed');
  if (valueWithout(winner.value, [value]) === winner.value) throw new Problem('value_changed');
  return { ...word, kind: 'excluded', value };
}

function itemOf(value: Json, mark: string): Json | undefined {
  return Array.isArray(value) ? value.find((item) => markOfItem(item) === mark) : undefined;
}
