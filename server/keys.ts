// What the command line does with keys: the secret's and those that sign tokens.
import type { Base } from './base/base.ts';
import { ConfigError } from './base/config.ts';
import { rewrapColumn, type SealedColumn } from './base/rewrap.ts';
import { forgetOldSecrets, type Secrets } from './base/secret.ts';
import { rewrapTextProviders } from './base/text-provider.ts';
import { revokeSigningKey, rotateSigningKeys } from './surfaces/oidc/signing-keys.ts';

/** Every column that is encrypted and kept for longer than a few days. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'signing_keys', key: 'kid', column: 'private_jwk' },
  { table: 'connections', key: 'id', column: 'secrets' },
  { table: 'portals', key: 'client_id', column: 'secret_hash' },
  { table: 'identities', key: 'subject', column: 'tokens' },
  { table: 'authentication_methods', key: 'id', column: 'sealed' },
  { table: 'erasure_keys', key: 'id', column: 'sealed' },
  { table: 'rules', key: 'id', column: 'secrets' },
  { table: 'rules_configs', key: 'key', column: 'value' },
  { table: 'staff_ways', key: 'id', column: 'sealed' },
  { table: 'actions', key: 'id', column: 'secrets' },
  { table: 'action_versions', key: 'id', column: 'secrets' },
];

/** `keys rotate [--now]`: the next signing key begins to sign. */
export async function rotateKeys(base: Base, words: readonly string[]): Promise<string> {
  if (words.some((word) => word !== '--now')) throw new ConfigError('keys rotate takes nothing but --now.');
  const at = await rotateSigningKeys(base, { now: words.includes('--now') });
  if (at.getTime() <= Date.now()) return 'The next key signs from now on; the one before it still verifies.';
  return `The next key will sign from ${at.toISOString()}, when it has been published for 24 hours (--now: at once).`;
}

/** `keys revoke <kid>`: a key that fell into wrong hands is good for nothing from now on. */
export async function revokeKey(base: Base, [kid = '']: readonly string[]): Promise<string> {
  if (await revokeSigningKey(base, kid)) return `${kid} is revoked: tokens that it signed are refused.`;
  throw new ConfigError('keys revoke takes the kid of a previous or next key; rotate the current one first.');
}

/** `keys rewrap`: everything is encrypted with the first key of `REGULARS_SECRET`, and the others can go. */
export async function rewrapKeys(base: Base, secrets: Secrets): Promise<string> {
  let count = 0;
  for (const column of sealedColumns) count += await rewrapColumn(base, column);
  count += await rewrapTextProviders(base);
  await forgetOldSecrets(base.db, secrets);
  const old = secrets.length > 1 ? ' The old key can be taken out of REGULARS_SECRET.' : '';
  return `${count} ${count === 1 ? 'value was' : 'values were'} encrypted anew.${old}`;
}
