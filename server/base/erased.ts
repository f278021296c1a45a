import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Vault } from './crypto.ts';
import type { Db } from './db.ts';

const context = 'erasure_keys.sealed';
// By what a database and all its transactions have in common.
const keys = new WeakMap<object, KeyObject>();

/**
 * Makes or reads the key of what stays of erased customers. It lies in the database, encrypted: so hashes outlive a
 * change of `REGULARS_SECRET`, and a copy of the database alone tells nobody who was erased.
 */
export async function openErasureKey(db: Db, vault: Vault): Promise<void> {
  const made = { id: 'erased', sealed: vault.encrypt(randomBytes(32).toString('base64'), context) };
  await db
    .insertInto('erasure_keys')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { sealed } = await db
    .selectFrom('erasure_keys')
    .select('sealed')
    .where('id', '=', made.id)
    .executeTakeFirstOrThrow();
  keys.set(db.getExecutor().adapter, createSecretKey(Buffer.from(vault.decrypt(sealed, context), 'base64')));
}

/**
 * The keyed hash (HMAC-SHA256) that stays of something of an erased customer: it can be recognised, not read.
 *
 * @param what tells kinds apart, e.g. `user_id`
 */
export function erasedHash(db: Db, what: string, value: string): Buffer {
  const key = keys.get(db.getExecutor().adapter);
  if (!key) throw new Error('the key of what was erased is not open');
  return createHmac('sha256', key).update(`${what}\0${value}`).digest();
}
