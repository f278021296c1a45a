import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Vault } from './crypto.ts';
import type { Db } from './db.ts';

/** What a key is for: each purpose has its own. */
export type KeyPurpose = 'audit' | 'erased';

const context = 'erasure_keys.sealed';
// By what a database and all its transactions have in common.
const open = new WeakMap<object, Map<KeyPurpose, KeyObject>>();

/**
 * Makes or reads a key that lies in the database, encrypted: so what it has hashed outlives a change of
 * `REGULARS_SECRET`, and whoever has the database alone can make no such hash.
 */
export async function openDatabaseKey(db: Db, vault: Vault, purpose: KeyPurpose): Promise<void> {
  const made = { id: purpose, sealed: vault.encrypt(randomBytes(32).toString('base64'), context) };
  await db
    .insertInto('erasure_keys')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { sealed } = await db
    .selectFrom('erasure_keys')
    .select('sealed')
    .where('id', '=', purpose)
    .executeTakeFirstOrThrow();
  const key = createSecretKey(Buffer.from(vault.decrypt(sealed, context), 'base64'));
  const { adapter } = db.getExecutor();
  open.set(adapter, (open.get(adapter) ?? new Map<KeyPurpose, KeyObject>()).set(purpose, key));
}

/** The key that `openDatabaseKey` has opened. */
export function databaseKey(db: Db, purpose: KeyPurpose): KeyObject {
  const key = open.get(db.getExecutor().adapter)?.get(purpose);
  if (!key) throw new Error(`the key ${purpose} of the database is not open`);
  return key;
}
