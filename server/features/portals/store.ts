import { type Selectable, sql } from 'kysely';
import type { AppType, PortalSettings } from '../../../contract/portals.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type PortalRow = Selectable<DB['portals']>;

/** Where a page of a list begins: after so many rows, or after one row. */
export type Start = { offset: number } | { after: { created_at: Date; id: string } };

/** What can be written of a portal, by column. */
export type PortalColumns = {
  brand: string | null;
  name: string;
  app_type: AppType;
  settings: PortalSettings;
  secret_hash: string | null;
  enabled: boolean;
};

export function insertPortal(
  db: Db,
  clientId: string,
  { is_account, ...columns }: PortalColumns & { is_account: boolean },
  at: Date,
): Promise<PortalRow> {
  return db
    .insertInto('portals')
    .values({ client_id: clientId, ...toColumns(columns), is_account, created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function writePortal(db: Db, clientId: string, columns: PortalColumns, at: Date): Promise<PortalRow> {
  return db
    .updateTable('portals')
    .set({ ...toColumns(columns), updated_at: at })
    .where('client_id', '=', clientId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function readPortal(db: Db, clientId: string): Promise<PortalRow | undefined> {
  return db.selectFrom('portals').selectAll().where('client_id', '=', clientId).executeTakeFirst();
}

/** The row, held until the transaction ends. */
export function lockPortal(tx: Db, clientId: string): Promise<PortalRow | undefined> {
  return tx.selectFrom('portals').selectAll().where('client_id', '=', clientId).forUpdate().executeTakeFirst();
}

export type PortalFilter = {
  app_type?: readonly string[] | undefined;
  brand?: string | undefined;
  /** Of one of these brands (ids); null or left out: of any or none. */
  brands?: ReadonlySet<string> | null | undefined;
};

/** The oldest first, at most `limit`. */
export function readPortals(db: Db, limit: number, start: Start, only: PortalFilter = {}): Promise<PortalRow[]> {
  const query = db
    .selectFrom('portals')
    .selectAll()
    .where(isMeant(only))
    .orderBy('created_at')
    .orderBy('client_id')
    .limit(limit);
  if ('offset' in start) return query.offset(start.offset).execute();
  const { created_at, id } = start.after;
  return query.where((eb) => eb(eb.refTuple('created_at', 'client_id'), '>', eb.tuple(created_at, id))).execute();
}

export async function countPortals(db: Db, only: PortalFilter = {}): Promise<number> {
  const query = db
    .selectFrom('portals')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where(isMeant(only));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

export async function deletePortal(db: Db, clientId: string): Promise<boolean> {
  const result = await db.deleteFrom('portals').where('client_id', '=', clientId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function isMeant({ app_type, brand, brands }: PortalFilter) {
  const conditions = [
    app_type && sql`app_type = any(${[...app_type]}::text[])`,
    brand !== undefined && sql`brand = ${brand}`,
    brands && sql`brand = any(${[...brands]}::uuid[])`,
  ].filter((one) => one !== undefined && one !== false && one !== null);
  return sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

function toColumns(columns: PortalColumns) {
  const is_machine = columns.app_type === 'non_interactive';
  return { ...columns, settings: JSON.stringify(columns.settings), is_machine };
}
