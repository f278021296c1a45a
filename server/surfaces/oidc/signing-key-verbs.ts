import type { Base } from '../../base/base.ts';
import { allSigningKeys, type ShownKey } from './all-signing-keys.ts';
import { revokeSigningKey, rotateSigningKeys } from './signing-keys.ts';

/** What other surfaces may do with the keys that sign. */
export type SigningKeyVerbs = {
  list(): Promise<ShownKey[]>;
  rotate(options: { now: boolean }): Promise<Date>;
  revoke(kid: string): Promise<boolean>;
};

/** The verbs on the keys, bound to this server. */
export function signingKeyVerbs(base: Parameters<typeof rotateSigningKeys>[0] & Pick<Base, 'db'>): SigningKeyVerbs {
  return {
    list: () => allSigningKeys(base),
    rotate: (options) => rotateSigningKeys(base, options),
    revoke: (kid) => revokeSigningKey(base, kid),
  };
}
