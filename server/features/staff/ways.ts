import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { factorIsRequired } from './factors.ts';
import { tell } from './mails.ts';
import { deleteWay, deleteWays, holdStaff, readWays } from './ways-store.ts';

/**
 * Removes an app or a passkey of somebody who is signed in; they are told by mail. With the last one the recovery codes
 * go, too.
 *
 * @throws Problem not_found; last_way_in for the last second factor where one is required
 */
export function removeWay(
  base: Pick<Base, 'config' | 'db'>,
  { staff, way }: { staff: string; way: string },
): Promise<void> {
  return transact(base.db, async (tx) => {
    // Two that are removed at once must not each count on the other.
    await holdStaff(tx, staff);
    const factors = (await readWays(tx, staff)).filter(({ kind }) => kind === 'totp' || kind === 'passkey');
    const meant = factors.find(({ id }) => id === way);
    if (!meant) throw new Problem('not_found', 'This was removed already.');
    const isLast = factors.length === 1;
    if (isLast && (await factorIsRequired(tx))) {
      throw new Problem('last_way_in', 'Everybody needs a second factor here. Add another one first.');
    }
    await deleteWay(tx, staff, way);
    if (isLast) await deleteWays(tx, staff, ['recovery_codes']);
    await tell(base, tx, staff, { kind: 'factor_removed', what: meant.name ?? 'A second factor' });
  });
}
