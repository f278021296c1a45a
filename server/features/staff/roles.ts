import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { type Powers, powersOf, refuseMore } from './access.ts';
import { released } from './path-rule.ts';
import { lockStaff } from './people-store.ts';
import { administrator, readyRoles } from './ready-roles.ts';
import {
  deleteRole,
  holdersOf,
  holdRole,
  insertRole,
  type RoleColumns,
  type RoleRow,
  readRole,
  rolesOf,
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
    const changed = await updateRole(tx, id, columns, now()).catch(nameTaken);
    if (isWider(present.brands, columns.brands)) await refuseMoreOfHolders(tx, by, id);
    return changed;
  });
}

/** Does the second list name a brand that the first does not? Null names all. */
function isWider(before: readonly string[] | null, after: readonly string[] | null): boolean {
  return before !== null && (after === null || after.some((one) => !before.includes(one)));
}

/** A role's limit to brands is one of whatever else its holders may: at more brands they may all of that. */
async function refuseMoreOfHolders(tx: Db, by: Powers, role: string): Promise<void> {
  for (const { id, brands } of await holdersOf(tx, role)) {
    const { scopes, access } = powersOf(await rolesOf(tx, id), brands, new Set());
    const { read, write } = access;
    const limits = access.brands && [...access.brands];
    refuseMore(by, { scopes: [...scopes], reads: read.paths, writes: write.paths, brands: limits });
  }
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
