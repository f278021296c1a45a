import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { factorIsRequired } from './factors.ts';
import { usePasskey } from './passkey-store.ts';
import type { RightPasskey } from './passkeys.ts';
import { deleteSession, insertSession } from './session-store.ts';
import { type Due, insertStep, takeStep } from './step-store.ts';
import { holdStaff, readWays, useWay } from './ways-store.ts';

/** Where somebody signs in from. `session`: the cookie of a session that this browser has, which ends thereby. */
export type From = { readonly ip: string; readonly userAgent: string; readonly session?: string | undefined };

/** In, with the cookie of the session; or half in, with the visit's new one, and what is due. */
export type Door =
  | { readonly kind: 'in'; readonly session: string; readonly returnTo: string }
  | { readonly kind: Due; readonly visit: string };

/**
 * After the right password: in, unless a second factor is there to be used or must be made first.
 *
 * @throws Problem wrong_credentials when the password was changed or they were blocked meanwhile
 */
export function passPassword(
  { db }: Pick<Base, 'db'>,
  act: { staff: string; way: string; from: From; returnTo: string },
): Promise<Door> {
  const { staff, way, from, returnTo } = act;
  return transact(db, async (tx): Promise<Door> => {
    const at = now();
    if (!(await useWay(tx, staff, way, at))) throw new Problem('wrong_credentials');
    const amr = ['pwd'];
    const due = await dueOf(tx, staff);
    if (due) return { kind: due, visit: await insertStep(tx, { staff, due, amr, returnTo, at }) };
    return { kind: 'in', session: await beginSession(tx, staff, amr, from), returnTo };
  });
}

async function dueOf(tx: Db, staff: string): Promise<Due | undefined> {
  if (await hasFactor(tx, staff)) return 'factor';
  return (await factorIsRequired(tx)) ? 'enrolment' : undefined;
}

/** Can they be asked for a second factor? Recovery codes alone are none. */
export async function hasFactor(db: Db, staff: string): Promise<boolean> {
  return (await readWays(db, staff)).some(({ kind }) => kind === 'totp' || kind === 'passkey');
}

/** After the right code (see `checkFactor`): in. @throws Problem flow_expired when the step was used or is over */
export function passFactor(
  { db }: Pick<Base, 'db'>,
  { visit, from }: { visit: string; from: From },
): Promise<{ session: string; returnTo: string }> {
  return transact(db, async (tx) => {
    const step = await takeStep(tx, visit, 'factor', now());
    if (!step) throw new Problem('flow_expired');
    const session = await beginSession(tx, step.staff.id, [...step.amr, 'otp', 'mfa'], from);
    return { session, returnTo: step.returnTo };
  });
}

/**
 * After the right answer of a passkey: in. With `visit` it was the second factor of whoever is half in.
 *
 * @throws Problem passkey_refused when the answer, or a later one, was used already; flow_expired
 */
export function passPasskey(
  { db }: Pick<Base, 'db'>,
  act: { right: RightPasskey; visit?: string | undefined; from: From; returnTo: string },
): Promise<{ session: string; returnTo: string }> {
  const { right, visit, from, returnTo } = act;
  return transact(db, async (tx) => {
    const at = now();
    const step = visit === undefined ? undefined : await takeStep(tx, visit, 'factor', at);
    if (visit !== undefined && step?.staff.id !== right.staff) throw new Problem('flow_expired');
    if (!(await usePasskey(tx, right.way, right.counter, at))) throw new Problem('passkey_refused');
    const amr = [...(step?.amr ?? []), ...right.amr];
    return { session: await beginSession(tx, right.staff, amr, from), returnTo: step?.returnTo ?? returnTo };
  });
}

/**
 * Whoever had no second factor has added one by `add`: in. The step is worth nothing once there is a factor, whoever
 * added it: else who knows the password alone could keep it for later.
 *
 * @throws Problem flow_expired, and what `add` throws
 */
export function passEnrolment<T>(
  { db }: Pick<Base, 'db'>,
  act: { visit: string; amr: readonly string[]; from: From; add(tx: Db, staff: string): Promise<T> },
): Promise<{ session: string; returnTo: string; added: T }> {
  const { visit, from } = act;
  return transact(db, async (tx) => {
    const step = await takeStep(tx, visit, 'enrolment', now());
    // Of two who add their first one at once, one does.
    if (!step || !(await holdStaff(tx, step.staff.id)) || (await hasFactor(tx, step.staff.id)))
      throw new Problem('flow_expired');
    const added = await act.add(tx, step.staff.id);
    const session = await beginSession(tx, step.staff.id, [...step.amr, ...act.amr], from);
    return { session, returnTo: step.returnTo, added };
  });
}

async function beginSession(tx: Db, staff: string, amr: readonly string[], from: From): Promise<string> {
  const { ip, userAgent, session } = from;
  if (session !== undefined) await deleteSession(tx, session);
  const made = await insertSession(tx, { staff, amr: [...new Set(amr)], ip, userAgent, at: now() });
  if (made === undefined) throw new Problem('user_blocked', 'This account is blocked. Ask an administrator.');
  return made;
}
