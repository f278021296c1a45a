import type { Db } from '../../base/db.ts';
import { allSigningKeys, type ShownKey } from './all-signing-keys.ts';
import { revokeSigningKey, rotateSigningKeys } from './signing-keys.ts';

/** What other surfaces may do with the keys that sign, in their transaction if they have one. */
export type SigningKeyVerbs = {
  list(db: Db): Promise<ShownKey[]>;
  rotate(db: Db, options: { now: boolean }): Promise<Date>;
  revoke(db: Db, kid: string): Promise<boolean>;
};

/** The verbs on the keys, bound to this server. */
export function signingKeyVerbs(base: Omit<Parameters<typeof rotateSigningKeys>[0], 'db'>): SigningKeyVerbs {
  return {
    list: (db) => allSigningKeys({ db }),
    rotate: (db, options) => rotateSigningKeys({ ...base, db }, options),
    revoke: (db, kid) => revokeSigningKey({ ...base, db }, kid),
  };
}
