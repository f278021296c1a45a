import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { type Powers, powersOf, refuseMore } from './access.ts';
import type { NoteOf } from './links.ts';
import { post } from './mails.ts';
import { type AtDoor, acceptPassword, type IsBreached } from './password.ts';
import { grantOf, idsOf, rolesFor } from './people.ts';
import { insertStaff, lockStaff, readStaff, setRoles } from './people-store.ts';
import type { By } from './roles.ts';
import { rolesOf } from './roles-store.ts';
import {
  deleteExpiredInvitation,
  deleteInvitation,
  issueTicket,
  readInvitation,
  readTicket,
  redeemTicket,
  type Ticket,
} from './ticket-store.ts';
import { readPassword, writePassword } from './ways-store.ts';

/** The scope of who may invite: an invitation is worth something as long as its sender has it. */
const mayInvite = 'create:staff_invitations';

/** Who is invited, and what they will be. */
export type InvitationDraft = {
  /** Normalised. */
  readonly email: string;
  readonly name?: string | undefined;
  readonly roles: readonly string[];
  readonly brands: readonly string[] | null;
  readonly stores: readonly string[];
};

/**
 * Invites somebody: a link is mailed that works once, for seven days.
 *
 * @param act `from`: who of the staff, or which machine (client id), invites, and as what the mail names them
 * @throws Problem already_exists (they are staff, or invited), invalid_body (no such role), access_denied (they would be
 *   allowed more than `by`)
 */
export function invite(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  act: By & {
    draft: InvitationDraft;
    from: { staff?: string | undefined; machine?: string | undefined; name: string };
  },
): Promise<Ticket> {
  const { by, draft, from } = act;
  const { email, name, brands } = draft;
  return transact(base.db, async (tx) => {
    await lockStaff(tx);
    if (await readStaff(tx, { email }))
      throw new Problem('already_exists', 'This address is one of the staff already.');
    const roles = await rolesFor(tx, draft.roles);
    refuseMore(by, grantOf(roles, brands));
    const whom = { name, roles: idsOf(roles), brands: brands && [...brands], stores: [...draft.stores] };
    const data = { ...whom, ...(from.machine !== undefined && { machine: from.machine }) };
    // One that ran out stands in nobody's way.
    await deleteExpiredInvitation(tx, email);
    const { id, url, expiresAt } = await issueTicket(base, tx, 'invitation', { email, invitedBy: from.staff, data });
    await post(base, tx, { to: email, until: expiresAt, mail: { kind: 'invitation', link: url, by: from.name } });
    const made = await readInvitation(tx, { id });
    if (!made) throw new Error('An invitation that was just made is not there.');
    return made;
  });
}

/** An open invitation. Throws not_found. */
export async function getInvitation(db: Db, id: string): Promise<Ticket> {
  const found = await readInvitation(db, { id });
  if (!found) throw new Problem('not_found', 'The invitation does not exist');
  return found;
}

/** Takes an invitation back: its link is worth nothing from now on. Throws not_found. */
export async function revokeInvitation({ db }: Pick<Base, 'db'>, id: string): Promise<void> {
  if (!(await deleteInvitation(db, id))) throw new Problem('not_found', 'The invitation does not exist');
}

/** What a machine (client id) may do now; undefined when it is none any more. Handed in: machines are portals. */
export type PowersOfMachine = (db: Db, clientId: string) => Promise<Powers | undefined>;

/** Whom this link invites, if it is still good. */
export async function lookAtInvitation(
  base: Pick<Base, 'db' | 'vault'>,
  ticket: string,
  powersOfMachine: PowersOfMachine,
): Promise<Ticket | undefined> {
  const open = await readTicket(base, 'invitation', ticket);
  return open && (await isWorth(base.db, open, powersOfMachine)) ? open : undefined;
}

/**
 * Accepts an invitation: they are staff now, with this password; of any number at once one does.
 *
 * @param act `place`: writes down to which stores they belong
 * @throws Problem code_expired, password_weak, already_exists, busy
 */
export async function acceptInvitation(
  base: Pick<Base, 'config' | 'db' | 'hasher' | 'strength' | 'vault'>,
  act: {
    ticket: string;
    name: string;
    password: string;
    isBreached: IsBreached;
    powersOfMachine: PowersOfMachine;
    place(tx: Db, staff: string, stores: readonly string[]): Promise<void>;
    note: NoteOf;
  },
): Promise<AtDoor> {
  const { ticket, name, password, isBreached, powersOfMachine, place, note } = act;
  const open = await lookAtInvitation(base, ticket, powersOfMachine);
  if (!open?.email) throw expired();
  const hash = await acceptPassword(base, { password, isBreached, personal: [open.email, name] });
  return transact(base.db, async (tx) => {
    await lockStaff(tx);
    const taken = await redeemTicket(base, tx, 'invitation', ticket);
    const { email, brands, stores } = taken;
    if (email === null || !(await isWorth(tx, taken, powersOfMachine))) throw expired();
    if (await readStaff(tx, { email }))
      throw new Problem('already_exists', 'This address is one of the staff already.');
    const id = uuid();
    const at = now();
    await insertStaff(tx, { id, email, name, brands, at });
    await setRoles(tx, id, taken.roles);
    await place(tx, id, stores);
    await writePassword(tx, id, hash, at);
    const staff = await readStaff(tx, { id });
    const kept = await readPassword(tx, id);
    if (!staff || !kept) throw expired();
    await note(tx, staff);
    return { staff, way: kept.id };
  });
}

/**
 * Could whoever invited them still do so, with these roles as they are now? Who was blocked, closed or lost the right must
 * not have left a door open.
 */
async function isWorth(db: Db, ticket: Ticket, powersOfMachine: PowersOfMachine): Promise<boolean> {
  const { invitedBy, machine, roles: ids, brands } = ticket;
  try {
    const given = grantOf(await rolesFor(db, ids), brands);
    const powers = await (invitedBy === null ? powersOfMachine(db, machine ?? '') : powersOfStaff(db, invitedBy));
    if (!powers?.scopes.has(mayInvite)) return false;
    refuseMore(powers, given);
    return true;
  } catch (error) {
    if (isProblem(error, 'access_denied', 'invalid_body')) return false;
    throw error;
  }
}

async function powersOfStaff(db: Db, id: string): Promise<Powers | undefined> {
  const staff = await readStaff(db, { id });
  return staff && !staff.blocked ? powersOf(await rolesOf(db, id), staff.brands, new Set()) : undefined;
}

function expired(): Problem {
  return new Problem('code_expired', 'This link was used already, or is too old. Ask for a new one.');
}
