import { createHmac } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import { databaseKey, openDatabaseKey } from '../../base/database-keys.ts';
import type { Db } from '../../base/db.ts';

/**
 * Opens the key of the audit log: whoever can write to the database alone cannot write rows or seals that verify.
 *
 * @param begin begins the chain, the first time
 */
export function openKey({ db, vault }: Pick<Base, 'db' | 'vault'>, begin: (tx: Db) => Promise<void>): Promise<void> {
  return openDatabaseKey(db, vault, 'audit', begin);
}

/** The keyed hash (HMAC-SHA256) of these values, in their order. `what` tells kinds apart. */
export function keyedHash(db: Db, what: 'row' | 'seal' | 'chain', values: readonly (string | number | null)[]): Buffer {
  return createHmac('sha256', databaseKey(db, 'audit'))
    .update(JSON.stringify([what, ...values]))
    .digest();
}
