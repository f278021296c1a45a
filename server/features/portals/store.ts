import type { Selectable } from 'kysely';
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

export function insertPortal(db: Db, clientId: string, columns: PortalColumns, at: Date): Promise<PortalRow> {
  return db
    .insertInto('portals')
    .values({ client_id: clientId, ...toColumns(columns), created_at: at, updated_at: at })
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

/** The oldest first, at most `limit`. */
export function readPortals(
  db: Db,
  limit: number,
  start: Start,
  only: { app_type?: readonly string[] | undefined; brand?: string | undefined } = {},
): Promise<PortalRow[]> {
  let query = db.selectFrom('portals').selectAll().orderBy('created_at').orderBy('client_id').limit(limit);
  const { app_type, brand } = only;
  if (app_type) query = query.where('app_type', 'in', app_type);
  if (brand) query = query.where('brand', '=', brand);
  if ('offset' in start) return query.offset(start.offset).execute();
  const { created_at, id } = start.after;
  return query.where((eb) => eb(eb.refTuple('created_at', 'client_id'), '>', eb.tuple(created_at, id))).execute();
}

export async function countPortals(db: Db, only: { app_type?: readonly string[] | undefined } = {}): Promise<number> {
  let query = db.selectFrom('portals').select((eb) => eb.fn.countAll<string>().as('count'));
  if (only.app_type) query = query.where('app_type', 'in', only.app_type);
  return Number((await query.executeTakeFirstOrThrow()).count);
}

export async function deletePortal(db: Db, clientId: string): Promise<boolean> {
  const result = await db.deleteFrom('portals').where('client_id', '=', clientId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function toColumns(columns: PortalColumns) {
  const is_machine = columns.app_type === 'non_interactive';
  return { ...columns, settings: JSON.stringify(columns.settings), is_machine };
}
