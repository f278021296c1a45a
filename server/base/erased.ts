import { createHmac } from 'node:crypto';
import type { Vault } from './crypto.ts';
import { databaseKey, openDatabaseKey } from './database-keys.ts';
import type { Db } from './db.ts';

/** Opens the key of what stays of erased customers: a copy of the database alone tells nobody who was erased. */
export function openErasureKey(db: Db, vault: Vault): Promise<void> {
  return openDatabaseKey(db, vault, 'erased');
}

/**
 * The keyed hash (HMAC-SHA256) that stays of something of an erased customer: it can be recognised, not read.
 *
 * @param what tells kinds apart, e.g. `user_id`
 */
export function erasedHash(db: Db, what: string, value: string): Buffer {
  return createHmac('sha256', databaseKey(db, 'erased')).update(`${what}\0${value}`).digest();
}
