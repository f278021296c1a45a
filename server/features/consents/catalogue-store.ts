import { type Selectable, sql } from 'kysely';
import type { ConsentSettings } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { Json } from '../../base/json.ts';
import type { Scope } from './consent.ts';

export type EntryRow = Selectable<DB['consent_catalogue']>;

/** An entry with the version in force; null: none is. */
export type EntryInForceRow = EntryRow & { version: string | null; texts: Json };

// The newest version that was published and not withdrawn.
const inForce = sql<{ version: string; texts: Json }>`(
  select version, texts from consent_wordings
  where consent = c.id and published_at is not null and withdrawn_at is null
  order by published_at desc, version desc limit 1)`;

/** Undefined when there is an entry for this scope already. */
export function insertEntry(
  tx: Db,
  id: string,
  entry: Scope & ConsentSettings,
  at: Date,
): Promise<EntryRow | undefined> {
  return tx
    .insertInto('consent_catalogue')
    .values({ id, ...entry, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateEntry(tx: Db, id: string, settings: ConsentSettings, at: Date): Promise<EntryRow | undefined> {
  return tx
    .updateTable('consent_catalogue')
    .set({ ...settings, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteEntry(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('consent_catalogue').where('id', '=', id).execute();
}

/** Entries of the catalogue, in the order in which they are asked. */
export async function readEntries(
  db: Db,
  which: { id?: string | undefined; brand?: string | null | undefined },
): Promise<EntryInForceRow[]> {
  const { id = null, brand } = which;
  const found = await sql<EntryInForceRow>`
    select c.*, w.version, w.texts from consent_catalogue c left join lateral ${inForce} w on true
    where (${id}::uuid is null or c.id = ${id}) and (${brand === undefined} or c.brand is not distinct from ${brand ?? null}::uuid)
    order by c.position, c.created_at, c.id`.execute(db);
  return found.rows;
}

/** Until the transaction ends nobody publishes or withdraws a version of these entries. */
export async function holdEntries(tx: Db): Promise<void> {
  await tx.selectFrom('consent_catalogue').select('id').orderBy('id').forShare().execute();
}

/** Until the transaction ends nobody else brings one more entry into force. */
export async function holdRoom(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('consents in force', 0))`.execute(tx);
}

/** Until the transaction ends nobody changes the versions of this entry, or writes down an answer to it. */
export async function lockEntry(tx: Db, id: string): Promise<EntryRow | undefined> {
  return tx.selectFrom('consent_catalogue').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}
