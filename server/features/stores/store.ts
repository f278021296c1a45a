import { type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';

export type StoreRow = Selectable<DB['stores']>;

/** What can be written of a store. */
export type StoreColumns = {
  name: string;
  time_zone: string;
  currency: string;
  latitude: number | null;
  longitude: number | null;
};

export function insertStore(tx: Db, id: string, brand: string, columns: StoreColumns, at: Date): Promise<StoreRow> {
  const row = { id, brand, ...columns, created_at: at, updated_at: at };
  return tx.insertInto('stores').values(row).returningAll().executeTakeFirstOrThrow();
}

/** The store, held until the transaction ends. */
export function holdStore(tx: Db, id: string): Promise<StoreRow | undefined> {
  return tx.selectFrom('stores').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updateStoreRow(tx: Db, id: string, columns: Partial<StoreColumns>, at: Date): Promise<StoreRow> {
  return tx
    .updateTable('stores')
    .set({ ...columns, version: sql`version + 1`, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteStore(db: Db, id: string): Promise<boolean> {
  const gone = await db.deleteFrom('stores').where('id', '=', id).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

export function readStore(db: Db, id: string): Promise<StoreRow | undefined> {
  return db.selectFrom('stores').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Which stores are meant: of these brands (null: of all). */
export type Filter = { readonly brands: readonly string[] | null };
export type Start = { offset: number } | { after: { created_at: Date; id: string } };

/** Stores, the oldest first. */
export function readStores(db: Db, filter: Filter, limit: number, start: Start): Promise<StoreRow[]> {
  const query = filtered(db, filter).selectAll().orderBy('created_at').orderBy('id').limit(limit);
  if ('offset' in start) return query.offset(start.offset).execute();
  const { created_at, id } = start.after;
  return query.where(sql<boolean>`(created_at, id) > (${created_at}, ${id}::uuid)`).execute();
}

export async function countStores(db: Db, filter: Filter): Promise<number> {
  const row = await filtered(db, filter)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

function filtered(db: Db, { brands }: Filter) {
  const query = db.selectFrom('stores');
  return brands ? query.where(sql<boolean>`brand = any(${brands}::uuid[])`) : query;
}

/** The stores that each of these people belongs to. */
export async function readPlaces(db: Db, staff: readonly string[]): Promise<{ staff: string; store: string }[]> {
  const { rows } = await sql<{ staff: string; store: string }>`
    select p.staff, p.store from store_staff p join stores s on s.id = p.store
    where p.staff = any(${staff}::uuid[]) order by s.created_at, s.id`.execute(db);
  return rows;
}

/** They belong to these stores instead of those before. @returns how many of them there are */
export async function writePlaces(tx: Db, staff: string, stores: readonly string[]): Promise<number> {
  await sql`delete from store_staff where staff = ${staff} and store <> all(${stores}::uuid[])`.execute(tx);
  await sql`insert into store_staff (store, staff)
    select s.id, ${staff}::uuid from stores s where s.id = any(${stores}::uuid[]) on conflict do nothing`.execute(tx);
  const { rows } = await sql`select 1 from store_staff where staff = ${staff}`.execute(tx);
  return rows.length;
}
