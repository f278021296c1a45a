import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { statement } from '../../base/statement.ts';
import { administrator } from './ready-roles.ts';
import type { Start } from './roles-store.ts';

/** Somebody who uses the console. */
export type Staff = {
  readonly id: string;
  /** Normalised. */
  readonly email: string;
  readonly name: string;
  readonly blocked: boolean;
  /** Ids of the brands they belong to; null: all. */
  readonly brands: readonly string[] | null;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  /** Does a second factor, or a passkey, protect the account? */
  readonly hasFactor: boolean;
  readonly seenAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const roles = z.array(z.object({ id: z.string(), name: z.string() }));

type Row = {
  id: string;
  email: string;
  name: string;
  blocked: boolean;
  brands: string[] | null;
  roles: unknown;
  has_factor: boolean;
  seen_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
};

const columns = `
  s.id, s.email, s.name, s.blocked, s.brands, s.version, s.created_at, s.updated_at,
  (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.created_at, r.id), '[]')
    from staff_role_holders h join staff_roles r on r.id = h.role where h.staff = s.id) as roles,
  exists (select from staff_ways w where w.staff = s.id and w.kind in ('totp', 'passkey')) as has_factor,
  (select max(seen_at) from staff_sessions x where x.staff = s.id) as seen_at`;

const byId = statement<Row>(`select ${columns} from staff s where s.id = $1::uuid`);
const byEmail = statement<Row>(`select ${columns} from staff s where s.email = $1`);

export async function readStaff(db: Db, key: { id: string } | { email: string }): Promise<Staff | undefined> {
  const [row] = await ('id' in key ? byId(db, [key.id]) : byEmail(db, [key.email]));
  return row && toStaff(row);
}

const page = statement<Row>(`
  select ${columns} from staff s where (s.created_at, s.id) > ($1::timestamptz, $2::uuid)
  order by s.created_at, s.id limit $3 offset $4`);
const beginning = { created_at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/** Staff, those who came first first. */
export async function readStaffPage(db: Db, limit: number, start: Start): Promise<Staff[]> {
  const { created_at, id } = 'after' in start ? start.after : beginning;
  return (await page(db, [created_at, id, limit, 'offset' in start ? start.offset : 0])).map(toStaff);
}

export async function countStaff(db: Db): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from staff`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

export async function insertStaff(
  tx: Db,
  draft: { id: string; email: string; name: string; brands: readonly string[] | null; at: Date },
): Promise<void> {
  const { id, email, name, brands, at } = draft;
  await sql`insert into staff (id, email, name, brands, created_at, updated_at)
    values (${id}, ${email}, ${name}, ${brands}, ${at}, ${at})`.execute(tx);
}

/** Changes columns of somebody; the version goes on. */
export async function updateStaff(
  tx: Db,
  id: string,
  patch: {
    name?: string | undefined;
    email?: string | undefined;
    blocked?: boolean | undefined;
    brands?: readonly string[] | null | undefined;
  },
  at: Date,
): Promise<void> {
  const { name, email, blocked, brands } = patch;
  await tx
    .updateTable('staff')
    .set({
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(blocked !== undefined && { blocked }),
      ...(brands !== undefined && { brands: brands && [...brands] }),
      version: sql`version + 1`,
      updated_at: at,
    })
    .where('id', '=', id)
    .execute();
}

/** Not blocked, and of all brands. */
export function openStaff(tx: Db, id: string, at: Date): Promise<void> {
  return updateStaff(tx, id, { blocked: false, brands: null }, at);
}

/** Removes somebody with everything that is theirs. */
export async function deleteStaff(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('staff').where('id', '=', id).execute();
}

/** Gives them these roles instead of those they have. */
export async function setRoles(tx: Db, staff: string, ids: readonly string[]): Promise<void> {
  await sql`delete from staff_role_holders where staff = ${staff} and role <> all(${ids}::uuid[])`.execute(tx);
  await sql`insert into staff_role_holders (staff, role)
    select ${staff}::uuid, role from unnest(${ids}::uuid[]) role on conflict do nothing`.execute(tx);
}

/** How many can do everything, at every brand, and are not blocked. */
export async function countAdministrators(tx: Db): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from staff s
    join staff_role_holders h on h.staff = s.id join staff_roles r on r.id = h.role
    where r.ready = ${administrator} and not s.blocked and s.brands is null
      and not exists (
        select from staff_role_holders h2 join staff_roles r2 on r2.id = h2.role
        where h2.staff = s.id and r2.brands is not null
      )`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}

/** Changes of who is staff, and with which roles, come one after the other. */
export async function lockStaff(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('regulars:staff'))`.execute(tx);
}

function toStaff(row: Row): Staff {
  const { id, email, name, blocked, brands, version } = row;
  return {
    id,
    email,
    name,
    blocked,
    brands,
    roles: roles.parse(row.roles),
    hasFactor: row.has_factor,
    seenAt: row.seen_at,
    version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
