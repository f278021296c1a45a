import { type Db, transact } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import type { Json } from '../../base/json.ts';
import type { Act, Customer, EndSessions } from './customer.ts';
import { type CustomerRow, markMerged, readCustomer, toCustomer } from './customers-store.ts';
import { refuseErasing } from './erasure-date.ts';
import { lockCustomers } from './locks.ts';
import { moveSubjects, readMembers } from './members-store.ts';
import { insertMerge } from './merges-store.ts';
import { refoldLocked } from './refold.ts';
import { appendTimeline } from './timeline.ts';
import { moveUserIds, readUserIds } from './user-ids-store.ts';

/** Which two, who joins them, and what the verb cannot do itself. */
export type Merge = Act & {
  winner: string;
  loser: string;
  /** Ends every session of a customer; called for the loser. */
  endSessions: EndSessions;
  /** Lets the stricter consent hold; called before the subjects move. */
  settleConsents: (tx: Db, winner: string, loser: string) => Promise<unknown>;
};

/**
 * Joins two customers, whoever asks: the loser's subjects become the winner's, its `user_id` goes on resolving to the
 * winner, its sessions end. Facts stay where they are, so `unmerge` gives both back. Said again it does nothing.
 *
 * Best the first thing of its transaction: both customers are locked, in the order of their ids.
 *
 * @param merge ids of customers that were merged already mean the living one
 * @throws Problem `not_found` (unknown or erased), `being_erased` (one of them asked for that)
 */
export function merge(db: Db, merge: Merge): Promise<Customer> {
  return transact(db, async (tx) => {
    const [winnerId = merge.winner, loserId = merge.loser] = await lockCustomers(tx, [merge.winner, merge.loser]);
    const winner = await readLocked(tx, winnerId);
    if (winnerId === loserId) return toCustomer(winner);
    const loser = await readLocked(tx, loserId);
    refuseErasing(toCustomer(winner), toCustomer(loser));
    const { by, origin, at } = merge;

    await merge.settleConsents(tx, winnerId, loserId);
    await merge.endSessions(tx, loserId);

    const act = uuid();
    const userIds = await readUserIds(tx, loserId);
    await insertMerge(tx, {
      id: act,
      winner: winnerId,
      loser: loserId,
      winner_user_id: winner.user_id,
      loser_user_id: loser.user_id,
      user_ids: userIds,
      by,
      origin,
      at,
    });
    await moveSubjects(tx, { subjects: await readMembers(tx, loserId), to: winnerId, reason: 'merged', act, at });
    await moveUserIds(tx, userIds, loserId, winnerId);
    // Without subjects the loser folds to nothing; its row only resolves from now on.
    await refoldLocked(tx, loserId, at);
    const visited = [...new Set([...winner.visited, ...loser.visited])];
    await markMerged(tx, { winner: winnerId, loser: loserId, at, lastSignIn: lastOf(winner, loser), visited });

    const row = { class: 'profile', source: by, occurredAt: at, data: { merge: act, origin } } as const;
    await appendTimeline(tx, [
      { ...row, subject: loser.primary_subject, name: 'merged_into' },
      { ...row, subject: winner.primary_subject, name: 'merged' },
    ]);
    return refoldLocked(tx, winnerId, at);
  });
}

/** How the one of two came last who was here later, as far as it is known of either. */
function lastOf(one: CustomerRow, other: CustomerRow): Json | null {
  const at = ({ last_login }: CustomerRow) => last_login?.getTime() ?? 0;
  const [later, earlier] = at(one) < at(other) ? [other, one] : [one, other];
  return later.last_sign_in ?? earlier.last_sign_in;
}

async function readLocked(tx: Db, id: string): Promise<CustomerRow> {
  const row = await readCustomer(tx, id);
  if (!row) throw new Error(`customer ${id} is locked and gone`);
  return row;
}
