import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';

const context = 'erasure_keys.sealed';
// By what a database and all its transactions have in common.
const keys = new WeakMap<object, KeyObject>();

// Behind the key, in the same ciphertext.
const begun = ' begun';

/**
 * Makes or reads the key of the audit log. It lies in the database, encrypted: so the log outlives a change of
 * `REGULARS_SECRET`, and whoever can write to the database alone cannot write rows or seals that verify.
 *
 * @param begin begins the chain. It is called once for a key, which says ever after that this was done: a chain that is
 *   gone then was taken away, and is not begun anew
 */
export async function openKey(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  begin: (tx: Db) => Promise<void>,
): Promise<void> {
  const made = { id: 'audit', sealed: vault.encrypt(randomBytes(32).toString('base64'), context) };
  await db
    .insertInto('erasure_keys')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await transact(db, async (tx) => {
    const { sealed } = await tx
      .selectFrom('erasure_keys')
      .select('sealed')
      .where('id', '=', made.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const opened = vault.decrypt(sealed, context);
    keys.set(db.getExecutor().adapter, createSecretKey(Buffer.from(opened.replace(begun, ''), 'base64')));
    if (opened.endsWith(begun)) return;
    await begin(tx);
    const marked = vault.encrypt(`${opened}${begun}`, context);
    await tx.updateTable('erasure_keys').set({ sealed: marked }).where('id', '=', made.id).execute();
  });
}

/** The keyed hash (HMAC-SHA256) of these values, in their order. `what` tells kinds apart. */
export function keyedHash(db: Db, what: 'row' | 'seal' | 'chain', values: readonly (string | number | null)[]): Buffer {
  const key = keys.get(db.getExecutor().adapter);
  if (!key) throw new Error('the key of the audit log is not open');
  return createHmac('sha256', key)
    .update(JSON.stringify([what, ...values]))
    .digest();
}
