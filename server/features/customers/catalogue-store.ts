import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type AttributeRow = Selectable<DB['attributes']>;

export function readAttributes(db: Db): Promise<AttributeRow[]> {
  return db.selectFrom('attributes').selectAll().orderBy('path').execute();
}

export function readAttribute(db: Db, path: string): Promise<AttributeRow | undefined> {
  return db.selectFrom('attributes').selectAll().where('path', '=', path).executeTakeFirst();
}

/** The row, held until the transaction ends. */
export function lockAttribute(tx: Db, path: string): Promise<AttributeRow | undefined> {
  return tx.selectFrom('attributes').selectAll().where('path', '=', path).forUpdate().executeTakeFirst();
}

export type AttributeColumns = {
  type: string;
  labels: string;
  brand: string | null;
  sensitive: boolean;
  segmentable: boolean;
  askable: boolean;
  retention_days: number | null;
  ranking: string[];
  choices: string | null;
};

/** Undefined when there is a row of this path already. */
export function insertAttribute(
  tx: Db,
  path: string,
  columns: AttributeColumns,
  at: Date,
): Promise<AttributeRow | undefined> {
  return tx
    .insertInto('attributes')
    .values({ path, ...columns, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column('path').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateAttributeRow(
  tx: Db,
  path: string,
  columns: AttributeColumns,
  at: Date,
): Promise<AttributeRow | undefined> {
  return tx
    .updateTable('attributes')
    .set({ ...columns, updated_at: at })
    .where('path', '=', path)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteAttribute(tx: Db, path: string): Promise<void> {
  await tx.deleteFrom('attributes').where('path', '=', path).execute();
}

/** Tells every process to forget its cached settings once this commits. */
export async function bumpSettings(tx: Db): Promise<void> {
  await sql`select bump_settings()`.execute(tx);
}
