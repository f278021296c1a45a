import { type Selectable, sql } from 'kysely';
import type { BrandPatch } from '../../../contract/brands.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type BrandRow = Selectable<DB['brands']>;

/** What can be written of a brand, by column. */
export type BrandColumns = BrandPatch & { slug: string };

export function insertBrand(db: Db, id: string, columns: BrandColumns & { name: string }, at: Date): Promise<BrandRow> {
  return db
    .insertInto('brands')
    .values({ ...toColumns(columns), id, slug: columns.slug, name: columns.name, created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function updateBrandRow(db: Db, id: string, patch: BrandPatch, at: Date): Promise<BrandRow> {
  return db
    .updateTable('brands')
    .set({ ...toColumns(patch), updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The row, held until the transaction ends. */
export function lockBrand(tx: Db, id: string): Promise<BrandRow | undefined> {
  return tx.selectFrom('brands').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function readBrand(db: Db, key: { id: string } | { slug: string }): Promise<BrandRow | undefined> {
  const query = db.selectFrom('brands').selectAll();
  return ('id' in key ? query.where('id', '=', key.id) : query.where('slug', '=', key.slug)).executeTakeFirst();
}

/** The oldest first. */
export function readBrands(
  db: Db,
  limit: number,
  offset: number,
  only: ReadonlySet<string> | null = null,
): Promise<BrandRow[]> {
  const page = db.selectFrom('brands').selectAll().orderBy('created_at').orderBy('id').limit(limit).offset(offset);
  return (only ? page.where(isOneOf(only)) : page).execute();
}

export async function countBrands(db: Db, only: ReadonlySet<string> | null = null): Promise<number> {
  const all = db.selectFrom('brands').select((eb) => eb.fn.countAll<string>().as('count'));
  const row = await (only ? all.where(isOneOf(only)) : all).executeTakeFirst();
  return Number(row?.count ?? 0);
}

function isOneOf(ids: ReadonlySet<string>) {
  return sql<boolean>`id = any(${[...ids]}::uuid[])`;
}

export async function deleteBrand(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom('brands').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function toColumns({ theme, texts, ...plain }: BrandPatch) {
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(theme && { theme: JSON.stringify(theme) }),
    ...(texts && { texts: JSON.stringify(texts) }),
  };
}
