import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { Act, Customer, EndSessions } from './customer.ts';
import { markLiving, readCustomer, readLivingId, setEraseAt } from './customers-store.ts';
import { partVisits } from './last-sign-in.ts';
import { lockFound } from './locks.ts';
import { moveSubjects, readMembers, readMovedBy } from './members-store.ts';
import { type MergeRow, markUndone, readMerge } from './merges-store.ts';
import { choosePrimary } from './primary.ts';
import { refoldLocked } from './refold.ts';
import { appendTimeline } from './timeline.ts';
import { moveUserIds } from './user-ids-store.ts';

/**
 * Takes a merge apart: the subjects that it moved, with all they have learned since, and the ids go back to the
 * loser; a subject that was unlinked in between stays where it went. Sessions of the joined customer end, for they
 * may be of either.
 *
 * @throws Problem `not_found` (no such merge, taken apart already, or one of the two erased), `last_way_in` (one of
 *   the two would be left without an identity)
 */
export function unmerge(
  db: Db,
  mergeId: string,
  { by, origin, at, endSessions }: Act & { endSessions: EndSessions },
): Promise<{ winner: Customer; loser: Customer }> {
  return transact(db, async (tx) => {
    const known = await readMerge(tx, mergeId);
    if (!known || known.undone_at) throw noSuchMerge();
    const [joinedId = known.winner] = await lockFound(tx, () => findJoined(tx, known));
    const merge = await readMerge(tx, mergeId);
    if (!merge || !(await markUndone(tx, merge, at))) throw noSuchMerge();

    const subjects = await readMovedBy(tx, merge.id, joinedId);
    const staying = (await readMembers(tx, joinedId)).filter((subject) => !subjects.includes(subject));
    if (subjects.length === 0 || staying.length === 0) {
      throw new Problem('last_way_in', 'One of the two would be left without any identity.');
    }
    await endSessions(tx, joinedId);
    await moveSubjects(tx, { subjects, to: merge.loser, reason: 'unmerged', act: uuid(), at });
    await moveUserIds(tx, merge.user_ids, joinedId, merge.loser);
    await markLiving(tx, merge.loser);
    const eraseAt = (await readCustomer(tx, joinedId))?.erase_at;
    if (eraseAt) await setEraseAt(tx, merge.loser, eraseAt);
    await choosePrimary(tx, joinedId);
    await choosePrimary(tx, merge.loser);
    await partVisits(tx, [merge.loser, joinedId]);
    const loser = await refoldLocked(tx, merge.loser, at);
    const winner = await refoldLocked(tx, joinedId, at);

    const row = {
      class: 'profile',
      source: by,
      name: 'unmerged',
      occurredAt: at,
      data: { merge: merge.id, origin },
    } as const;
    const primaries = [await readCustomer(tx, loser.id), await readCustomer(tx, winner.id)];
    await appendTimeline(
      tx,
      primaries.flatMap((one) => (one ? [{ ...row, subject: one.primary_subject }] : [])),
    );
    return { winner, loser };
  });
}

/** The living customer that holds the joined two, and the loser's own row; both are to be locked. */
async function findJoined(tx: Db, merge: MergeRow): Promise<string[]> {
  const joined = await readLivingId(tx, merge.winner);
  const loserLeadsTo = await readLivingId(tx, merge.loser);
  if (!joined || joined !== loserLeadsTo) throw noSuchMerge();
  return [joined, merge.loser];
}

function noSuchMerge(): Problem {
  return new Problem('not_found', 'There is no such merge to take apart.');
}
