import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Vault } from './crypto.ts';
import { type Db, transact } from './db.ts';

/** What a key is for: each purpose has its own. */
export type KeyPurpose = 'audit' | 'erased';

const context = 'erasure_keys.sealed';
// By what a database and all its transactions have in common.
const open = new WeakMap<object, Map<KeyPurpose, KeyObject>>();

// Behind a key whose purpose was begun, in the same ciphertext.
const begun = ' begun';

/**
 * Makes or reads a key that lies in the database, encrypted: so what it has hashed outlives a change of
 * `REGULARS_SECRET`, and whoever has the database alone can make no such hash.
 *
 * @param begin makes what the key's work stands on. It is called once for a key, which says ever after that this was
 *   done: what is gone then was taken away, and is not begun anew
 */
export async function openDatabaseKey(
  db: Db,
  vault: Vault,
  purpose: KeyPurpose,
  begin?: (tx: Db) => Promise<void>,
): Promise<void> {
  const made = { id: purpose, sealed: vault.encrypt(randomBytes(32).toString('base64'), context) };
  await db
    .insertInto('erasure_keys')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await transact(db, async (tx) => {
    const { sealed } = await tx
      .selectFrom('erasure_keys')
      .select('sealed')
      .where('id', '=', purpose)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const opened = vault.decrypt(sealed, context);
    const key = createSecretKey(Buffer.from(opened.replace(begun, ''), 'base64'));
    const { adapter } = db.getExecutor();
    open.set(adapter, (open.get(adapter) ?? new Map<KeyPurpose, KeyObject>()).set(purpose, key));
    if (!begin || opened.endsWith(begun)) return;
    await begin(tx);
    const marked = vault.encrypt(`${opened}${begun}`, context);
    await tx.updateTable('erasure_keys').set({ sealed: marked }).where('id', '=', purpose).execute();
  });
}

/** The key that `openDatabaseKey` has opened. */
export function databaseKey(db: Db, purpose: KeyPurpose): KeyObject {
  const key = open.get(db.getExecutor().adapter)?.get(purpose);
  if (!key) throw new Error(`the key ${purpose} of the database is not open`);
  return key;
}
