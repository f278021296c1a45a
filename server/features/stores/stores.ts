import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import {
  deleteStore,
  holdStore,
  insertStore,
  readPlaces,
  readStore,
  type StoreColumns,
  type StoreRow,
  updateStoreRow,
  writePlaces,
} from './store.ts';

export { countStores, type Filter, readStores } from './store.ts';

/** Where a brand sells in person: its days are those of its time zone, its prices of its currency. */
export type Store = StoreRow;

/** Where it is, in degrees. */
export type Position = { readonly latitude: number; readonly longitude: number };

type Draft = { name: string; time_zone: string; currency: string; position?: Position | null | undefined };

/** Makes a store of a brand that is there. */
export function createStore({ db }: Pick<Base, 'db'>, brand: string, draft: Draft): Promise<Store> {
  const { name, time_zone, currency } = draft;
  return insertStore(db, uuid(), brand, { name, time_zone, currency, ...placeOf(draft.position ?? null) }, now());
}

/** The store with this id, from the database. */
export function getStore(db: Db, id: string): Promise<Store | undefined> {
  return readStore(db, id);
}

/** Changes what the patch names. @throws Problem not_found, changed_meanwhile */
export function changeStore(
  { db }: Pick<Base, 'db'>,
  act: { id: string; patch: { [Name in keyof Draft]?: Draft[Name] | undefined }; ifVersion?: number | undefined },
): Promise<Store> {
  const { id, patch, ifVersion } = act;
  const { position, ...plain } = patch;
  return transact(db, async (tx) => {
    const present = await holdStore(tx, id);
    if (!present) throw new Problem('not_found', 'The store does not exist');
    if (ifVersion !== undefined && present.version !== ifVersion) {
      throw new Problem('changed_meanwhile');
    }
    const given = Object.entries(plain).filter(([, value]) => value !== undefined);
    const columns: Partial<StoreColumns> = Object.fromEntries(given);
    return updateStoreRow(tx, id, { ...columns, ...(position !== undefined && placeOf(position)) }, now());
  });
}

/** Removes a store. Throws not_found. */
export async function removeStore({ db }: Pick<Base, 'db'>, id: string): Promise<void> {
  if (!(await deleteStore(db, id))) throw new Problem('not_found', 'The store does not exist');
}

/** The stores that each of these people of the staff belongs to, by person. */
export async function storesOfStaff(db: Db, staff: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const places = new Map<string, string[]>();
  for (const { staff: person, store } of await readPlaces(db, staff)) {
    places.set(person, [...(places.get(person) ?? []), store]);
  }
  return places;
}

/** They belong to these stores from now on. @throws Problem invalid_body when there is no such */
export async function placeStaff(tx: Db, staff: string, stores: readonly string[]): Promise<void> {
  const wanted = [...new Set(stores)];
  if ((await writePlaces(tx, staff, wanted)) < wanted.length) {
    throw new Problem('invalid_body', "Payload validation error: 'No such store' on property stores.");
  }
}

function placeOf(position: Position | null): Pick<StoreColumns, 'latitude' | 'longitude'> {
  return { latitude: position?.latitude ?? null, longitude: position?.longitude ?? null };
}
