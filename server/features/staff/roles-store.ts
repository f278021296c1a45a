import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type RoleRow = Selectable<DB['staff_roles']>;

/** What can be written of a role. */
export type RoleColumns = {
  name: string;
  description: string;
  scopes: readonly string[];
  reads: readonly string[];
  writes: readonly string[];
  brands: readonly string[] | null;
};

/** Makes a ready role, or gives it these columns unless somebody changed it since; the administrator's always. */
export async function upsertReadyRole(
  tx: Db,
  role: RoleColumns & { id: string; ready: string; at: Date },
): Promise<void> {
  const { id, ready, name, description, scopes, reads, writes, at } = role;
  await sql`
    insert into staff_roles as r (id, ready, name, description, scopes, reads, writes, created_at, updated_at)
    values (${id}, ${ready}, ${name}, ${description}, ${scopes}, ${reads}, ${writes}, ${at}, ${at})
    on conflict (ready) do update
    set scopes = excluded.scopes, reads = excluded.reads, writes = excluded.writes, description = excluded.description
    where r.version = 1`.execute(tx);
}

/** Where a page of a list begins. */
export type Start = { offset: number } | { after: { created_at: Date; id: string } };

/** Roles, the oldest first. */
export function readRoles(db: Db, limit: number, start: Start): Promise<RoleRow[]> {
  const query = db.selectFrom('staff_roles').selectAll().orderBy('created_at').orderBy('id').limit(limit);
  if ('offset' in start) return query.offset(start.offset).execute();
  const { created_at, id } = start.after;
  return query.where(sql<boolean>`(created_at, id) > (${created_at}, ${id}::uuid)`).execute();
}

export async function countRoles(db: Db): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from staff_roles`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

export function readRole(db: Db, key: { id: string } | { ready: string }): Promise<RoleRow | undefined> {
  const query = db.selectFrom('staff_roles').selectAll();
  return ('id' in key ? query.where('id', '=', key.id) : query.where('ready', '=', key.ready)).executeTakeFirst();
}

/** These roles, held so that nobody changes or removes them before the transaction ends. */
export function holdRoles(tx: Db, ids: readonly string[]): Promise<RoleRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return tx.selectFrom('staff_roles').selectAll().where('id', 'in', ids).orderBy('id').forShare().execute();
}

export async function insertRole(tx: Db, id: string, columns: RoleColumns, at: Date): Promise<RoleRow> {
  const row = { ...toRow(columns), id, created_at: at, updated_at: at };
  return tx.insertInto('staff_roles').values(row).returningAll().executeTakeFirstOrThrow();
}

/** The role, held until the transaction ends. */
export function holdRole(tx: Db, id: string): Promise<RoleRow | undefined> {
  return tx.selectFrom('staff_roles').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateRole(tx: Db, id: string, columns: RoleColumns, at: Date): Promise<RoleRow> {
  return tx
    .updateTable('staff_roles')
    .set({ ...toRow(columns), version: sql`version + 1`, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteRole(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('staff_roles').where('id', '=', id).execute();
}

/** The roles of somebody, with what they give. */
export function rolesOf(db: Db, staff: string): Promise<RoleRow[]> {
  return db
    .selectFrom('staff_roles')
    .innerJoin('staff_role_holders', 'staff_role_holders.role', 'staff_roles.id')
    .selectAll('staff_roles')
    .where('staff_role_holders.staff', '=', staff)
    .orderBy('staff_roles.id')
    .execute();
}

/** Who has a role, and to which brands they belong. */
export function holdersOf(db: Db, role: string): Promise<{ id: string; brands: string[] | null }[]> {
  return db
    .selectFrom('staff')
    .innerJoin('staff_role_holders', 'staff_role_holders.staff', 'staff.id')
    .select(['staff.id', 'staff.brands'])
    .where('staff_role_holders.role', '=', role)
    .execute();
}

function toRow({ name, description, scopes, reads, writes, brands }: RoleColumns) {
  return {
    name,
    description,
    scopes: [...scopes],
    reads: [...reads],
    writes: [...writes],
    brands: brands && [...brands],
  };
}
