import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import { erasedHash } from '../../base/erased.ts';
import { Problem } from '../../base/errors.ts';
import type { AddressKind } from '../customers/customers.ts';

export type ErasureRow = { customer: string; brand: string; language: string; asked_at: Date };

/** Notes who asked to be erased, and where: asked again, the newest counts. */
export async function writeErasure(tx: Db, erasure: ErasureRow): Promise<void> {
  await tx
    .insertInto('erasures')
    .values(erasure)
    .onConflict((conflict) => conflict.column('customer').doUpdateSet(erasure))
    .execute();
}

export function readErasure(db: Db, customer: string): Promise<ErasureRow | undefined> {
  return db.selectFrom('erasures').selectAll().where('customer', '=', customer).executeTakeFirst();
}

export async function deleteErasures(tx: Db, customers: readonly string[]): Promise<void> {
  await sql`delete from erasures where customer = any(${customers}::uuid[])`.execute(tx);
}

/** Keeps keyed hashes of the normalised addresses (e-mail, or phone numbers) of who was erased. */
export async function insertErasedAddresses(
  tx: Db,
  kind: AddressKind,
  addresses: readonly string[],
  at: Date,
): Promise<void> {
  const hashes = addresses.map((address) => erasedHash(tx, kind, address));
  await sql`
    insert into erased_addresses (hash, erased_at) select hash, ${at} from unnest(${hashes}::bytea[]) as hash
    on conflict (hash) do update set erased_at = excluded.erased_at`.execute(tx);
}

/**
 * Nobody but themselves brings somebody back who was erased.
 *
 * @throws Problem `address_erased` when that is whose normalised address it is, and they have not come back
 */
export async function refuseErased(db: Db, kind: AddressKind, address: string): Promise<void> {
  const found = await db
    .selectFrom('erased_addresses')
    .select('hash')
    .where('hash', '=', erasedHash(db, kind, address))
    .executeTakeFirst();
  if (found) throw new Problem('address_erased');
}

/** They came back themselves. */
export async function deleteErasedAddress(tx: Db, kind: AddressKind, address: string): Promise<void> {
  await tx
    .deleteFrom('erased_addresses')
    .where('hash', '=', erasedHash(tx, kind, address))
    .execute();
}
