import { sameSecret, tokenHash, type Vault } from '../../base/crypto.ts';
import { alphanumeric, secretToken } from '../../base/ids.ts';

const context = 'portals.secret_hash';

/** A new client id: 32 characters of [A-Za-z0-9]. */
export function newClientId(): string {
  return alphanumeric(32);
}

/** A new client secret: 64 characters, 48 random bytes. */
export function newClientSecret(): string {
  return secretToken(48);
}

/**
 * What is stored of a secret. Operators may choose short ones, so its hash is encrypted: a copy of the table alone
 * cannot be searched for them, and `keys rewrap` can move it to a new key.
 */
export function sealSecret(vault: Vault, secret: string): string {
  return vault.encrypt(tokenHash(secret).toString('base64url'), context);
}

/** Is this the secret of the portal? Takes the same time whatever is wrong with it. */
export function secretMatches(portal: { secret_hash: string | null }, secret: string, vault: Vault): boolean {
  if (portal.secret_hash === null) return false;
  return sameSecret(vault.decrypt(portal.secret_hash, context), tokenHash(secret).toString('base64url'));
}
