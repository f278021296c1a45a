import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type Powers, powersOf, refuseMore } from './access.ts';
import { forgetFailures } from './guess.ts';
import { post } from './mails.ts';
import {
  countAdministrators,
  deleteStaff,
  lockStaff,
  readStaff,
  type Staff,
  setRoles,
  updateStaff,
} from './people-store.ts';
import type { By } from './roles.ts';
import { holdRoles, type RoleRow, rolesOf } from './roles-store.ts';
import { deleteSessionById, deleteSessionsOf } from './session-store.ts';
import { endTickets } from './ticket-store.ts';

/** One of the staff, from the database. */
export function getStaff(db: Db, id: string): Promise<Staff | undefined> {
  return readStaff(db, { id });
}

/** What changes one of the staff; a list is replaced as a whole. */
export type StaffPatch = {
  name?: string | undefined;
  /** Normalised. */
  email?: string | undefined;
  blocked?: boolean | undefined;
  /** Ids of their roles. */
  roles?: readonly string[] | undefined;
  brands?: readonly string[] | null | undefined;
};

/**
 * Changes one of the staff; it holds from their next request on. Whoever is blocked is signed out; whoever is let in
 * again may try anew. With a new address the links that were mailed to the old one are dead.
 *
 * @param act `also`: what else is written in the same transaction
 * @throws Problem not_found, changed_meanwhile, invalid_body (no such role), already_exists (the
 *   address), conflict (the last administrator), access_denied (they may do, or would, more than `by` may)
 */
export function changeStaff(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  act: By & { id: string; patch: StaffPatch; ifVersion?: number | undefined; also?: (tx: Db) => Promise<void> },
): Promise<Staff> {
  const { by, id, patch, ifVersion, also } = act;
  return transact(base.db, async (tx) => {
    await lockStaff(tx);
    const present = await findFor(tx, id, by);
    if (ifVersion !== undefined && present.version !== ifVersion) {
      throw new Problem('changed_meanwhile');
    }
    const before = await countAdministrators(tx);
    await updateStaff(tx, id, patch, now()).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new Problem('already_exists', 'Somebody else of the staff has this address.');
    });
    if (patch.roles) await setRoles(tx, id, idsOf(await rolesFor(tx, patch.roles)));
    refuseMore(by, grantOf(await rolesOf(tx, id), patch.brands === undefined ? present.brands : patch.brands));
    await refuseNoAdministrator(tx, before);
    if (patch.blocked === true) await deleteSessionsOf(tx, id);
    if (patch.blocked === false) {
      await forgetFailures(base, tx, id, 'first');
      await forgetFailures(base, tx, id, 'factor');
    }
    if (patch.email !== undefined && patch.email !== present.email) {
      await endTickets(tx, { staff: id });
      const mail = { kind: 'email_changed', address: patch.email } as const;
      for (const to of [present.email, patch.email]) await post(base, tx, { to, mail });
    }
    await also?.(tx);
    const changed = await readStaff(tx, { id });
    if (!changed) throw gone();
    return changed;
  });
}

/** Removes one of the staff; they are out at once. Throws not_found, conflict (the last administrator), access_denied. */
export function removeStaff({ db }: Pick<Base, 'db'>, { id, by }: By & { id: string }): Promise<void> {
  return transact(db, async (tx) => {
    await lockStaff(tx);
    await findFor(tx, id, by);
    const before = await countAdministrators(tx);
    await deleteStaff(tx, id);
    await refuseNoAdministrator(tx, before);
  });
}

/** Ends one session of somebody. Throws not_found, access_denied. */
export function endStaffSession(
  { db }: Pick<Base, 'db'>,
  { id, session, by }: By & { id: string; session: string },
): Promise<void> {
  return transact(db, async (tx) => {
    await findFor(tx, id, by);
    if (!(await deleteSessionById(tx, id, session))) throw new Problem('not_found', 'The session does not exist');
  });
}

/** Somebody whom `by` may change: who may do no more than they themselves. */
async function findFor(tx: Db, id: string, by: Powers): Promise<Staff> {
  const found = await readStaff(tx, { id });
  if (!found) throw gone();
  refuseMore(by, grantOf(await rolesOf(tx, id), found.brands));
  return found;
}

/** What roles and brands give together, to be compared with what somebody else may. */
export function grantOf(roles: readonly RoleRow[], brands: readonly string[] | null) {
  const { scopes, access } = powersOf(roles, brands, new Set());
  return {
    scopes: [...scopes],
    reads: access.read.paths,
    writes: access.write.paths,
    brands: access.brands && [...access.brands],
  };
}

/** The roles of these ids, held. @throws Problem invalid_body when there is no such */
export async function rolesFor(tx: Db, ids: readonly string[]): Promise<RoleRow[]> {
  const wanted = [...new Set(ids)];
  const roles = await holdRoles(tx, wanted);
  if (roles.length < wanted.length) {
    throw new Problem('invalid_body', "Payload validation error: 'No such role' on property roles.");
  }
  return roles;
}

export function idsOf(roles: readonly RoleRow[]): string[] {
  return roles.map(({ id }) => id);
}

/** Without anybody who may do everything, nobody could let others in. */
async function refuseNoAdministrator(tx: Db, before: number): Promise<void> {
  if (before > 0 && (await countAdministrators(tx)) === 0) {
    throw new Problem('conflict', 'This is the last administrator. Make somebody else one first.', {
      errorCode: 'last_administrator',
    });
  }
}

function gone(): Problem {
  return new Problem('not_found', 'The staff member does not exist');
}
