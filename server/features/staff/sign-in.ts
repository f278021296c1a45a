import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { insertSession } from './session-store.ts';
import { useWay } from './ways-store.ts';

/** Where somebody signs in from. */
export type From = { readonly ip: string; readonly userAgent: string };

/**
 * Lets somebody in: the way in is noted and the session begins, both or neither.
 *
 * @returns the cookie of the session
 * @throws Problem wrong_credentials when the way in is gone or they were blocked meanwhile
 */
export function letIn(
  { db }: Pick<Base, 'db'>,
  { staff, way, amr, from }: { staff: string; way: string; amr: readonly string[]; from: From },
): Promise<string> {
  return transact(db, async (tx) => {
    const at = now();
    const isThere = await useWay(tx, way, at);
    const token = isThere ? await insertSession(tx, { staff, amr, ...from, at }) : undefined;
    if (token === undefined) throw new Problem('wrong_credentials');
    return token;
  });
}
