import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { type Powers, refuseMore } from './access.ts';
import { released } from './path-rule.ts';
import { lockStaff } from './people-store.ts';
import { administrator, readyRoles } from './ready-roles.ts';
import {
  deleteRole,
  holdRole,
  insertRole,
  type RoleColumns,
  type RoleRow,
  readRole,
  updateRole,
} from './roles-store.ts';

/** A role: what its holders may do, and on which attributes of which brands. */
export type Role = RoleRow;

/** What changes a role; a list is replaced as a whole. */
export type RolePatch = { [Name in keyof RoleColumns]?: RoleColumns[Name] | undefined };

/** Who acts: what they may themselves bounds what they may give. */
export type By = { readonly by: Powers };

/** The role with this id, from the database. */
export async function getRole(db: Db, id: string): Promise<Role> {
  const role = await readRole(db, { id });
  if (!role) throw gone();
  return role;
}

/** Makes a role. @throws Problem already_exists (the name), access_denied (it gives more than `by` may) */
export function createRole({ db }: Pick<Base, 'db'>, draft: RoleColumns, { by }: By): Promise<Role> {
  refuseMore(by, draft);
  return transact(db, async (tx) => {
    refuseReadyName(draft.name);
    return insertRole(tx, uuid(), clean(draft), now()).catch(nameTaken);
  });
}

/**
 * Changes a role; its holders have it from their next request on.
 *
 * @throws Problem not_found, changed_meanwhile, access_denied (it gives, or gave, more than `by` may;
 *   the administrator's stays as it is), already_exists (the name)
 */
export function changeRole(
  { db }: Pick<Base, 'db'>,
  act: By & { id: string; patch: RolePatch; ifVersion?: number | undefined },
): Promise<Role> {
  const { by, id, patch, ifVersion } = act;
  return transact(db, async (tx) => {
    await lockStaff(tx);
    const present = await holdRole(tx, id);
    if (!present) throw gone();
    if (present.ready === administrator) {
      throw new Problem('access_denied', 'Administrators may do everything: this role stays as it is.');
    }
    if (ifVersion !== undefined && present.version !== ifVersion) {
      throw new Problem('changed_meanwhile');
    }
    const columns = clean({ ...present, ...withoutUndefined(patch) });
    refuseMore(by, present);
    refuseMore(by, columns);
    // What a role takes away, it takes from whatever other roles give to its holders: letting that go gives it to them.
    const [reads, writes] = [released(present.reads, columns.reads), released(present.writes, columns.writes)];
    refuseMore(by, { scopes: [], reads, writes, brands: columns.brands });
    if (columns.name !== present.name) refuseReadyName(columns.name);
    return updateRole(tx, id, columns, now()).catch(nameTaken);
  });
}

/** Removes a role that nobody has. @throws Problem not_found, conflict, access_denied (ready ones stay) */
export function removeRole({ db }: Pick<Base, 'db'>, { id, by }: By & { id: string }): Promise<void> {
  return transact(db, async (tx) => {
    const present = await holdRole(tx, id);
    if (!present) throw gone();
    if (present.ready !== null) throw new Problem('access_denied', 'A ready role cannot be removed.');
    refuseMore(by, present);
    await deleteRole(tx, id).catch((error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error;
      throw new Problem('conflict', 'Somebody still has this role. Give them another one first.');
    });
  });
}

function clean(columns: RoleColumns): RoleColumns {
  const { name, description, scopes, reads, writes, brands } = columns;
  const once = (list: readonly string[]) => [...new Set(list)];
  return {
    name,
    description,
    scopes: once(scopes).sort(),
    reads: once(reads),
    writes: once(writes),
    brands: brands && once(brands),
  };
}

function withoutUndefined(patch: RolePatch): Partial<RoleColumns> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** Two roles that are called alike would be mistaken for each other. */
function refuseReadyName(name: string): void {
  if (readyRoles.some((role) => role.name.toLowerCase() === name.trim().toLowerCase())) throw taken();
}

function nameTaken(error: unknown): never {
  throw isUniqueViolation(error) ? taken() : error;
}

function taken(): Problem {
  return new Problem('already_exists', 'There is a role of this name already.');
}

function gone(): Problem {
  return new Problem('not_found', 'The role does not exist');
}
