import { z } from 'zod';
import { normaliseEmail } from '../../../contract/email-address.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { addJob } from '../../base/jobs.ts';
import type { Json } from '../../base/json.ts';
import { countMail, forgetFailures, type UnblockMail } from './guess.ts';
import { post, tell } from './mails.ts';
import { acceptPassword, type IsBreached } from './password.ts';
import { readStaff, type Staff } from './people-store.ts';
import { deleteSessionsOf } from './session-store.ts';
import { endTickets, issueTicket, readTicket, redeemTicket } from './ticket-store.ts';
import { holdStaff, readPassword, writePassword } from './ways-store.ts';

/** Keeps on record what somebody did about themselves, in the transaction of the act. Handed in by the surface. */
export type NoteOf = (tx: Db, staff: Staff) => Promise<void>;

/**
 * Lets a link to choose a new password be mailed. The same is done for an address that nobody has: a job finds out.
 *
 * @throws Problem too_many_attempts
 */
export async function startReset(
  base: Pick<Base, 'db' | 'vault'>,
  { typed, ip }: { typed: string; ip: string },
): Promise<void> {
  const email = normaliseEmail(typed) ?? typed.toLowerCase().slice(0, 320);
  await countMail(base, email, ip);
  await addJob(base.db, 'mail_staff_reset_link', { email });
}

const resetJob = z.object({ email: z.string() });

/** Job `mail_staff_reset_link`. */
export async function mailResetLink(base: Base, payload: Json): Promise<void> {
  const { email } = resetJob.parse(payload);
  await transact(base.db, async (tx) => {
    const staff = await readStaff(tx, { email });
    if (!staff || staff.blocked) return;
    const { url, expiresAt } = await issueTicket(base, tx, 'reset', { staff: staff.id });
    await post(base, tx, { to: staff.email, until: expiresAt, mail: { kind: 'reset', link: url } });
  });
}

/**
 * Sets the password by a mailed link. Ends all sessions, all other links and the blocks; a second factor stays and is
 * asked for at the next sign-in.
 *
 * @returns whose it is
 * @throws Problem code_expired, password_weak, busy
 */
export async function completeReset(
  base: Pick<Base, 'config' | 'db' | 'hasher' | 'strength' | 'vault'>,
  act: { ticket: string; password: string; isBreached: IsBreached; note: NoteOf },
): Promise<Staff> {
  const open = await readTicket(base, 'reset', act.ticket);
  const staff = open?.staff ? await readStaff(base.db, { id: open.staff }) : undefined;
  const gone = new Problem('code_expired', 'This link was used already, or is too old. Ask for a new one.');
  if (!staff || staff.blocked) throw gone;
  const hash = await acceptPassword(base, { ...act, personal: [staff.email, staff.name] });
  await transact(base.db, async (tx) => {
    const { staff: id } = await redeemTicket(base, tx, 'reset', act.ticket);
    if (id === null) throw gone;
    await setPassword(base, tx, id, hash);
    await forgetFailures(base, tx, id, 'first');
    await act.note(tx, staff);
  });
  return staff;
}

/** A new password: whoever was in or half in with the one before is out (but this session), and every link is dead. */
export async function setPassword(
  base: Pick<Base, 'config'>,
  tx: Db,
  staff: string,
  hash: string,
  exceptSession?: string,
): Promise<void> {
  if (!(await holdStaff(tx, staff))) throw new Problem('flow_expired');
  await writePassword(tx, staff, hash, now());
  await deleteSessionsOf(tx, staff, exceptSession);
  await endTickets(tx, { staff });
  await tell(base, tx, staff, { kind: 'password_changed' });
}

/**
 * Changes the password of somebody who knows the present one (see `confirmPassword`); this session stays.
 *
 * @throws Problem password_weak, wrong_credentials when it was changed meanwhile, busy
 */
export async function changePassword(
  base: Pick<Base, 'config' | 'db' | 'hasher' | 'strength'>,
  act: {
    staff: { id: string; email: string; name: string };
    session: string;
    password: string;
    isBreached: IsBreached;
    note(tx: Db): Promise<void>;
  },
): Promise<void> {
  const { staff, session, password, isBreached, note } = act;
  const before = await readPassword(base.db, staff.id);
  const hash = await acceptPassword(base, { password, isBreached, personal: [staff.email, staff.name] });
  await transact(base.db, async (tx) => {
    if ((await readPassword(tx, staff.id))?.id !== before?.id) throw new Problem('wrong_credentials');
    await setPassword(base, tx, staff.id, hash, session);
    await note(tx);
  });
}

const unblockJob = z.object({ staff: z.uuid().nullable(), ip: z.string(), step: z.enum(['first', 'factor']) });

/** Job `mail_staff_unblock_link`: tells one of the staff who was guessed at, with a link that opens the door again. */
export async function mailStaffUnblockLink(base: Base, payload: Json): Promise<void> {
  const { staff: id, ip, step }: UnblockMail = unblockJob.parse(payload);
  if (id === null) return;
  await transact(base.db, async (tx) => {
    const staff = await readStaff(tx, { id });
    if (!staff) return;
    const { url, expiresAt } = await issueTicket(base, tx, 'unblock', { staff: id, data: { ip, step } });
    const mail =
      step === 'factor'
        ? ({ kind: 'unlock_factor', link: url } as const)
        : ({ kind: 'unblock', link: url, place: ip } as const);
    await post(base, tx, { to: staff.email, until: expiresAt, mail });
  });
}

/** The mailed link that lets somebody in again. @throws Problem code_expired */
export async function completeUnblock(
  base: Pick<Base, 'db' | 'vault'>,
  { ticket, note }: { ticket: string; note: NoteOf },
): Promise<void> {
  await transact(base.db, async (tx) => {
    const { staff, step, ip = '' } = await redeemTicket(base, tx, 'unblock', ticket);
    if (staff === null) return;
    await forgetFailures(base, tx, staff, step === 'factor' ? 'factor' : { at: ip });
    const who = await readStaff(tx, { id: staff });
    if (who) await note(tx, who);
  });
}
