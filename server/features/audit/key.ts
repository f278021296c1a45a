import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';

const context = 'erasure_keys.sealed';
// By what a database and all its transactions have in common.
const keys = new WeakMap<object, KeyObject>();

/**
 * Makes or reads the key of the audit log. It lies in the database, encrypted: so the log outlives a change of
 * `REGULARS_SECRET`, and whoever can write to the database alone cannot write rows or seals that verify.
 */
export async function openAuditKey({ db, vault }: Pick<Base, 'db' | 'vault'>): Promise<void> {
  const made = { id: 'audit', sealed: vault.encrypt(randomBytes(32).toString('base64'), context) };
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

/** The keyed hash (HMAC-SHA256) of these values, in their order. `what` tells kinds apart. */
export function keyedHash(db: Db, what: 'row' | 'seal' | 'chain', values: readonly (string | number | null)[]): Buffer {
  const key = keys.get(db.getExecutor().adapter);
  if (!key) throw new Error('the key of the audit log is not open');
  return createHmac('sha256', key)
    .update(JSON.stringify([what, ...values]))
    .digest();
}
